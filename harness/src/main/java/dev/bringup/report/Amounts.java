package dev.bringup.report;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Durations, sizes and instants as people and machines read them, independent of the locale. */
final class Amounts {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("d MMM uuuu HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private Amounts() {}

  /** With a precision that fits the size: {@code 4 ms}, {@code 8.0 s}, {@code 24 min 03 s}. */
  static String duration(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 0) {
      return "-" + duration(duration.negated());
    }
    if (millis < 100) {
      return millis == 0 && duration.isZero() ? "0 s" : Math.max(1, millis) + " ms";
    }
    if (millis < 59_950) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    }
    long seconds = Math.round(millis / 1e3);
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60)
        : String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds % 3600 / 60);
  }

  /** Seconds with three decimals and a point. */
  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.3f", seconds(duration.toNanos()));
  }

  static double seconds(long nanos) {
    return nanos / 1e9;
  }

  /** Binary multiples: {@code 812 B}, {@code 70.9 MiB}. */
  static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double amount = bytes / 1024.0;
    String unit = "KiB";
    for (String larger : new String[] {"MiB", "GiB", "TiB"}) {
      if (amount < 1023.95) {
        break;
      }
      amount /= 1024;
      unit = larger;
    }
    return String.format(Locale.ROOT, "%.1f %s", amount, unit);
  }

  /** Day and minute in UTC. */
  static String minute(Instant instant) {
    return MINUTE.format(instant) + " UTC";
  }

  /** Day and second in UTC. */
  static String second(Instant instant) {
    return SECOND.format(instant) + " UTC";
  }
}
