package dev.bringup.time;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * The time that a board lives in: wall time for real boards and QEMU, virtual time for the built-in
 * machine, hand-driven time in tests. Only differences mean anything. Thread-safe.
 */
public interface BoardClock {

  /** Monotonic nanoseconds since an arbitrary instant. */
  long nanos();

  /**
   * Waits on {@code changed} until it is signalled or {@link #nanos()} reaches {@code deadline}.
   * May return early; the caller checks its own condition again.
   *
   * @param lock of {@code changed}, which the caller holds; a clock that is not the host's takes it
   *     to wake whoever waits
   * @param deadline in the time of {@link #nanos()}
   */
  void await(Lock lock, Condition changed, long deadline) throws InterruptedException;

  /**
   * The caller is about to do something to the board. In a time that is over, as a recording's, all
   * that had happened before he did it then happens now, so that he sees what he saw. Other times
   * wait for nobody, and this does nothing.
   */
  default void catchUp() {}

  /** Wall time by the host's monotonic clock. */
  static BoardClock system() {
    return SystemClock.INSTANCE;
  }
}
