package dev.bringup.artifact;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/** Package names with {@code *} for any characters and {@code #} for a number. */
final class Patterns {
  private Patterns() {}

  static Optional<DebianPackage> newest(String pattern, Collection<DebianPackage> from) {
    Pattern name = PackagePath.nameGlob(pattern);
    return from.stream()
        .filter(p -> name.matcher(p.name()).matches())
        .max(Comparator.naturalOrder());
  }

  static boolean isExact(String pattern) {
    return prefix(pattern).equals(pattern);
  }

  /** What all matching names begin with. */
  static String prefix(String pattern) {
    return pattern.split("[*#]", 2)[0];
  }
}
