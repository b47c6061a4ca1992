package dev.bringup.console;

import dev.bringup.verdict.BringupException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a set of patterns in a stream that is fed to it. What it finds, and where, depends on
 * the bytes alone and not on how they were cut.
 *
 * <p>Each match has a place where it became certain ({@link Hit#decided}): the end of a literal;
 * for a regular expression, the shortest beginning of its line on which the expression matches
 * without having asked for more, or the end of the line. The match that is certain first wins, then
 * the one that ends first, then the one that was named first.
 *
 * <p>Memory: one line, at most {@value #WINDOW} bytes of it.
 */
final class PatternScanner {
  static final int WINDOW = 64 * 1024;

  /** A match in the stream; offsets are absolute. */
  record Hit(int pattern, long start, long end, long decided, List<String> groups) {
    static final Comparator<Hit> FIRST =
        Comparator.comparingLong(Hit::decided)
            .thenComparingLong(Hit::end)
            .thenComparingInt(Hit::pattern);
  }

  private final PatternSet set;

  /** The byte before the current line or window, then that line as far as it was fed. */
  private byte[] buffer = new byte[1024];

  private int length = 1;
  private int scanned = 1;

  /** The index at which the current line begins, as far as is known. */
  private int line = 1;

  /** The stream offset of {@code buffer[0]}. */
  private long base;

  private int state = Automaton.start();

  /** The regular expressions whose factor was seen in the current line. */
  private final boolean[] pending;

  private int pendingCount;

  /**
   * @param offset where in the stream the first fed byte is
   * @param before the byte before it, or LF at the start of the stream
   */
  PatternScanner(PatternSet set, long offset, byte before) {
    this.set = set;
    this.base = offset - 1;
    this.buffer[0] = before;
    this.pending = new boolean[set.size()];
  }

  /** A scanner for the bytes of {@code recording} from {@code offset} on. */
  static PatternScanner at(PatternSet set, Recording recording, long offset) {
    byte[] before = {'\n'};
    long boot = recording.lastMark(ConsoleEvent.Mark.POWER_ON).orElse(0);
    if (offset > 0 && offset != boot) { // a boot begins with a new line, whatever was before
      recording.read(offset - 1, before, 0, 1);
    }
    return new PatternScanner(set, offset, before[0]);
  }

  /** The offset of the next byte to feed. */
  long position() {
    return base + length;
  }

  /** Takes bytes up to the first match; after one, the scanner must not be fed any more. */
  @Nullable Hit feed(byte[] bytes, int from, int count) {
    int done = 0;
    while (done < count) {
      startWithLine();
      int n = Math.min(count - done, WINDOW + 1 - length);
      if (buffer.length < length + n) {
        buffer =
            Arrays.copyOf(buffer, Math.min(WINDOW + 1, Math.max(buffer.length * 4, length + n)));
      }
      System.arraycopy(bytes, from + done, buffer, length, n);
      length += n;
      done += n;
      Hit hit = scan();
      if (hit != null) {
        return hit;
      }
      startWithLine();
      if (length == WINDOW + 1) {
        hit = tryRegexes(length, Certainty.WINDOW_FULL);
        if (hit != null) {
          return hit;
        }
        dropTo(WINDOW / 2 + 1);
      }
    }
    return null;
  }

  /** A match on the unfinished line that no further byte could change. */
  @Nullable Hit settle() {
    startWithLine();
    return tryRegexes(length, Certainty.MORE_MAY_COME);
  }

  /** A match on the last line, which no line end will follow. */
  @Nullable Hit finish() {
    startWithLine();
    return tryRegexes(length, Certainty.LINE_COMPLETE);
  }

  /**
   * A match, though more bytes might make it longer, on the unfinished line up to {@code offset}.
   */
  @Nullable Hit impliedAt(long offset) {
    startWithLine();
    int end = (int) Math.min(offset - base, length);
    return end <= line ? null : tryRegexes(end, Certainty.WINDOW_FULL);
  }

  /** Drops complete lines from the front of the buffer. */
  private void startWithLine() {
    if (pendingCount == 0 && !set.anyEveryLine) {
      // Line feeds were not looked at while nothing depended on them.
      line = lineStart(scanned);
    }
    if (line > 1) {
      dropTo(line);
    }
  }

  private int lineStart(int from) {
    int i = from;
    while (i > line && buffer[i - 1] != '\n') {
      i--;
    }
    return i;
  }

  private void dropTo(int index) {
    int dropped = index - 1;
    System.arraycopy(buffer, dropped, buffer, 0, length - dropped);
    length -= dropped;
    scanned -= dropped;
    base += dropped;
    line = 1;
  }

  private @Nullable Hit scan() {
    while (scanned < length) {
      boolean lines = pendingCount > 0 || set.anyEveryLine;
      long stop = set.automaton.run(state, buffer, scanned, length, lines);
      int at = Automaton.index(stop);
      state = Automaton.state(stop);
      if (at == length) {
        scanned = length;
        return null;
      }
      scanned = at + 1;
      if (!lines) {
        // The byte itself may be a line feed, which belongs to the line that it ends.
        line = lineStart(at);
      }
      Hit hit = stopAt(at);
      if (hit != null) {
        return hit;
      }
    }
    return null;
  }

  private @Nullable Hit stopAt(int at) {
    List<Hit> hits = new ArrayList<>(2);
    for (int text : set.automaton.endsAt(state)) {
      int pattern = set.owner(text);
      switch (set.patterns.get(pattern)) {
        case ConsolePattern.Literal literal -> {
          long end = base + at + 1;
          long start = end - literal.bytes().length;
          if (!literal.atLineStart() || startsLine((int) (start - base))) {
            hits.add(new Hit(pattern, start, end, end, List.of(literal.text())));
          }
        }
        case ConsolePattern.Regex regex -> {
          if (!pending[pattern]) {
            pending[pattern] = true;
            pendingCount++;
          }
        }
      }
    }
    boolean lineEnd = buffer[at] == '\n';
    if (lineEnd || !hits.isEmpty()) {
      Hit hit =
          lineEnd
              ? tryRegexes(at, Certainty.LINE_COMPLETE)
              : tryRegexes(at + 1, Certainty.MORE_MAY_COME);
      if (hit != null) {
        hits.add(hit);
      }
    }
    if (lineEnd) {
      line = at + 1;
      if (pendingCount > 0) {
        Arrays.fill(pending, false);
        pendingCount = 0;
      }
    }
    return hits.isEmpty() ? null : hits.stream().min(Hit.FIRST).orElseThrow();
  }

  private boolean startsLine(int index) {
    return index >= 1 && (buffer[index - 1] == '\n' || buffer[index - 1] == '\r');
  }

  private enum Certainty {
    /** Only what no further byte could change counts. */
    MORE_MAY_COME,
    /** All counts. */
    LINE_COMPLETE,
    /** What further bytes could make longer counts, what they could undo does not. */
    WINDOW_FULL
  }

  /**
   * The first match of a regular expression in the current line, which is fed up to {@code end}.
   */
  private @Nullable Hit tryRegexes(int end, Certainty certainty) {
    if ((pendingCount == 0 && !set.anyEveryLine) || end < line) {
      return null;
    }
    Hit first = null;
    for (int pattern = 0; pattern < pending.length; pattern++) {
      if (pending[pattern] || set.everyLine[pattern]) {
        Hit hit = tryRegex(pattern, end, certainty);
        if (hit != null && (first == null || Hit.FIRST.compare(hit, first) < 0)) {
          first = hit;
        }
      }
    }
    return first;
  }

  private @Nullable Hit tryRegex(int pattern, int end, Certainty certainty) {
    Matcher matcher = matcher(pattern, end);
    try {
      if (!matcher.find()) {
        return null;
      }
    } catch (StackOverflowError e) { // java.util.regex recurses into repeated groups
      throw BringupException.configuration(
          "pattern \""
              + set.patterns.get(pattern).name()
              + "\" cannot be matched against a line of "
              + (end - line)
              + " bytes: use a character class instead of a repeated group");
    }
    long decided;
    if (!RegexBytes.wantsMore(matcher)) {
      decided = base + shortestCertain(pattern, end);
    } else if (certainty == Certainty.LINE_COMPLETE) {
      decided = base + end + 1; // by the line feed, or by the end of the stream
    } else if (certainty == Certainty.WINDOW_FULL && !RegexBytes.mayBeUndone(matcher)) {
      decided = base + end;
    } else {
      return null;
    }
    List<String> groups = new ArrayList<>();
    for (int group = 0; group <= matcher.groupCount(); group++) {
      String bytes = matcher.group(group);
      groups.add(
          bytes == null
              ? ""
              : new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }
    return new Hit(
        pattern, base + matcher.start(), base + matcher.end(), decided, List.copyOf(groups));
  }

  /**
   * The shortest beginning of the line on which the match is certain. With more input the engine
   * takes the same path, so certainty never goes away again and halving finds the place.
   */
  private int shortestCertain(int pattern, int end) {
    int uncertain = line;
    int certain = end;
    while (certain - uncertain > 1) {
      int middle = (uncertain + certain) >>> 1;
      Matcher matcher = matcher(pattern, middle);
      if (matcher.find() && !RegexBytes.wantsMore(matcher)) {
        certain = middle;
      } else {
        uncertain = middle;
      }
    }
    return certain;
  }

  /** A matcher on the current line up to {@code end}, without what may be part of its end. */
  private Matcher matcher(int pattern, int end) {
    int stop = end;
    while (stop > line && buffer[stop - 1] == '\r') {
      stop--;
    }
    boolean wholeLine = buffer[line - 1] == '\n';
    return set.regex(pattern)
        .matcher(new RegexBytes.Text(buffer, stop))
        .region(line, stop)
        .useAnchoringBounds(wholeLine)
        .useTransparentBounds(!wholeLine);
  }
}
