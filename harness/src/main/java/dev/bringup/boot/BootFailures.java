package dev.bringup.boot;

import dev.bringup.board.Board;
import dev.bringup.board.BoardFile.BadPattern;
import dev.bringup.board.BootStage;
import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.Outcome;
import dev.bringup.console.Recording;
import dev.bringup.tftp.TftpOutcome;
import dev.bringup.tftp.TftpTransfer;
import dev.bringup.verdict.FailureKind;
import dev.bringup.verdict.VerdictRule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lays what went wrong in a boot at the right door, with the evidence. */
final class BootFailures {
  private static final int LAST_BYTES = 400;

  private final Board board;
  private final Recording recording;

  BootFailures(Board board) {
    this.board = board;
    this.recording = board.console().recording();
  }

  /**
   * A bad pattern of the board's file.
   *
   * @param end the offset up to which the console is evidence
   */
  BootFailure badPattern(BootStage during, BadPattern known, Outcome.BadPattern seen, long end) {
    FailureKind kind =
        switch (known.verdict()) {
          case INFRASTRUCTURE_ERROR -> FailureKind.INFRASTRUCTURE;
          case UNKNOWN -> FailureKind.UNKNOWN;
          case PRODUCT_FAILURE, PASSED -> FailureKind.PRODUCT;
        };
    String text = seen.line().strip() + "\n" + recording.text(seen.start(), end);
    return failure(
        during,
        kind,
        VerdictRule.BAD_PATTERN,
        known.name(),
        known.reason(),
        text,
        seen.start(),
        seen.nanos(),
        null);
  }

  /**
   * A file that the TFTP server refused: the lab's fault if the lab had promised it, else that of
   * whoever asked for it.
   *
   * @param promised the names of the boot set's files
   */
  BootFailure refusedFile(
      BootStage during,
      BadPattern known,
      Outcome.BadPattern seen,
      TftpTransfer refused,
      Set<String> promised) {
    boolean ours = promised.contains(refused.file());
    String why = refused.outcome() instanceof TftpOutcome.Refused(int _, String text) ? text : "";
    return failure(
        during,
        ours ? FailureKind.INFRASTRUCTURE : FailureKind.PRODUCT,
        null,
        known.name(),
        "the TFTP server refused \"%s\" (%s), which %s"
            .formatted(
                refused.file(),
                why,
                ours
                    ? "is part of the boot set but not staged"
                    : "is not part of the boot set, yet the board asked for it"),
        seen.line().strip(),
        seen.start(),
        seen.nanos(),
        ours ? "stage the file, or look at who took it away" : "correct the boot script");
  }

  /** The last request among {@code transfers} that the server refused. */
  static Optional<TftpTransfer> lastRefused(List<TftpTransfer> transfers) {
    return transfers.stream()
        .filter(transfer -> transfer.outcome() instanceof TftpOutcome.Refused)
        .reduce((first, second) -> second);
  }

  BootFailure wireEnded(BootStage during) {
    return failure(
        during,
        FailureKind.INFRASTRUCTURE,
        null,
        "wire ended",
        "the console's wire ended",
        lastLine(0),
        recording.end(),
        now(),
        "check the cable, the serial adapter or the emulator's own messages");
  }

  /** The board has no power though nobody cut it. */
  BootFailure powerLost(BootStage during) {
    Optional<String> fault =
        recording.events().stream()
            .filter(event -> event instanceof ConsoleEvent.Mark)
            .map(event -> ((ConsoleEvent.Mark) event).text())
            .filter(text -> text.startsWith("emulator ended"))
            .reduce((first, second) -> second);
    return failure(
        during,
        fault.isPresent() ? FailureKind.INFRASTRUCTURE : FailureKind.UNKNOWN,
        null,
        "power lost",
        "the board has no power any more",
        fault.orElse("the board switched itself off"),
        recording.end(),
        now(),
        null);
  }

  /**
   * Nothing that was waited for came. If the board has not said a word since power-on, nothing
   * tells a dead board from a dead wire, also when the wire was good at an earlier boot.
   */
  BootFailure timedOut(StageWait wait, String awaited, long bootOffset, long powerOnNanos) {
    if (recording.end() == bootOffset) {
      String wire =
          bootOffset == 0
              ? "that the console's wires are the right ones and not crossed, and the baud rate"
              : "that the console's wire is still plugged, which worked at an earlier boot";
      return failure(
          wait.target(),
          FailureKind.UNKNOWN,
          VerdictRule.SILENT_SINCE_POWER_ON,
          "silent",
          "nothing came from the console since power-on",
          "",
          recording.end(),
          powerOnNanos,
          "it is the board (its power supply, boot medium, firmware) or the wire: check "
              + wire
              + "; ./bringup doctor --board "
              + board.file().name()
              + " --power-cycle");
    }
    return failure(
        wait.target(),
        FailureKind.PRODUCT,
        null,
        "timeout",
        "no %s within %s s".formatted(awaited, wait.seconds()),
        lastLine(bootOffset),
        recording.end(),
        recording.timeAt(recording.end()),
        "look at the end of the console log; raise the limit if the board is only slow");
  }

  private String lastLine(long from) {
    return recording
        .text(Math.max(from, recording.end() - LAST_BYTES), recording.end())
        .lines()
        .filter(line -> !line.isBlank())
        .reduce((first, second) -> second)
        .orElse("");
  }

  /**
   * Any failure. In a boot with injected faults it is the lab's, whatever it looks like.
   *
   * @param rule the rule for the verdict where the kind does not say it
   * @param cause its short name
   * @param what it in a few words
   * @param text the console's own words
   * @param seenNanos when the last byte of the evidence came
   */
  BootFailure failure(
      BootStage during,
      FailureKind kind,
      @Nullable VerdictRule rule,
      String cause,
      String what,
      String text,
      long offset,
      long seenNanos,
      @Nullable String hint) {
    String first = text.lines().findFirst().orElse("");
    List<String> injected = InjectedFaults.inPresentBoot(recording);
    return new BootFailure(
        injected.isEmpty() ? kind : FailureKind.INFRASTRUCTURE,
        injected.isEmpty() ? rule : VerdictRule.INJECTED_FAULT,
        "%s: %s (on the way to %s, offset %d)%s%s"
            .formatted(
                board.file().name(),
                what,
                during,
                offset,
                first.isEmpty() ? "" : ": " + first,
                injected.isEmpty() ? "" : "; " + InjectedFaults.named(injected)),
        hint,
        new BootFailure.Evidence(
            cause, text, during, offset, Duration.ofNanos(Math.max(0, now() - seenNanos))));
  }

  private long now() {
    return board.clock().nanos();
  }
}
