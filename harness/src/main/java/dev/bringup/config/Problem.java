package dev.bringup.config;

import java.util.List;

/**
 * One mistake in a file.
 *
 * @param at where it is
 * @param message what is wrong and what would be right, in one line
 */
public record Problem(Position at, String message) {

  /** The line that people see: {@code boards/x.yaml:7:3: unknown key "bauds"; ...}. */
  @Override
  public String toString() {
    return at + ": " + message;
  }

  /**
   * Ends the work with these problems if there are any.
   *
   * @throws ConfigurationException with all of them
   */
  public static void throwIfAny(List<Problem> problems) {
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }
}
