package dev.bringup.run;

import dev.bringup.console.Recording;
import dev.bringup.report.BoardProgress;
import dev.bringup.time.BoardClock;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Shows the newest console line of a board while it runs, to a person: the host's time counts, and
 * the board does not go on because somebody looks.
 */
final class ConsoleTicker implements AutoCloseable {
  private static final long PERIOD = Duration.ofMillis(200).toNanos();
  private static final int LONGEST_LINE = 400;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closing = lock.newCondition();
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
      pause();
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

  private void pause() {
    BoardClock clock = BoardClock.system();
    long until = clock.nanos() + PERIOD;
    lock.lock();
    try {
      while (!closed && until - clock.nanos() > 0) {
        clock.await(lock, closing, until);
      }
    } catch (InterruptedException e) {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      closing.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
