package dev.bringup.steps;

import dev.bringup.console.CommandResult;
import dev.bringup.verdict.BringupException;
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

  /**
   * The output of a command, for a step that judges it.
   *
   * @throws BringupException (infrastructure) if the wire has damaged it
   */
  static String output(CommandResult result) {
    if (result.proof() == CommandResult.Proof.DAMAGED) {
      throw BringupException.infrastructure(
          ("the output of \"%s\" is damaged on the wire: its checksum does not fit, however often"
                  + " it was asked for; it came as: %s")
              .formatted(result.command(), brief(result.output())),
          "check the cable, the ground and the line's speed");
    }
    return result.output();
  }

  /** An output as one line for a message. */
  static String brief(String output) {
    String line = output.strip().replaceAll("\\s*\\n\\s*", " | ");
    return line.isEmpty()
        ? "(nothing)"
        : line.length() > 300 ? line.substring(0, 300) + "..." : line;
  }
}
