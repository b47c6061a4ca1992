package dev.bringup.health;

import dev.bringup.board.BoardFile;
import dev.bringup.config.UserFolders;
import dev.bringup.health.BoardHealth.State;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Remembers the health of boards from run to run, in one file a board: {@code BOARD.json}. Boards
 * that an engine plays are always healthy, whatever happens. Thread-safe, and several processes may
 * share the folder: a file is changed under a lock that the system frees when its holder dies, and
 * replaced as a whole.
 */
public final class HealthStore {
  /** Runs in a row with an infrastructure error after which a board is quarantined. */
  public static final int USUAL_LIMIT = 3;

  private static final Duration POLL = Duration.ofMillis(20);
  private static final BoardClock HOST = BoardClock.system();
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Path folder;
  private final int limit;
  private final InstantSource time;

  /**
   * @param folder made when it is needed
   * @param limit runs in a row with an infrastructure error after which a board is quarantined
   */
  public HealthStore(Path folder, int limit, InstantSource time) {
    this.folder = folder.toAbsolutePath();
    this.limit = limit;
    this.time = time;
  }

  /**
   * The user's: {@code $XDG_STATE_HOME/bringup/boards}, or below {@code ~/.local/state} (XDG Base
   * Directory Specification). The limit is {@link #USUAL_LIMIT} or {@code
   * BRINGUP_QUARANTINE_AFTER}.
   *
   * @throws BringupException (configuration) if that is no number from 1
   */
  public static HealthStore ofUser(Map<String, String> environment) {
    return new HealthStore(
        UserFolders.state(environment).resolve("bringup").resolve("boards"),
        limit(environment.getOrDefault("BRINGUP_QUARANTINE_AFTER", "")),
        InstantSource.system());
  }

  private static int limit(String text) {
    if (text.isEmpty()) {
      return USUAL_LIMIT;
    }
    if (!text.matches("[1-9]\\d{0,5}")) {
      throw BringupException.configuration(
          "BRINGUP_QUARANTINE_AFTER is \"" + text + "\"; a number of runs from 1 is needed");
    }
    return Integer.parseInt(text);
  }

  /** The health of a board. */
  public BoardHealth of(BoardFile board) {
    if (board.machine() != null) {
      return BoardHealth.healthy(board.name());
    }
    if (board.isRetired()) {
      return new BoardHealth(board.name(), State.RETIRED, 0, null, null, null);
    }
    return read(board.name());
  }

  /**
   * Does nothing if runs may use the board.
   *
   * @throws BringupException (infrastructure) in one line: why not, since when, how to lift it
   */
  public void requireUsable(BoardFile board) {
    BoardHealth health = of(board);
    if (!health.isUsable()) {
      String way =
          health.state() == State.RETIRED
              ? "take \"health: retired\" out of the labels in " + board.path()
              : "mend it, then ./bringup doctor --board " + board.name() + " --lift";
      throw new BringupException(
          FailureKind.INFRASTRUCTURE,
          "board %s is %s; to use it again: %s".formatted(board.name(), health.inWords(), way),
          null,
          null);
    }
  }

  /**
   * Notes what a run says about a board: it ended with an infrastructure error on it, or, without
   * one, it used the board well.
   *
   * @param error the last infrastructure error, if no later scenario of the run used the board well
   * @return the health from now on
   * @throws BringupException (infrastructure) if that cannot be kept
   */
  public BoardHealth ran(BoardFile board, String run, Optional<String> error) {
    if (board.machine() != null || board.isRetired()) {
      return of(board);
    }
    return change(
        board.name(),
        before ->
            error.map(reason -> failed(before, run, reason)).orElseGet(() -> good(before, run)));
  }

  private BoardHealth failed(BoardHealth before, String run, String reason) {
    int inARow = before.errorsInARow() + 1;
    State state = inARow >= limit ? State.QUARANTINED : State.SUSPECT;
    Instant since = before.state() == state ? before.since() : now();
    return new BoardHealth(before.board(), state, inARow, since, reason, run);
  }

  /** A run that began before the quarantine does not lift it. */
  private static BoardHealth good(BoardHealth before, String run) {
    return before.state() == State.QUARANTINED
        ? before
        : new BoardHealth(before.board(), State.HEALTHY, 0, null, null, run);
  }

  private Instant now() {
    return time.instant().truncatedTo(ChronoUnit.SECONDS);
  }

  /** Makes a quarantined board healthy, also one whose file is damaged. */
  public BoardHealth lift(BoardFile board) {
    return locked(board.name(), () -> BoardHealth.healthy(board.name()));
  }

  private Path file(String board) {
    return folder.resolve(board + ".json");
  }

  private BoardHealth read(String board) {
    Path file = file(board);
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      @Nullable State state = null;
      for (State each : State.values()) {
        if (each.word().equals(json.path("state").asString(""))) {
          state = each;
        }
      }
      if (state == null) {
        throw damaged(board, "it names no state");
      }
      String since = textOrNull(json, "since");
      return new BoardHealth(
          board,
          state,
          json.path("errorsInARow").asInt(0),
          since == null ? null : Instant.parse(since),
          textOrNull(json, "reason"),
          textOrNull(json, "run"));
    } catch (NoSuchFileException e) {
      return BoardHealth.healthy(board);
    } catch (IOException e) {
      throw failure("read", file, e);
    } catch (JacksonException | DateTimeParseException e) {
      throw damaged(board, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private BringupException damaged(String board, String why) {
    return BringupException.infrastructure(
        file(board) + " is damaged: " + why,
        "./bringup doctor --board " + board + " --lift --force writes it anew");
  }

  private static @Nullable String textOrNull(JsonNode json, String key) {
    return json.path(key).isString() ? json.get(key).asString() : null;
  }

  private BoardHealth change(String board, UnaryOperator<BoardHealth> how) {
    return locked(board, () -> how.apply(read(board)));
  }

  private BoardHealth locked(String board, Supplier<BoardHealth> how) {
    Path lock = folder.resolve(board + ".lock");
    try {
      Files.createDirectories(folder);
      try (FileChannel channel =
          FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        var _ = lock(channel);
        BoardHealth after = how.get();
        write(after);
        return after;
      }
    } catch (IOException e) {
      throw failure("change", file(board), e);
    }
  }

  /** Another process is waited for by the system, another thread of this one by looking again. */
  private static FileLock lock(FileChannel channel) throws IOException {
    var mine = new ReentrantLock();
    var never = mine.newCondition();
    mine.lock();
    try {
      while (true) {
        try {
          return channel.lock();
        } catch (OverlappingFileLockException e) {
          HOST.await(mine, never, HOST.nanos() + POLL.toNanos());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BringupException.cancelled("interrupted while waiting for another run of the board");
    } finally {
      mine.unlock();
    }
  }

  private void write(BoardHealth health) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("board", health.board());
    json.put("state", health.state().word());
    json.put("errorsInARow", health.errorsInARow());
    json.put("since", health.since() == null ? null : health.since().toString());
    json.put("reason", health.reason());
    json.put("run", health.run());
    Path half = Files.createTempFile(folder, "." + health.board(), ".half");
    try {
      Files.write(half, JSON.writeValueAsBytes(json));
      Files.move(half, file(health.board()), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(half);
    }
  }

  private static BringupException failure(String doing, Path file, IOException cause) {
    return BringupException.infrastructure(
        "cannot " + doing + " " + file + ": " + cause.getMessage(),
        "check that the folder is yours and the disk is not full, or set XDG_STATE_HOME to another",
        cause);
  }
}
