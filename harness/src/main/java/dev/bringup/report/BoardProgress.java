package dev.bringup.report;

import dev.bringup.time.BoardClock;
import java.io.PrintStream;
import java.util.function.IntSupplier;

/**
 * Shows on the go what every board is doing. Thread-safe; no method blocks for longer than its
 * output stream does. Somebody calls {@link #tick()} a few times a second, for example a {@link
 * ProgressTicker}.
 */
public sealed interface BoardProgress extends AutoCloseable permits LiveLine, PlainLine {

  /** {@code board} has reached {@code stage}; time in the stage counts from here. */
  void stage(String board, String stage);

  /** The newest line, finished or not, of {@code board}'s console. */
  void console(String board, String line);

  /** {@code board} is of no more interest. */
  void finished(String board);

  /** Prints what others want to say, whole lines, to {@code target} without garbling either. */
  void print(PrintStream target, String lines);

  /** Brings what is shown up to date. */
  void tick();

  /** Leaves the terminal as if nothing had been shown live. */
  @Override
  void close();

  /**
   * A stream that hands whole lines to {@link #print}. Put in the place of {@code System.out} while
   * this is open. An unfinished line follows when the stream is closed.
   */
  default PrintStream through(PrintStream target) {
    return LineStream.to(this, target);
  }

  /**
   * One live line a board on a terminal, plain lines elsewhere.
   *
   * @param out where it is shown: standard error, because standard output is data
   * @param width of the terminal in columns, asked before each drawing
   */
  static BoardProgress on(PrintStream out, boolean terminal, IntSupplier width, BoardClock clock) {
    return terminal ? new LiveLine(out, width, clock) : new PlainLine(out, clock);
  }
}
