package dev.bringup.replay;

import dev.bringup.console.RunMark;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import dev.bringup.verdict.VerdictRule;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says that a recording does not hold what a step needs. That tells nothing about the board, so the
 * verdict is {@code unknown}.
 */
final class Divergence extends BringupException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 120;

  private Divergence(RecordedRun run, String what) {
    super(
        FailureKind.UNKNOWN,
        "replay of %s: %s".formatted(run.file(), what),
        "replay the features as they were when it was recorded, from a scenario that boots the"
            + " board; or run them on the board",
        null);
  }

  @Override
  public Optional<VerdictRule> rule() {
    return Optional.of(VerdictRule.NOT_IN_THE_RECORDING);
  }

  /**
   * The one line about it.
   *
   * @param then what was done in the recording at {@code offset}
   * @param now what is done instead
   */
  static Divergence of(RecordedRun run, long offset, String then, String now) {
    return new Divergence(
        run,
        "at offset %d %s, but now %s; the recording does not hold what this step needs"
            .formatted(offset, then, now));
  }

  /** The recording knows nothing of {@code what}. */
  static Divergence lacks(RecordedRun run, String what) {
    return new Divergence(run, what);
  }

  /** What was done in the recording; null stands for its end. */
  static String then(RecordedRun run, @Nullable RecordedEvent event, String line) {
    return switch (event) {
      case RecordedEvent.Typed _ -> quote(line) + " was typed";
      case RecordedEvent.PowerOn _ -> "the board was switched on";
      case RecordedEvent.PowerOff _ -> "the board was switched off";
      case RecordedEvent.Noted(long _, long _, RunMark mark) ->
          switch (mark) {
            case RunMark.ScenarioBegins _ -> "the " + mark.text();
            case RunMark.FaultArmed(String fault, long seed) -> armed(fault, seed, "was");
            case RunMark.FaultsDisarmed _ -> "faults were taken back";
            case RunMark.Failed failed -> failed.text();
            default -> "the board goes on";
          };
      case RecordedEvent.Said _, RecordedEvent.Marked _, RecordedEvent.Transferred _ ->
          "the board goes on";
      case null -> run.contents().complete() ? "the recording ends" : "the recording was cut off";
    };
  }

  private static String armed(String fault, long seed, String verb) {
    return "the fault \"%s\" %s armed with seed %d".formatted(fault, verb, seed);
  }

  /** A fault that is armed now. */
  static String isArmed(String fault, long seed) {
    return armed(fault, seed, "is");
  }

  /** Typed bytes, one char each, in quotation marks and on one line. */
  static String quote(String typed) {
    var text = new StringBuilder("\"");
    String line = typed.strip();
    String cut = line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    for (int i = 0; i < cut.length(); i++) {
      char c = cut.charAt(i);
      if (c < ' ' || c >= 0x7f) {
        text.append("\\x%02x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }
}
