package dev.bringup.run;

import dev.bringup.console.Recording;
import dev.bringup.report.BoardProgress;
import java.time.Duration;

/** Shows the newest console line of a board while it runs. */
final class ConsoleTicker implements AutoCloseable {
  private static final long PERIOD = Duration.ofMillis(200).toNanos();
  private static final int LONGEST_LINE = 400;

  private final Thread thread;
  private volatile boolean closed;

  private ConsoleTicker(String board, Recording recording, BoardProgress progress) {
    thread =
        Thread.ofVirtual()
            .name("progress " + board)
            .unstarted(() -> run(board, recording, progress));
  }

  static ConsoleTicker start(String board, Recording recording, BoardProgress progress) {
    var ticker = new ConsoleTicker(board, recording, progress);
    ticker.thread.start();
    return ticker;
  }

  private void run(String board, Recording recording, BoardProgress progress) {
    long shown = 0;
    while (!closed) {
      long deadline = recording.clock().nanos() + PERIOD;
      try {
        recording.awaitBeyond(shown, deadline);
        // Not for each byte: what a person can read.
        recording.awaitBeyond(Long.MAX_VALUE, deadline);
      } catch (RuntimeException e) {
        return;
      }
      long end = recording.end();
      if (end > shown) {
        shown = end;
        recording
            .text(Math.max(0, end - LONGEST_LINE), end)
            .lines()
            .filter(line -> !line.isBlank())
            .reduce((first, second) -> second)
            .ifPresent(line -> progress.console(board, line.strip()));
      }
      if (recording.isClosed()) {
        return;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
