package dev.bringup.units;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of U-Boot, Xen or Linux, such as {@code 4.14}, {@code 2023.01} or {@code
 * 6.1.0-28-arm64}.
 *
 * <p>Versions are ordered by their dotted numbers alone: {@code 4.14} equals {@code 4.14.0}, and
 * what follows the numbers (a distribution's revision, {@code -rc1}) is kept for printing but does
 * not count.
 */
public final class Version implements Comparable<Version> {
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9}){0,7})(?:[-+~_ ][!-~ ]*|[a-z][!-~]*)?");

  private final String text;
  private final int[] numbers;

  private Version(String text, int[] numbers) {
    this.text = text;
    this.numbers = numbers;
  }

  /**
   * Reads one to eight dotted numbers and an optional suffix.
   *
   * @throws QuantityException if it is anything else
   */
  public static Version parse(String text) {
    Matcher form = FORM.matcher(text);
    if (text.length() > QuantityException.MAX_LENGTH || !form.matches()) {
      throw new QuantityException(text, "is not a version; write numbers and dots, such as 4.14");
    }
    int[] numbers = Arrays.stream(form.group(1).split("\\.")).mapToInt(Integer::parseInt).toArray();
    int length = numbers.length;
    while (length > 1 && numbers[length - 1] == 0) {
      length--;
    }
    return new Version(text, Arrays.copyOf(numbers, length));
  }

  /** Whether this is {@code other} or later. */
  public boolean isAtLeast(Version other) {
    return compareTo(other) >= 0;
  }

  @Override
  public int compareTo(Version other) {
    return Arrays.compare(numbers, other.numbers);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Version version && Arrays.equals(numbers, version.numbers);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(numbers);
  }

  /** The version as it was written. */
  @Override
  public String toString() {
    return text;
  }
}
