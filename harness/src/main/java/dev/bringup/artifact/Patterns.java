package dev.bringup.artifact;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/** Package names with {@code *} for any characters. */
final class Patterns {
  private Patterns() {}

  static Optional<DebianPackage> newest(String pattern, Collection<DebianPackage> from) {
    Pattern name = PackagePath.glob(pattern);
    return from.stream()
        .filter(p -> name.matcher(p.name()).matches())
        .max(Comparator.naturalOrder());
  }

  static boolean isExact(String pattern) {
    return pattern.indexOf('*') < 0;
  }

  /** What all matching names begin with. */
  static String prefix(String pattern) {
    return isExact(pattern) ? pattern : pattern.substring(0, pattern.indexOf('*'));
  }
}
