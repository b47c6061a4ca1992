package dev.bringup.report;

import java.time.Duration;
import java.util.List;

/**
 * Lines of the console in order.
 *
 * @param failureLine index into {@code lines} of the line in which the failure was seen, -1 if no
 *     line shows it
 * @param linesBefore lines of the recording before the first one here
 * @param linesAfter lines of the recording after the last one here
 */
public record ConsoleExcerpt(List<Line> lines, int failureLine, long linesBefore, long linesAfter) {

  /** No console, or it never said anything. */
  public static final ConsoleExcerpt NONE = new ConsoleExcerpt(List.of(), -1, 0, 0);

  public ConsoleExcerpt {
    lines = List.copyOf(lines);
    if (failureLine < -1 || failureLine >= lines.size()) {
      throw new IllegalArgumentException(
          "failure line " + failureLine + " is not one of " + lines.size() + " lines");
    }
  }

  /**
   * One line, without its line end.
   *
   * @param sincePowerOn board time from the last power-on to the line's first byte
   * @param offset of the line's first byte in the recording
   * @param text decoded as it came, control characters included
   */
  public record Line(Duration sincePowerOn, long offset, String text) {}

  /**
   * At most {@code before} lines before the failure line and {@code after} lines after it, or the
   * last {@code before + after + 1} lines if no line shows the failure.
   */
  public ConsoleExcerpt around(int before, int after) {
    int last = lines.size();
    int from = failureLine < 0 ? last - before - after - 1 : failureLine - before;
    from = Math.max(0, from);
    int to = failureLine < 0 ? last : (int) Math.min(last, failureLine + 1L + after);
    if (from == 0 && to == last) {
      return this;
    }
    int shifted = failureLine < 0 ? -1 : failureLine - from;
    return new ConsoleExcerpt(
        lines.subList(from, to), shifted, linesBefore + from, linesAfter + last - to);
  }
}
