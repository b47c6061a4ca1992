package dev.bringup.units;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, such as {@code 768 MiB}. Units are binary (KiB, MiB, GiB) because memory and
 * loaders are; kB, MB and GB mean two things to two people and are refused.
 *
 * @param bytes 0 to 2<sup>63</sup>-1
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,19}) ?([A-Za-z]{0,8})");
  private static final String RULE =
      "is not a size; write a whole number and B, KiB, MiB or GiB, such as 768 MiB";

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size cannot be negative: " + bytes);
    }
  }

  /**
   * Reads {@code 768 MiB}, {@code 64 B} or plain bytes; one space before the unit may be left out.
   *
   * @throws QuantityException if it is anything else
   */
  public static ByteSize parse(String text) {
    if (text.length() > QuantityException.MAX_LENGTH) {
      throw new QuantityException(text, RULE);
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new QuantityException(text, RULE);
    }
    int shift =
        switch (form.group(2)) {
          case "", "B" -> 0;
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          default -> throw new QuantityException(text, unitRule(form.group(1), form.group(2)));
        };
    try {
      return new ByteSize(Math.multiplyExact(Long.parseLong(form.group(1)), 1L << shift));
    } catch (ArithmeticException | NumberFormatException e) {
      throw new QuantityException(text, "is too large for a size; at most 8589934591 GiB");
    }
  }

  private static String unitRule(String number, String unit) {
    return switch (unit) {
      case "k", "K", "kB", "KB", "kb", "Kb", "kib" -> binary("kilo", number, "KiB", "1024");
      case "m", "M", "MB", "mB", "mb", "Mb", "mib" -> binary("mega", number, "MiB", "1024^2");
      case "g", "G", "GB", "gB", "gb", "Gb", "gib" -> binary("giga", number, "GiB", "1024^3");
      default -> RULE;
    };
  }

  private static String binary(String word, String number, String unit, String factor) {
    return "is ambiguous (%s is 1000 or 1024 based); write %s %s for %s x %s bytes"
        .formatted(word, number, unit, number, factor);
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /** The size in the largest unit that gives a whole number, readable by {@link #parse}. */
  @Override
  public String toString() {
    if (bytes == 0) {
      return "0 B";
    }
    int zeros = Long.numberOfTrailingZeros(bytes);
    if (zeros >= 30) {
      return (bytes >> 30) + " GiB";
    }
    if (zeros >= 20) {
      return (bytes >> 20) + " MiB";
    }
    return zeros >= 10 ? (bytes >> 10) + " KiB" : bytes + " B";
  }
}
