package dev.bringup.report;

import dev.bringup.time.BoardClock;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * For logs: one line for each change of stage, and one every few seconds in which nothing changed.
 */
final class PlainLine implements BoardProgress {
  private static final long QUIET = Duration.ofSeconds(5).toNanos();
  private static final int LONGEST = 120;

  private final ReentrantLock lock = new ReentrantLock();
  private final PrintStream out;
  private final BoardClock clock;
  private final Map<String, State> boards = new LinkedHashMap<>();
  private boolean closed;

  PlainLine(PrintStream out, BoardClock clock) {
    this.out = out;
    this.clock = clock;
  }

  @Override
  public void stage(String board, String stage) {
    locked(() -> {
      State state = state(board);
      if (!state.stage.equals(stage)) {
        long now = clock.nanos();
        String before =
            state.stage.isEmpty()
                ? ""
                : " (" + time(now - state.since) + " in " + Printable.line(state.stage) + ")";
        state.stage = stage;
        state.since = now;
        say(board, state, Printable.line(stage) + before);
      }
    });
  }

  @Override
  public void console(String board, String line) {
    locked(() -> state(board).line = line);
  }

  @Override
  public void finished(String board) {
    locked(() -> boards.remove(board));
  }

  @Override
  public void print(PrintStream target, String lines) {
    lock.lock();
    try {
      target.print(lines);
      target.flush();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void tick() {
    locked(() ->
        boards.forEach((board, state) -> {
          long now = clock.nanos();
          if (now - state.said >= QUIET) {
            String last = Printable.line(state.line, LONGEST);
            say(
                board,
                state,
                Printable.line(state.stage)
                    + " for "
                    + time(now - state.since)
                    + (last.isEmpty() ? ", console silent" : ", last line: " + last));
          }
        }));
  }

  @Override
  public void close() {
    locked(() -> closed = true);
  }

  private State state(String board) {
    return boards.computeIfAbsent(board, _ -> new State(clock.nanos()));
  }

  private void say(String board, State state, String what) {
    out.print(Printable.line(board) + ": " + what + "\n");
    out.flush();
    state.said = clock.nanos();
  }

  private static String time(long nanos) {
    return Amounts.duration(Duration.ofNanos(nanos));
  }

  private void locked(Runnable action) {
    lock.lock();
    try {
      if (!closed) {
        action.run();
      }
    } finally {
      lock.unlock();
    }
  }

  private static final class State {
    private String stage = "";
    private String line = "";
    private long since;
    private long said;

    private State(long now) {
      since = now;
      said = now;
    }
  }
}
