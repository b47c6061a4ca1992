package dev.bringup.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** Time that moves only when a test says so. A waiter looks again within a millisecond of that. */
public final class FakeClock implements BoardClock {
  private final List<Runnable> listeners = new ArrayList<>();
  private long now;

  @Override
  public synchronized long nanos() {
    return now;
  }

  /** Moves time forward; waits whose deadline is reached end. */
  public void advance(Duration by) {
    List<Runnable> toRun;
    synchronized (this) {
      now += by.toNanos();
      toRun = List.copyOf(listeners);
    }
    toRun.forEach(Runnable::run);
  }

  /** Runs {@code listener} after each advance, on the advancing thread. */
  public synchronized void onAdvance(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  @SuppressWarnings("WaitNotInLoop") // the contract: the caller loops
  public void await(Lock lock, Condition changed, long deadline) throws InterruptedException {
    if (nanos() < deadline) {
      var _ = changed.await(1, TimeUnit.MILLISECONDS);
    }
  }
}
