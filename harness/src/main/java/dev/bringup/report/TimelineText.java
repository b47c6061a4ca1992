package dev.bringup.report;

import java.time.Duration;
import java.util.List;

/** The boot stages as a bar chart in plain ASCII. */
public final class TimelineText {
  private static final int BAR = 40;

  private TimelineText() {}

  /**
   * One line a stage with its duration, limit and place on the time axis, under one line a boot.
   *
   * @return lines that end with a line feed; empty if nothing was booted
   */
  public static String text(List<StageSpan> spans) {
    long end = spans.stream().map(StageSpan::end).mapToLong(Duration::toNanos).max().orElse(0);
    int widest = spans.stream().mapToInt(s -> Printable.line(s.stage()).length()).max().orElse(0);
    long boots = spans.stream().mapToInt(StageSpan::boot).distinct().count();
    StringBuilder out = new StringBuilder();
    int boot = -1;
    for (StageSpan span : spans) {
      if (boots > 1 && span.boot() != boot) {
        out.append("boot ").append(span.boot()).append('\n');
      }
      boot = span.boot();
      int from = Math.min(BAR - 1, column(span.enteredAt(), end));
      int to = Math.max(from + 1, column(span.end(), end));
      String name = Printable.line(span.stage());
      String bar = " ".repeat(from) + (span.reached() ? "=" : "x").repeat(to - from);
      String duration = Amounts.duration(span.duration());
      out.append(' ').append(name).append(" ".repeat(widest - name.length() + 1));
      out.append(" ".repeat(Math.max(0, 12 - duration.length()))).append(duration);
      out.append("  |").append(bar).append(" ".repeat(Math.max(0, BAR - bar.length()))).append('|');
      Duration limit = span.limit();
      if (!span.reached()) {
        out.append(" not reached");
      }
      if (limit != null) {
        out.append(" limit ").append(Amounts.duration(limit));
      }
      out.append('\n');
    }
    return out.toString();
  }

  private static int column(Duration at, long end) {
    return end == 0 ? 0 : (int) Math.round((double) at.toNanos() / end * BAR);
  }
}
