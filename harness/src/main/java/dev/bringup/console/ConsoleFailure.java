package dev.bringup.console;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import org.jspecify.annotations.Nullable;

/** A wait or a command that did not end as it should, with what was seen instead. */
public final class ConsoleFailure extends BringupException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // failures are not sent anywhere as objects
  private final Outcome outcome;

  ConsoleFailure(FailureKind kind, String message, @Nullable String hint, Outcome outcome) {
    super(kind, message, hint, null);
    this.outcome = outcome;
  }

  /** What was seen instead; never {@link Outcome.Matched}. */
  public Outcome outcome() {
    return outcome;
  }

  /**
   * The failure that {@code outcome} is for somebody who waited for {@code awaited}.
   *
   * @param console the recording's name
   */
  static ConsoleFailure of(String console, String awaited, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Matched matched ->
          throw new IllegalArgumentException("not a failure: " + matched);
      case Outcome.BadPattern bad ->
          new ConsoleFailure(
              FailureKind.PRODUCT,
              "%s: %s at offset %d while waiting for %s: %s"
                  .formatted(
                      console, bad.pattern().name(), bad.start(), awaited, bad.line().strip()),
              null,
              bad);
      case Outcome.TimedOut timedOut ->
          new ConsoleFailure(
              FailureKind.PRODUCT,
              "%s: no %s in time; last at offset %d: %s"
                  .formatted(console, awaited, timedOut.offset(), lastLine(timedOut.lastBytes())),
              "look at the end of the console log; raise the time limit if the board is only slow",
              timedOut);
      case Outcome.Closed closed ->
          new ConsoleFailure(
              FailureKind.INFRASTRUCTURE,
              "%s: the wire ended at offset %d while waiting for %s; last: %s"
                  .formatted(console, closed.offset(), awaited, lastLine(closed.lastBytes())),
              "check the cable, the serial adapter or the emulator's own messages",
              closed);
    };
  }

  private static String lastLine(String text) {
    String stripped = text.strip();
    String last = stripped.substring(stripped.lastIndexOf('\n') + 1);
    return last.isEmpty() ? "(nothing)" : last;
  }
}
