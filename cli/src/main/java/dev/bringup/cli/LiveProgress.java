package dev.bringup.cli;

import dev.bringup.report.BoardProgress;
import dev.bringup.report.ProgressTicker;
import dev.bringup.time.BoardClock;
import java.time.Duration;

/** What is shown on standard error while boards run. */
final class LiveProgress implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(250);

  private final BoardProgress progress;
  private final ProgressTicker ticker;

  LiveProgress() {
    BoardClock clock = BoardClock.system();
    progress = BoardProgress.on(System.err, Terminal.interactive(), Terminal::width, clock);
    ticker = ProgressTicker.start(progress, TICK, clock);
  }

  BoardProgress boards() {
    return progress;
  }

  @Override
  public void close() {
    ticker.close();
    progress.close();
  }
}
