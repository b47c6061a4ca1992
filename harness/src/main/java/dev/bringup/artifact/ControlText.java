package dev.bringup.artifact;

import java.util.Optional;

/** Fields of a Debian control paragraph (deb822(5)). */
final class ControlText {
  private ControlText() {}

  /** The first line of the field {@code name}, if the paragraph has it. */
  static Optional<String> field(String paragraph, String name) {
    return paragraph
        .lines()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst();
  }
}
