package dev.bringup.report;

import dev.bringup.time.BoardClock;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Calls {@link BoardProgress#tick()} at an even pace on a virtual thread of its own. */
public final class ProgressTicker implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closing = lock.newCondition();
  private final BoardProgress progress;
  private final BoardClock clock;
  private final long every;
  private final Thread thread;
  private boolean closed;

  private ProgressTicker(BoardProgress progress, Duration every, BoardClock clock) {
    this.progress = progress;
    this.every = every.toNanos();
    this.clock = clock;
    thread = Thread.ofVirtual().name("progress").unstarted(this::run);
  }

  /** Starts to tick {@code progress} once in each {@code every} of {@code clock}'s time. */
  public static ProgressTicker start(BoardProgress progress, Duration every, BoardClock clock) {
    ProgressTicker ticker = new ProgressTicker(progress, every, clock);
    ticker.thread.start();
    return ticker;
  }

  private void run() {
    long next = clock.nanos() + every;
    lock.lock();
    try {
      while (!closed) {
        long now = clock.nanos();
        if (now < next) {
          clock.await(lock, closing, next);
        } else {
          progress.tick();
          next = now + every;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the ticking; no tick happens after this returns. Closes nothing else. */
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
