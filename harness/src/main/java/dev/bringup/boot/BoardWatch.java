package dev.bringup.boot;

import dev.bringup.board.Board;
import dev.bringup.board.BoardFile.BadPattern;
import dev.bringup.board.BoardNetwork;
import dev.bringup.board.BootStage;
import dev.bringup.console.ConsoleFailure;
import dev.bringup.console.ConsolePattern;
import dev.bringup.console.ConsoleWatcher;
import dev.bringup.console.Expectation;
import dev.bringup.console.Outcome;
import dev.bringup.console.Recording;
import dev.bringup.power.PowerState;
import dev.bringup.tftp.TftpTransfer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Waits for marks while the board's bad patterns and its power are watched, and turns what it sees
 * instead into {@link BootFailure}s. Belongs to one thread.
 */
final class BoardWatch {
  /** A panic is read to its end, but its verdict must not wait for long. */
  private static final Duration TAIL_QUIET = Duration.ofMillis(200);

  private static final Duration TAIL_LIMIT = Duration.ofMillis(600);

  private final Board board;
  private final Recording recording;
  private final BadPatterns badPatterns;
  private final BootFailures failures;
  private ConsoleWatcher watcher;
  private Set<String> promised = Set.of();
  private long bootOffset;
  private long powerOnNanos;
  private int transfersBefore;

  BoardWatch(Board board, BootFailures failures) {
    this.board = board;
    this.recording = board.console().recording();
    this.badPatterns = new BadPatterns(board.file());
    this.failures = failures;
    this.watcher = new ConsoleWatcher(recording, List.of(), recording.end());
  }

  /** A boot begins: nothing that was said before {@code offset} counts any more. */
  void boot(long offset, long nanos) {
    bootOffset = offset;
    powerOnNanos = nanos;
    promised = Set.of();
    transfersBefore = allTransfers().size();
    watcher = new ConsoleWatcher(recording, List.of(), offset);
  }

  /** From {@code offset} on, the bad patterns of {@code stage} are watched. */
  ConsoleWatcher watch(BootStage stage, long offset) {
    watcher = new ConsoleWatcher(recording, badPatterns.in(stage), offset);
    return watcher;
  }

  /** The watcher of the present stage. */
  ConsoleWatcher watcher() {
    return watcher;
  }

  /** The names of the files that the lab has promised to the board. */
  void promise(Set<String> files) {
    promised = Set.copyOf(files);
  }

  /** TFTP transfers of the present boot that have ended. */
  List<TftpTransfer> transfers() {
    List<TftpTransfer> all = allTransfers();
    return all.subList(transfersBefore, all.size());
  }

  private List<TftpTransfer> allTransfers() {
    return board.capability(BoardNetwork.class).map(BoardNetwork::transfers).orElse(List.of());
  }

  /** Whether the board has power and nothing bad was seen in the present stage. */
  boolean isSound() {
    return board.power().get() == PowerState.ON && watcher.check().isEmpty();
  }

  /**
   * Waits for the first of {@code patterns}.
   *
   * @throws BootFailure if something bad comes first, the power goes or time runs out
   */
  Outcome.Matched await(StageWait wait, ConsolePattern... patterns) {
    var expectation = Expectation.of(patterns);
    Outcome outcome = watcher.await(expectation, recording.cursor(wait.from()), wait.deadline());
    return switch (outcome) {
      case Outcome.Matched matched -> matched;
      case Outcome.BadPattern bad -> throw bad(wait.target(), bad);
      case Outcome.TimedOut _ ->
          throw failures.timedOut(wait, expectation.toString(), bootOffset, powerOnNanos);
      case Outcome.Closed _ ->
          throw board.power().get() == PowerState.ON
              ? failures.wireEnded(wait.target())
              : failures.powerLost(wait.target());
    };
  }

  /** Runs a command; what it meets instead of its end becomes a {@link BootFailure}. */
  <T> T guarded(BootStage during, Supplier<T> action) {
    try {
      return action.get();
    } catch (ConsoleFailure e) {
      if (e.outcome() instanceof Outcome.BadPattern bad) {
        throw bad(during, bad);
      }
      if (board.power().get() != PowerState.ON) {
        throw failures.powerLost(during);
      }
      throw e;
    }
  }

  private BootFailure bad(BootStage during, Outcome.BadPattern seen) {
    long end = watcher.collectTail(TAIL_QUIET, seen.nanos() + TAIL_LIMIT.toNanos());
    BadPattern known = badPatterns.named(seen.pattern().name());
    Optional<TftpTransfer> refused = BootFailures.lastRefused(transfers());
    return refused.isPresent() && seen.line().contains("TFTP error")
        ? failures.refusedFile(during, known, seen, refused.get(), promised)
        : failures.badPattern(during, known, seen, end);
  }
}
