package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.time.BoardClock;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * A board that takes a while for each character and keeps those that come meanwhile in its UART's
 * FIFO, and the time that it lives in, which goes on only while somebody waits. All on one thread.
 */
public final class SlowBoard implements Wire, BoardClock {
  private final Queue<Byte> fifo = new ArrayDeque<>();
  private final int room;
  private final long nanosEach;
  private Wire board = bytes -> {};
  private long now;
  private long nextAt;
  private long lastWrite = Long.MIN_VALUE / 2;
  private int most;
  private int lost;
  private long closest = Long.MAX_VALUE;

  /**
   * @param room how many characters the FIFO holds; what comes when it is full is lost
   * @param nanosEach how long the board takes for a character
   */
  public SlowBoard(int room, long nanosEach) {
    this.room = room;
    this.nanosEach = nanosEach;
  }

  /** Gives the characters on to the software that reads them. */
  public SlowBoard running(Wire software) {
    board = software;
    return this;
  }

  /** The most characters that were under way at a time. */
  public int most() {
    return most;
  }

  /** How many characters were lost since this was last asked. */
  public int lost() {
    int count = lost;
    lost = 0;
    return count;
  }

  /** The least time between the ends of two pieces, in nanoseconds. */
  public long closest() {
    return closest;
  }

  @Override
  public void write(byte[] bytes) {
    assertThat(bytes.length).isPositive();
    closest = Math.min(closest, now - lastWrite);
    lastWrite = now;
    for (byte b : bytes) {
      if (fifo.isEmpty()) {
        nextAt = now + nanosEach;
      }
      if (fifo.size() < room) {
        fifo.add(b);
      } else {
        lost++;
      }
    }
    most = Math.max(most, fifo.size() + lost);
  }

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public void await(Lock lock, Condition changed, long deadline) {
    if (fifo.isEmpty() || nextAt > deadline) {
      now = Math.max(now, deadline);
      return;
    }
    now = Math.max(now, nextAt);
    nextAt = now + nanosEach;
    board.write(new byte[] {fifo.remove()});
  }
}
