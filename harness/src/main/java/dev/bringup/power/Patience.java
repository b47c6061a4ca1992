package dev.bringup.power;

import dev.bringup.time.BoardClock;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Waits for what nobody tells of. */
final class Patience {
  private static final Duration FIRST_LOOK = Duration.ofMillis(5);
  private static final Duration LAST_LOOK = Duration.ofMillis(100);

  private Patience() {}

  /** Looks whether something is so. */
  interface Look {
    boolean look();
  }

  /** Looks again and again; false if it is not so when the limit is over. */
  static boolean until(Look what, Duration limit) throws InterruptedException {
    BoardClock clock = BoardClock.system();
    var lock = new ReentrantLock();
    Condition never = lock.newCondition();
    long deadline = clock.nanos() + limit.toNanos();
    long pause = FIRST_LOOK.toNanos();
    lock.lock();
    try {
      while (!what.look()) {
        if (deadline - clock.nanos() <= 0) {
          return false;
        }
        clock.await(lock, never, Math.min(deadline, clock.nanos() + pause));
        pause = Math.min(2 * pause, LAST_LOOK.toNanos());
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
