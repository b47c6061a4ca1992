package dev.bringup.console;

import dev.bringup.time.BoardClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Waits for expectations in a recording while bad patterns are watched without a gap: from one
 * boot's start on, each byte is searched for them once, also those that come between two waits. A
 * bad pattern that occurs before the awaited one wins; once seen, every wait reports it until
 * {@link #watchFrom}.
 *
 * <p>Belongs to one thread at a time.
 */
public final class ConsoleWatcher {
  private static final int BLOCK = 32 * 1024;
  private static final int LAST_BYTES = 2048;

  private final Recording recording;
  private final PatternSet badPatterns;
  private final byte[] block = new byte[BLOCK];
  private final byte[] badBlock = new byte[BLOCK];
  private final @Nullable SubConsole part;
  private final @Nullable ConsoleWatcher whole;
  private PatternScanner badScanner;
  private Outcome.@Nullable BadPattern bad;

  /**
   * @param from where the present boot began: the offset of its power-on mark
   */
  public ConsoleWatcher(Recording recording, List<ConsolePattern> badPatterns, long from) {
    this(recording, badPatterns, from, null, null);
  }

  /**
   * Waits for what {@code part} says, while {@code whole} watches the UART that it is a part of.
   *
   * <p>Of what is found, offsets are those of {@code part}'s recording, but those of bad patterns.
   */
  public ConsoleWatcher(SubConsole part, ConsoleWatcher whole) {
    this(part.recording(), List.of(), part.recording().end(), part, whole);
  }

  private ConsoleWatcher(
      Recording recording,
      List<ConsolePattern> badPatterns,
      long from,
      @Nullable SubConsole part,
      @Nullable ConsoleWatcher whole) {
    this.recording = recording;
    this.part = part;
    this.whole = whole;
    this.badPatterns = new PatternSet(badPatterns);
    this.badScanner = new PatternScanner(this.badPatterns, from, (byte) '\n');
  }

  public Recording recording() {
    return recording;
  }

  /** The recording of the UART that this console is, or is a part of. */
  Recording wholeRecording() {
    return whole == null ? recording : whole.wholeRecording();
  }

  /** Whether bytes may be held back until it is clear whose they are. */
  boolean isOfSubConsole() {
    return part != null;
  }

  /**
   * Watches from {@code offset} on and forgets what was found: a new boot began there, or what was
   * found before is as it should be.
   */
  public void watchFrom(long offset) {
    badScanner = new PatternScanner(badPatterns, offset, (byte) '\n');
    bad = null;
  }

  /** The first bad pattern in what the board has said so far, without waiting. */
  public Optional<Outcome.BadPattern> check() {
    if (whole != null) {
      return whole.check();
    }
    if (badUpTo(recording.end()) == null) {
      noteBad(recording.isClosed() ? badScanner.finish() : badScanner.settle());
    }
    return Optional.ofNullable(bad);
  }

  /**
   * Waits until a pattern of {@code expectation} is there behind {@code cursor}, and puts the
   * cursor behind it.
   *
   * @param deadline in the time of the recording's clock; bytes that came later do not count
   * @throws dev.bringup.verdict.BringupException (cancelled) if the thread is interrupted
   */
  public Outcome await(Expectation expectation, Cursor cursor, long deadline) {
    PatternScanner wanted = PatternScanner.at(expectation.set(), recording, cursor.offset());
    while (true) {
      final long at = wanted.position();
      final long stirs = recording.stirs();
      boolean closed = recording.isSilenced();
      int n = readInTime(at, deadline);
      boolean ended = n == 0 && closed && at >= recording.end();
      PatternScanner.Hit hit;
      if (n > 0) {
        hit = wanted.feed(block, 0, n);
      } else {
        hit = ended ? wanted.finish() : wanted.settle();
      }
      Outcome.BadPattern sooner;
      if (hit != null) {
        sooner = badBefore(hit.decided(), ended);
      } else {
        sooner = badUpTo(at + n);
        if (sooner == null && n == 0) {
          sooner = settleBad(ended);
        }
      }
      if (sooner != null) {
        return sooner;
      }
      if (hit != null) {
        cursor.advanceTo(hit.end());
        return new Outcome.Matched(
            expectation.patterns().get(hit.pattern()),
            hit.start(),
            hit.end(),
            hit.groups(),
            recording.timeAt(hit.decided() - 1));
      }
      if (n > 0) {
        continue;
      }
      if (ended) {
        return new Outcome.Closed(recording.end(), lastBytes());
      }
      boolean more = recording.awaitWhilePowered(at, stirs, deadline);
      if (!more && recording.stirs() != stirs && deadline - recording.clock().nanos() > 0) {
        continue;
      }
      if (more ? recording.timeAt(at) - deadline > 0 : !recording.isSilenced()) {
        return new Outcome.TimedOut(deadline, recording.end(), lastBytes());
      }
    }
  }

  /**
   * As {@link #await}, for those who cannot go on without a match.
   *
   * @throws ConsoleFailure with the outcome if it is not a match
   */
  public Outcome.Matched require(Expectation expectation, Cursor cursor, long deadline) {
    Outcome outcome = await(expectation, cursor, deadline);
    if (outcome instanceof Outcome.Matched matched) {
      return matched;
    }
    throw ConsoleFailure.of(recording.name(), expectation.toString(), outcome);
  }

  /**
   * Waits until the board has been quiet for {@code quiet} from now on: the rest of a panic, for
   * the report.
   *
   * @param limit when to stop even if the board goes on, in the time of the recording's clock
   * @return the offset behind the last byte
   */
  public long collectTail(Duration quiet, long limit) {
    BoardClock clock = recording.clock();
    final long called = clock.nanos();
    while (true) {
      long end = recording.end();
      long deadline = Math.max(called, recording.timeAt(end)) + quiet.toNanos();
      deadline = limit - deadline < 0 ? limit : deadline;
      if (!recording.awaitBeyond(end, deadline)
          && (recording.isClosed() || deadline - clock.nanos() <= 0)) {
        return recording.end();
      }
      if (limit - clock.nanos() <= 0) {
        return recording.end();
      }
    }
  }

  /** Fills the block with bytes from {@code offset} on that came by {@code deadline}. */
  private int readInTime(long offset, long deadline) {
    int n = recording.read(offset, block, 0, BLOCK);
    if (n == 0 || recording.timeAt(offset + n - 1) - deadline <= 0) {
      return n;
    }
    int inTime = 0;
    int late = n;
    while (inTime < late) {
      int middle = (inTime + late) >>> 1;
      if (recording.timeAt(offset + middle) - deadline <= 0) {
        inTime = middle + 1;
      } else {
        late = middle;
      }
    }
    return inTime;
  }

  /** Searches what was not searched yet, up to {@code offset}. */
  private Outcome.@Nullable BadPattern badUpTo(long offset) {
    if (whole != null) {
      return whole.badUpTo(inWhole(offset));
    }
    while (bad == null && badScanner.position() < offset) {
      long at = badScanner.position();
      int n = recording.read(at, badBlock, 0, (int) Math.min(BLOCK, offset - at));
      noteBad(badScanner.feed(badBlock, 0, n));
    }
    return bad;
  }

  /** A bad pattern that is there when another one becomes certain at {@code decided}. */
  private Outcome.@Nullable BadPattern badBefore(long decided, boolean ended) {
    if (whole != null) {
      return whole.badBefore(inWhole(decided), ended);
    }
    if (badUpTo(Math.min(decided, recording.end())) != null) {
      return bad;
    }
    PatternScanner.Hit last = ended ? badScanner.finish() : null;
    boolean counts = last != null && last.decided() <= decided;
    return noteBad(counts ? last : badScanner.impliedAt(decided));
  }

  /** A bad pattern in all that there is, if nothing more comes for now or for good. */
  private Outcome.@Nullable BadPattern settleBad(boolean ended) {
    if (whole != null) {
      Outcome.BadPattern sooner = whole.badUpTo(whole.recording.end());
      return sooner != null ? sooner : whole.settleBad(ended);
    }
    return noteBad(ended ? badScanner.finish() : badScanner.settle());
  }

  private long inWhole(long offset) {
    return part == null ? offset : part.boardOffset(offset - 1) + 1;
  }

  private Outcome.@Nullable BadPattern noteBad(PatternScanner.@Nullable Hit hit) {
    if (hit != null) {
      bad =
          new Outcome.BadPattern(
              badPatterns.patterns.get(hit.pattern()),
              hit.start(),
              hit.end(),
              linesAround(hit.start(), hit.end()),
              recording.timeAt(hit.decided() - 1));
    }
    return bad;
  }

  /** The text from the start of the line of {@code from} to the end of that of {@code to}. */
  private String linesAround(long from, long to) {
    long first = Math.max(0, from - LAST_BYTES);
    byte[] bytes = recording.bytes(first, to + LAST_BYTES);
    int start = (int) (from - first);
    while (start > 0 && bytes[start - 1] != '\n') {
      start--;
    }
    int stop = (int) (to - first);
    while (stop < bytes.length && bytes[stop] != '\n') {
      stop++;
    }
    while (stop > start && bytes[stop - 1] == '\r') {
      stop--;
    }
    return recording.text(first + start, first + stop);
  }

  private String lastBytes() {
    long end = recording.end();
    return recording.text(Math.max(0, end - LAST_BYTES), end);
  }
}
