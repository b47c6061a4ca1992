package dev.bringup.time;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

enum SystemClock implements BoardClock {
  INSTANCE;

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  @SuppressWarnings("WaitNotInLoop") // the contract: the caller loops
  public void await(Lock lock, Condition changed, long deadline) throws InterruptedException {
    long remaining = deadline - System.nanoTime();
    if (remaining > 0) {
      var _ = changed.awaitNanos(remaining);
    }
  }
}
