package dev.bringup.steps;

import dev.bringup.units.Version;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads versions out of what programs say of themselves. */
final class Versions {
  private static final Pattern LEADING = Pattern.compile("\\d+(?:\\.\\d+)*");

  private Versions() {}

  /** The numbers that {@code text} begins with: 2023.01 of {@code 2023.01+dfsg-2}. */
  static Version leading(String text) {
    Matcher matcher = LEADING.matcher(text);
    if (!matcher.lookingAt()) {
      throw new AssertionError("\"" + text + "\" does not begin with a version");
    }
    return Version.parse(matcher.group());
  }
}
