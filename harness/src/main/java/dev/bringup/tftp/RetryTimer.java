package dev.bringup.tftp;

/**
 * When to send again: after 1, 2, 4, 8, 8 times the base interval, in nanoseconds of the caller's
 * clock. An interval grows to at most 8 s, or stays at the base if that is longer.
 */
final class RetryTimer {
  private static final int TRIES = 5;
  private static final long SECOND = 1_000_000_000L;

  /** U-Boot's interval, the longest in use. */
  private static final long SLOWEST_PEER = 5 * SECOND;

  private static final long LONGEST = 8 * SECOND;

  private final long base;
  private long interval;
  private int tries;
  private long deadline;

  RetryTimer(int seconds) {
    base = seconds * SECOND;
    interval = base;
  }

  /** The peer is alive: start over. */
  void progress(long now) {
    interval = base;
    tries = 0;
    deadline = now + base;
  }

  /** All is done, but the peer may not know: wait until even a slow one has sent again. */
  void linger(long now) {
    deadline = now + base + SLOWEST_PEER;
  }

  boolean due(long now) {
    return now - deadline >= 0;
  }

  /** Counts one more try; false if there were enough. */
  boolean again(long now) {
    if (tries == TRIES) {
      return false;
    }
    tries++;
    interval = Math.max(base, Math.min(interval * 2, LONGEST));
    deadline = now + interval;
    return true;
  }

  long deadline() {
    return deadline;
  }
}
