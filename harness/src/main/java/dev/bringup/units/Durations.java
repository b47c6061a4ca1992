package dev.bringup.units;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and prints durations as people write them: {@code 500 ms}, {@code 1.5 s}, {@code 2 min}.
 */
public final class Durations {
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,3})?) ?([A-Za-z]{0,12})");
  private static final String RULE =
      "is not a duration; write a number and ms, s, min or h, such as 120 s";

  private Durations() {}

  /**
   * Reads a number with at most three decimals and its unit; one space between them may be left
   * out. There is no default unit.
   *
   * @throws QuantityException if it is anything else
   */
  public static Duration parse(String text) {
    if (text.length() > QuantityException.MAX_LENGTH) {
      throw new QuantityException(text, RULE);
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new QuantityException(text, RULE);
    }
    long nanosPerUnit =
        switch (form.group(2)) {
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "min" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          default -> throw new QuantityException(text, RULE);
        };
    BigDecimal nanos = new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(nanosPerUnit));
    try {
      return Duration.ofNanos(nanos.longValueExact());
    } catch (ArithmeticException e) {
      throw new QuantityException(text, "is too long; at most 292 years");
    }
  }

  /** The duration in the largest unit that gives a whole number, at millisecond resolution. */
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0) {
      return "0 s";
    }
    if (millis % 3_600_000 == 0) {
      return millis / 3_600_000 + " h";
    }
    // 120 s reads better than 2 min beside 90 s, so minutes begin where seconds get long
    if (millis % 60_000 == 0 && Math.abs(millis) >= 600_000) {
      return millis / 60_000 + " min";
    }
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }
}
