package dev.bringup.run;

import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.ConsoleText;
import dev.bringup.console.Recording;
import dev.bringup.report.ConsoleExcerpt;
import dev.bringup.report.ConsoleExcerpt.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Lines of a recording as reports show them. */
final class ConsoleLines {
  private static final int EXCERPT_BYTES = 96 * 1024;
  private static final int BEFORE_BYTES = 16 * 1024;
  private static final int BLOCK = 64 * 1024;

  private final Recording recording;

  ConsoleLines(Recording recording) {
    this.recording = recording;
  }

  /**
   * The lines from {@code from} to {@code end}; if they are too many, those at the end and a good
   * part of those before the failure.
   *
   * @param failureOffset in the line that shows the failure, -1 if none does
   */
  ConsoleExcerpt excerpt(long from, long end, long failureOffset) {
    long start = Math.max(from, end - EXCERPT_BYTES);
    if (failureOffset >= from && failureOffset < start) {
      start = lineStart(Math.max(from, failureOffset - EXCERPT_BYTES / 2));
    }
    long stop = Math.min(end, start + EXCERPT_BYTES);
    List<Line> lines = lines(start, stop);
    int failureLine = -1;
    for (int i = 0; i < lines.size(); i++) {
      if (failureOffset >= lines.get(i).offset()) {
        failureLine = i;
      }
    }
    return new ConsoleExcerpt(
        lines, failureLine, lineEnds(from, start), stop < end ? 1 + lineEnds(stop, end) : 0);
  }

  /**
   * The last {@code count} lines that end at {@code offset}, none that begin before {@code from}.
   */
  List<Line> before(long from, long offset, int count) {
    List<Line> lines = lines(Math.max(from, offset - BEFORE_BYTES), offset);
    return lines.subList(Math.max(0, lines.size() - count), lines.size());
  }

  private List<Line> lines(long start, long end) {
    byte[] bytes = recording.bytes(start, end);
    var lines = new ArrayList<Line>();
    int begin = 0;
    while (begin < bytes.length) {
      int stop = begin;
      while (stop < bytes.length && bytes[stop] != '\n') {
        stop++;
      }
      long offset = start + begin;
      String text = ConsoleText.of(Arrays.copyOfRange(bytes, begin, stop)).replace("\r", "");
      lines.add(new Line(sincePowerOn(offset), offset, text));
      begin = stop + 1;
    }
    return lines;
  }

  /** The beginning of the line that {@code offset} is in, if it is not too long. */
  private long lineStart(long offset) {
    byte[] bytes = recording.bytes(Math.max(0, offset - BEFORE_BYTES), offset);
    int at = bytes.length;
    while (at > 0 && bytes[at - 1] != '\n') {
      at--;
    }
    return at == 0 ? offset : offset - bytes.length + at;
  }

  private long lineEnds(long from, long to) {
    var block = new byte[BLOCK];
    long count = 0;
    long at = from;
    while (at < to) {
      int n = recording.read(at, block, 0, (int) Math.min(BLOCK, to - at));
      for (int i = 0; i < n; i++) {
        count += block[i] == '\n' ? 1 : 0;
      }
      at += n;
    }
    return count;
  }

  private Duration sincePowerOn(long offset) {
    long powerOn = -1;
    for (ConsoleEvent event : recording.events()) {
      if (event.offset() > offset) {
        break;
      }
      if (event instanceof ConsoleEvent.Mark mark
          && mark.text().equals(ConsoleEvent.Mark.POWER_ON)) {
        powerOn = mark.nanos();
      }
    }
    long at = recording.timeAt(offset);
    return Duration.ofNanos(powerOn < 0 ? 0 : Math.max(0, at - powerOn));
  }
}
