package dev.bringup.console;

import java.util.function.Predicate;

/**
 * A screen that shows what a recording says from some offset on. What is drawn is looked at in
 * pieces, so something that is on the screen for a moment only may be missed. Belongs to one
 * thread.
 */
public final class ScreenView {
  private static final int PIECE = 256;

  private final Screen screen;
  private final byte[] piece = new byte[PIECE];
  private long position;

  /**
   * @param from where in the recording the screen is empty
   */
  public ScreenView(Screen screen, long from) {
    this.screen = screen;
    this.position = from;
  }

  /** The screen with what was said by the last wait. */
  public Screen screen() {
    return screen;
  }

  /**
   * Waits until the screen shows what {@code shows} looks for.
   *
   * @param awaited what that is, for messages
   * @param deadline in the time of the recording's clock
   * @throws ConsoleFailure if a bad pattern is there first, time runs out or the wire ends
   */
  public void await(
      ConsoleWatcher watcher, String awaited, Predicate<Screen> shows, long deadline) {
    Recording recording = watcher.recording();
    boolean shown = shows.test(screen);
    while (!shown) {
      final long stirs = recording.stirs();
      boolean closed = recording.isSilenced();
      int n = recording.read(position, piece, 0, PIECE);
      screen.feed(piece, 0, n);
      position += n;
      shown = n > 0 && shows.test(screen);
      if (shown || n > 0) {
        continue;
      }
      var bad = watcher.check();
      if (bad.isPresent()) {
        throw ConsoleFailure.of(recording.name(), awaited, bad.get());
      }
      if (closed) {
        throw ConsoleFailure.of(
            recording.name(), awaited, new Outcome.Closed(recording.end(), screen.text()));
      }
      if (!recording.awaitWhilePowered(position, stirs, deadline)
          && !recording.isSilenced()
          && deadline - recording.clock().nanos() <= 0) {
        throw ConsoleFailure.of(
            recording.name(),
            awaited,
            new Outcome.TimedOut(deadline, recording.end(), screen.text()));
      }
    }
  }
}
