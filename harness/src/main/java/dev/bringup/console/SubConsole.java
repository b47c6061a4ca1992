package dev.bringup.console;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One of several consoles that share a UART: Xen's, dom0's, a guest's, or the firmware's before
 * them. It has a recording of its own, with the times and marks of the UART's, and knows where in
 * the UART's recording each of its bytes is. Thread-safe.
 */
public final class SubConsole {
  private final String name;
  private final Recording recording;
  private final ReentrantLock lock = new ReentrantLock();

  /** Runs of bytes: from offset {@code runOffsets[i]} on, a byte is {@code shifts[i]} later. */
  private long[] runOffsets = new long[8];

  private long[] shifts = new long[8];
  private int runs;

  SubConsole(String name, Recording recording) {
    this.name = name;
    this.recording = recording;
  }

  /** "firmware", "xen", or "dom" and the domain's number. */
  public String name() {
    return name;
  }

  /** What this console said; what was typed to it is noted here, too. */
  public Recording recording() {
    return recording;
  }

  /** Appends bytes that stand at {@code boardOffset} in the UART's recording. */
  void append(long boardOffset, long nanos, byte[] bytes, int from, int count) {
    long shift = boardOffset - recording.end();
    lock.lock();
    try {
      if (runs == 0 || shifts[runs - 1] != shift) {
        if (runs == shifts.length) {
          runOffsets = Arrays.copyOf(runOffsets, runs * 2);
          shifts = Arrays.copyOf(shifts, runs * 2);
        }
        runOffsets[runs] = recording.end();
        shifts[runs++] = shift;
      }
    } finally {
      lock.unlock();
    }
    recording.append(nanos, bytes, from, count);
  }

  /**
   * Where in the UART's recording the byte at {@code offset} of this one is; for the end and
   * beyond, as if the last byte went on.
   */
  public long boardOffset(long offset) {
    lock.lock();
    try {
      if (runs == 0) {
        return offset;
      }
      int found = Arrays.binarySearch(runOffsets, 0, runs, offset);
      return offset + shifts[Math.max(0, found >= 0 ? found : -found - 2)];
    } finally {
      lock.unlock();
    }
  }

  /** How many bytes of this console stand before {@code boardOffset} in the UART's recording. */
  public long offsetAt(long boardOffset) {
    lock.lock();
    try {
      long end = recording.end();
      int low = 0;
      int high = runs; // the first run that begins at or behind boardOffset
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (runOffsets[middle] + shifts[middle] < boardOffset) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      if (low == 0) {
        return 0;
      }
      long runEnd = low == runs ? end : runOffsets[low];
      return Math.min(runEnd, boardOffset - shifts[low - 1]);
    } finally {
      lock.unlock();
    }
  }

  /** A cursor in this console's recording, behind what it had said at {@code boardOffset}. */
  public Cursor cursor(long boardOffset) {
    return recording.cursor(offsetAt(boardOffset));
  }
}
