package dev.bringup.console;

/**
 * A reader's place in a recording; it only moves forward. Belongs to one thread.
 *
 * <p>An expectation searches from a cursor, so what the board said before the question still
 * counts, and what it said before the cursor never does.
 */
public final class Cursor {
  private final Recording recording;
  private long offset;

  Cursor(Recording recording, long offset) {
    if (offset < 0) {
      throw new IllegalArgumentException("offset " + offset);
    }
    this.recording = recording;
    this.offset = offset;
  }

  public Recording recording() {
    return recording;
  }

  public long offset() {
    return offset;
  }

  /** Moves to {@code target} unless that lies behind. */
  public void advanceTo(long target) {
    offset = Math.max(offset, target);
  }
}
