package dev.bringup.console;

import java.util.function.Predicate;

/**
 * What a console says from some offset on, without noise, for one command. Each wait also watches
 * the bad patterns. Belongs to one thread.
 */
final class ConsoleView {
  private static final int BLOCK = 16 * 1024;
  private static final int LAST_CHARS = 2048;

  private final ConsoleWatcher watcher;
  private final Recording recording;
  private final NoiseFilter filter;
  private final byte[] block = new byte[BLOCK];

  ConsoleView(ConsoleWatcher watcher, Noise noise, long offset) {
    this.watcher = watcher;
    this.recording = watcher.recording();
    this.filter = new NoiseFilter(noise, offset);
  }

  NoiseFilter filter() {
    return filter;
  }

  Recording recording() {
    return recording;
  }

  CharSequence text() {
    return filter.text();
  }

  /**
   * Waits until {@code condition} holds for this view, which is asked after each arrival.
   *
   * @return false at the deadline
   * @throws ConsoleFailure if a bad pattern is there first or the wire ends
   */
  boolean await(String awaited, Predicate<ConsoleView> condition, long deadline) {
    while (true) {
      final long stirs = recording.stirs();
      boolean closed = recording.isSilenced();
      pull();
      var bad = watcher.check();
      if (bad.isPresent()) {
        throw ConsoleFailure.of(recording.name(), awaited, bad.get());
      }
      if (condition.test(this)) {
        return true;
      }
      if (closed && filter.position() >= recording.end()) {
        throw ConsoleFailure.of(
            recording.name(), awaited, new Outcome.Closed(recording.end(), last()));
      }
      if (!recording.awaitWhilePowered(filter.position(), stirs, deadline)
          && !recording.isSilenced()
          && deadline - recording.clock().nanos() <= 0) {
        return false;
      }
    }
  }

  /** Whether the char at {@code index} stands behind a line end on the console, noise included. */
  boolean startsLine(int index) {
    byte[] before = {'\n'};
    long offset = filter.offsetOf(index);
    if (offset > 0) {
      recording.read(offset - 1, before, 0, 1);
    }
    return before[0] == '\n' || before[0] == '\r';
  }

  private void pull() {
    for (int n = BLOCK; n == BLOCK; ) {
      n = recording.read(filter.position(), block, 0, BLOCK);
      filter.feed(block, 0, n);
    }
  }

  /** The end of what was said, noise included, as text. */
  String last() {
    long end = recording.end();
    return recording.text(Math.max(0, end - LAST_CHARS), end);
  }
}
