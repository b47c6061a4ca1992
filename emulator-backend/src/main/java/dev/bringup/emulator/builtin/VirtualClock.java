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
 *
 * <p>Or it keeps step with the host's time, for people who type when they like: then nothing
 * repeats, and a machine that is slower than it should be is given the time that it needs.
 */
final class VirtualClock implements BoardClock {
  /** How far time goes at once in step with the host's: what is typed is not later than that. */
  private static final long STEP_NANOS = 2_000_000;

  /** Who is so far behind the host's time does not try to catch up. */
  private static final long LAG_NANOS = 100_000_000;

  private final @Nullable BoardClock host;
  private long hostStart; // the host's time when this clock was 0; guarded by lock

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

  /** A clock that stands still while nobody waits. */
  VirtualClock() {
    this.host = null;
  }

  private VirtualClock(BoardClock host) {
    this.host = host;
    this.hostStart = host.nanos();
  }

  /** A clock that goes on by itself, no faster than {@code host}. */
  static VirtualClock inStepWith(BoardClock host) {
    return new VirtualClock(host);
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
      if (host != null) {
        return grantInStep(host);
      }
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

  /** As {@link #grant}, when time passes whether or not somebody waits. */
  private long grantInStep(BoardClock host) throws InterruptedException {
    while (!woken) {
      long due = host.nanos() - hostStart;
      if (due - now > LAG_NANOS) {
        hostStart += due - now - LAG_NANOS;
      }
      if (due - now >= STEP_NANOS) {
        return now + STEP_NANOS;
      }
      host.await(lock, changed, hostStart + now + STEP_NANOS);
    }
    woken = false;
    return now;
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
