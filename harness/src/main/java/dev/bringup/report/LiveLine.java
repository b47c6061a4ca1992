package dev.bringup.report;

import dev.bringup.time.BoardClock;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * One line a board at the bottom of a terminal: board, stage, time in the stage, last console line.
 * The lines are drawn without a final line feed, so that they can be taken back without a trace.
 */
final class LiveLine implements BoardProgress {
  private static final String ERASE_LINE = "\r\u001b[2K";
  private static final String UP = "\u001b[1A";
  // so that a character that is wider than we think cannot break the line
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";

  private final ReentrantLock lock = new ReentrantLock();
  private final PrintStream out;
  private final IntSupplier width;
  private final BoardClock clock;
  private final Map<String, Shown> boards = new LinkedHashMap<>();
  private List<String> drawn = List.of();
  private boolean closed;

  LiveLine(PrintStream out, IntSupplier width, BoardClock clock) {
    this.out = out;
    this.width = width;
    this.clock = clock;
  }

  @Override
  public void stage(String board, String stage) {
    locked(() -> {
      Shown old = boards.get(board);
      boards.put(board, new Shown(stage, clock.nanos(), old == null ? "" : old.line));
      redraw();
    });
  }

  @Override
  public void console(String board, String line) {
    locked(() ->
        boards.compute(
            board,
            (_, old) ->
                old == null
                    ? new Shown("", clock.nanos(), line)
                    : new Shown(old.stage, old.since, line)));
  }

  @Override
  public void finished(String board) {
    locked(() -> {
      boards.remove(board);
      redraw();
    });
  }

  @Override
  public void print(PrintStream target, String lines) {
    lock.lock();
    try {
      erase();
      out.flush();
      target.print(lines);
      if (!closed && !boards.isEmpty() && !lines.endsWith("\n")) {
        target.print('\n');
      }
      target.flush();
      if (!closed) {
        redraw();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void tick() {
    locked(this::redraw);
  }

  @Override
  public void close() {
    locked(() -> {
      closed = true;
      erase();
      out.flush();
    });
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

  private void redraw() {
    // the last column stays free: some terminals wrap as soon as it is written
    int columns = Math.max(20, width.getAsInt()) - 1;
    List<String> lines = new ArrayList<>(boards.size());
    long now = clock.nanos();
    boards.forEach((board, shown) -> lines.add(line(board, shown, now, columns)));
    if (lines.equals(drawn)) {
      return;
    }
    // in one piece, so that it does not flicker
    String next = lines.isEmpty() ? "" : NO_WRAP + String.join("\n", lines) + WRAP;
    out.print(erasing() + next);
    out.flush();
    drawn = lines;
  }

  private void erase() {
    out.print(erasing());
    drawn = List.of();
  }

  private String erasing() {
    return drawn.isEmpty() ? "" : ERASE_LINE + (UP + ERASE_LINE).repeat(drawn.size() - 1);
  }

  private static String line(String board, Shown shown, long now, int columns) {
    String time = Amounts.duration(Duration.ofMillis((now - shown.since) / 1_000_000));
    String head = Printable.line(board) + "  " + Printable.line(shown.stage) + "  " + time + "  ";
    return Columns.fit(head + Printable.line(shown.line), columns);
  }

  private record Shown(String stage, long since, String line) {}
}
