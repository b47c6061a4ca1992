package dev.bringup.steps;

import dev.bringup.console.CommandResult;
import org.jspecify.annotations.Nullable;

/** Assertions whose messages show what the board said. */
final class Checks {
  private Checks() {}

  static void check(boolean holds, String message, @Nullable Object... arguments) {
    if (!holds) {
      throw new AssertionError(message.formatted(arguments));
    }
  }

  static void succeeded(CommandResult result) {
    check(
        result.exitCode() == 0,
        "\"%s\" ended with exit code %d and said: %s",
        result.command(),
        result.exitCode(),
        brief(result.output()));
  }

  /** An output as one line for a message. */
  static String brief(String output) {
    String line = output.strip().replaceAll("\\s*\\n\\s*", " | ");
    return line.isEmpty()
        ? "(nothing)"
        : line.length() > 300 ? line.substring(0, 300) + "..." : line;
  }
}
