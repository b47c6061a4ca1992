package dev.bringup.console;

import java.util.List;

/** How a wait ended. Offsets are positions in the recording, times those of its clock. */
public sealed interface Outcome {
  /**
   * An awaited pattern matched.
   *
   * @param start where the match begins
   * @param end where it ends
   * @param groups of a regular expression, 0 is the whole match, "" where a group took no part
   * @param nanos when the byte arrived that made the match certain
   */
  record Matched(ConsolePattern pattern, long start, long end, List<String> groups, long nanos)
      implements Outcome {}

  /**
   * A bad pattern was there before any awaited one.
   *
   * @param line the line or lines that it is in
   */
  record BadPattern(ConsolePattern pattern, long start, long end, String line, long nanos)
      implements Outcome {}

  /**
   * Nothing matched in time.
   *
   * @param deadline in the time of the recording's clock
   * @param lastBytes the end of what the board had said, as text, at most some lines
   */
  record TimedOut(long deadline, long offset, String lastBytes) implements Outcome {}

  /** The wire ended before anything matched. */
  record Closed(long offset, String lastBytes) implements Outcome {}
}
