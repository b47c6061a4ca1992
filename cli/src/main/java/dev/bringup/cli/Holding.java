package dev.bringup.cli;

import dev.bringup.artifact.FetchProgress;
import dev.bringup.board.BoardBackend;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardSite;
import dev.bringup.config.YamlNode;
import dev.bringup.hold.HeldBoard;
import dev.bringup.hold.HoldClient;
import dev.bringup.hold.HoldLock;
import dev.bringup.hold.HoldMessage.From;
import dev.bringup.hold.HoldPlace;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** How this process comes to a board: it holds it, or attaches to the process that does. */
final class Holding {
  private static final BoardClock HOST = BoardClock.system();
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final BoardWorkspace workspace;
  private final BoardFile file;
  private final HoldPlace place;
  private final String who;

  /**
   * @param verb what this process is, for the people who meet it at the board
   */
  Holding(BoardWorkspace workspace, String boardName, String verb) {
    this.workspace = workspace;
    this.file = workspace.catalog().board(boardName);
    this.place = HoldPlace.of(file.name(), System.getenv());
    this.who = HoldPlace.who(verb);
  }

  BoardFile file() {
    return file;
  }

  HoldPlace place() {
    return place;
  }

  /** The right to open the board; empty if some process has it. */
  Optional<HoldLock> lock() {
    return HoldLock.take(place, who);
  }

  /** As {@link #lock()}, for whom nothing else will do. */
  HoldLock requireLock() {
    return lock().orElseThrow(place::refusal);
  }

  /**
   * Opens the board; it is off and free when this process ends, however it is asked to.
   *
   * @param firmware a file that takes the place of the firmware that the board's file names
   * @param record a file for the recording, which is else in memory only
   * @param before done first when this process is asked to end
   */
  HeldBoard open(
      HoldLock lock,
      boolean releasable,
      @Nullable Path firmware,
      @Nullable Path record,
      Runnable before) {
    try (var live = new LiveProgress()) {
      var announced = new Announced(live.boards());
      HeldBoard held =
          HeldBoard.open(
              place,
              lock,
              BoardBackend.of(file, Holding.class.getClassLoader()),
              file,
              site(firmware, record, announced),
              releasable);
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform()
                  .unstarted(() -> {
                    before.run();
                    held.close();
                  }));
      return held;
    }
  }

  private BoardSite site(@Nullable Path firmware, @Nullable Path record, FetchProgress progress) {
    return new BoardSite(
        Optional.ofNullable(record),
        Optional.empty(),
        (set, name) ->
            firmware != null && isFirmware(set, name)
                ? firmware
                : workspace.files(set, progress).file(name).path(),
        problem -> System.err.println("bringup: " + problem.getMessage()));
  }

  /** Whether the board begins with a file that this host can put there. */
  boolean takesFirmware() {
    return firmware().isPresent();
  }

  private Optional<YamlNode> firmware() {
    return Optional.ofNullable(file.machine())
        .flatMap(machine -> machine.settings().find("firmware"));
  }

  private boolean isFirmware(String set, String name) {
    return firmware()
        .filter(node -> node.get("boot-set").text().equals(set))
        .filter(node -> node.get("file").text().equals(name))
        .isPresent();
  }

  /** Attaches to the process that holds the board; empty if none listens. */
  Optional<HoldClient> attach(From from) {
    return HoldClient.attach(place, from, who);
  }

  /**
   * As {@link #attach}, for who needs a holder that somebody else began.
   *
   * @throws BringupException (infrastructure) if there is none
   */
  HoldClient requireHolder(From from) {
    return attach(from)
        .orElseThrow(() ->
            BringupException.infrastructure(
                "nobody holds " + file.name(), "hold it: ./bringup console " + file.name()));
  }

  /** Waits a moment for another process. */
  static void lookAgain() {
    var lock = new ReentrantLock();
    Condition never = lock.newCondition();
    lock.lock();
    try {
      HOST.await(lock, never, HOST.nanos() + LOOK_AGAIN.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BringupException.cancelled("interrupted");
    } finally {
      lock.unlock();
    }
  }

  /** When {@code limit} is over, for those who {@link #lookAgain}. */
  static long deadline(Duration limit) {
    return HOST.nanos() + limit.toNanos();
  }

  static boolean isOver(long deadline) {
    return deadline - HOST.nanos() <= 0;
  }
}
