package dev.bringup.emulator.builtin;

import dev.bringup.time.BoardClock;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time of a machine inside this JVM. It stands still while the harness thinks and passes while
 * somebody waits for it: so what is typed arrives at the very instant at which the reason to type
 * it was seen, however busy the host is. That makes a scenario repeat bit for bit, as long as one
 * thread at a time waits for the board.
 *
 * <p>Somebody who was waiting when the machine said something, or whose deadline was reached, must
 * have looked at it before time goes on.
 */
final class VirtualClock implements BoardClock {
  /** Whoever waits looks up now and then: a deadline that is reached signals nobody. */
  private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Waiter> waiters = new LinkedHashSet<>(); // guarded by lock
  private boolean woken; // guarded by lock
  private volatile long now;
  private volatile @Nullable Machine machine;

  /**
   * Where the time comes from.
   *
   * @param thread that runs the machine, for which time is what it is in the machine
   * @param nanos called by that thread only
   */
  private record Machine(Thread thread, LongSupplier nanos) {}

  /** A call of {@link #await}. */
  private static final class Waiter {
    private final long deadline;

    /** Something happened that it has not seen. */
    private boolean stale;

    private Waiter(long deadline) {
      this.deadline = deadline;
    }
  }

  @Override
  public long nanos() {
    Machine from = machine;
    return from != null && from.thread.equals(Thread.currentThread())
        ? from.nanos.getAsLong()
        : now;
  }

  /** The calling thread will be the one that runs the machine. */
  void follow(LongSupplier nanos) {
    machine = new Machine(Thread.currentThread(), nanos);
  }

  @Override
  @SuppressWarnings("WaitNotInLoop") // the contract: the caller loops
  public void await(Condition condition, long deadline) throws InterruptedException {
    var waiter = new Waiter(deadline);
    lock.lock();
    try {
      if (deadline <= now) {
        return;
      }
      waiters.add(waiter);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      var _ = condition.awaitNanos(GLANCE_NANOS);
    } finally {
      lock.lock();
      try {
        waiters.remove(waiter);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * For the machine's thread: blocks until time may pass, or until {@link #wake}.
   *
   * @return up to when time may pass; the present instant when woken
   */
  long grant() throws InterruptedException {
    lock.lock();
    try {
      while (!woken && (waiters.isEmpty() || waiters.stream().anyMatch(waiter -> waiter.stale))) {
        changed.await();
      }
      if (woken) {
        woken = false;
        return now;
      }
      return waiters.stream().mapToLong(waiter -> waiter.deadline).min().orElse(now);
    } finally {
      lock.unlock();
    }
  }

  /** Makes {@link #grant} return. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Time has passed, for everybody. What there is to see must be there before.
   *
   * @param news whether something has happened that everybody must see before it goes on
   */
  void advance(long to, boolean news) {
    lock.lock();
    try {
      now = to;
      for (Waiter waiter : waiters) {
        waiter.stale |= news || waiter.deadline <= to;
      }
    } finally {
      lock.unlock();
    }
  }
}
