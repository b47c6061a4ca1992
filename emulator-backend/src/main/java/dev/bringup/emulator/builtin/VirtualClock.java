package dev.bringup.emulator.builtin;

import dev.bringup.time.BoardClock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
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
    private final Lock guard;
    private final Condition condition;
    private final long deadline;

    /** Something happened that it has not seen. */
    private boolean stale;

    private Waiter(Lock guard, Condition condition, long deadline) {
      this.guard = guard;
      this.condition = condition;
      this.deadline = deadline;
    }

    /** Not with the clock's own lock: whoever begins to wait takes that second. */
    private void wake() {
      guard.lock();
      try {
        condition.signalAll();
      } finally {
        guard.unlock();
      }
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
  public void await(Lock guard, Condition condition, long deadline) throws InterruptedException {
    var waiter = new Waiter(guard, condition, deadline);
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
      condition.await();
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
   * Time has come to {@code to}, but nobody is woken by that yet: whoever is woken by what is said
   * at this instant must know what time it is.
   */
  void reach(long to) {
    lock.lock();
    try {
      now = to;
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
    List<Waiter> concerned;
    lock.lock();
    try {
      now = to;
      concerned = waiters.stream().filter(waiter -> news || waiter.deadline <= to).toList();
      concerned.forEach(waiter -> waiter.stale = true);
    } finally {
      lock.unlock();
    }
    concerned.forEach(Waiter::wake);
  }
}
