package dev.bringup.console;

import dev.bringup.console.XenFraming.Found;
import java.util.Arrays;

/**
 * Tells apart what Xen, dom0, the guests and the firmware before them say on one UART. Every byte
 * goes to at most one of them; the beginnings of lines that Xen adds go to nobody. The result does
 * not depend on how the bytes were cut. Belongs to one thread.
 *
 * <p>A line of Xen or of a guest reaches to its line end, also in the midst of a line of dom0,
 * which goes on behind it. Xen notes for each processor whether its last line is still open, and
 * leaves {@code (XEN) } out while it is. So a line that another one interrupts goes on behind that,
 * and a guest that is typed to has, after it moved to another processor, two open lines: what
 * follows either's end is the other's.
 *
 * <p>Three things cannot be told apart. What Xen says while a guest has the input is the guest's,
 * unless it begins as only Xen's lines do. What dom0 says within the unfinished line of such a
 * guest is the guest's up to its line end. Lines that dom0 prints and that look like Xen's, as of
 * {@code xl dmesg}, are Xen's; they do not move the input, though.
 *
 * <p>Memory: the beginning of one line, at most {@value #LONGEST_START} bytes.
 */
final class ConsoleSplitter {
  /** Names consoles: a domain by its number, or one of these. */
  static final int XEN = -1;

  static final int FIRMWARE = -2;
  static final int DOM0 = 0;

  private static final int NOBODY = -3;

  /** More than the longest time stamp and notice behind {@code (XEN) } together. */
  private static final int LONGEST_START = 128;

  /** As many processors with unfinished lines as are remembered. */
  private static final int MOST_OPEN = 16;

  /**
   * Xen breaks lines of a domain's PL011 that are longer than this, for its buffer holds 128 bytes
   * with line feed and zero (SBSA_UART_OUT_BUF_SIZE).
   */
  private static final int PL011_LINE = 126;

  private static final byte[] RETURNS = new byte[256];

  static {
    Arrays.fill(RETURNS, (byte) '\r');
  }

  /** Takes what was told apart. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes bytes of one console.
     *
     * @param console a domain's number, {@link #XEN} or {@link #FIRMWARE}
     * @param offset of the first of them in the stream
     */
    void take(int console, long offset, byte[] bytes, int from, int count);
  }

  private final Sink sink;

  /** The stream offset of the next byte to decide about. */
  private long offset;

  private final byte[] held = new byte[LONGEST_START];
  private int heldCount;

  private boolean xenStarted;
  private boolean dom0Started;
  private int input = XEN;

  /** Who gets the input when Xen ends the line in which it says so, or {@link #NOBODY}. */
  private int nextInput = NOBODY;

  /** Whose lines are open: the last one goes on. A guest is there only while it has the input. */
  private final int[] open = new int[MOST_OPEN];

  private int openCount;

  /** Guests' lines that were open when the input was taken from them. */
  private int left;

  /** Whose line of known extent this is, or {@link #NOBODY}. */
  private int whole = NOBODY;

  private boolean wholeMayBreak;

  /** The bytes of that line so far, without carriage returns that may be part of its end. */
  private int wholeLength;

  private int wholeReturns;

  /** Carriage returns just before the next byte. */
  private int returns;

  /** Carriage returns with which Xen's own lines end: the wire may have added some. */
  private int xenReturns = 1;

  // What is gathered for the sink.
  private int runOwner = NOBODY;
  private int runFrom;
  private int runTo;

  /**
   * @param offset of the first byte that will be fed
   */
  ConsoleSplitter(long offset, Sink sink) {
    this.offset = offset;
    this.sink = sink;
  }

  /** Takes the next bytes of the stream. */
  void feed(byte[] bytes, int from, int count) {
    int at = from;
    int end = from + count;
    while (heldCount > 0 && at < end) {
      held[heldCount++] = bytes[at++];
      int done = split(held, 0, heldCount);
      // What is left was looked at again and may begin anew.
      System.arraycopy(held, done, held, 0, heldCount - done);
      heldCount -= done;
    }
    if (at < end) {
      int done = split(bytes, at, end);
      heldCount = end - done;
      System.arraycopy(bytes, done, held, 0, heldCount);
    }
  }

  /** Nothing more belongs to what was fed: the board lost its power, or the wire ended. */
  void finish() {
    flushWhole();
    if (heldCount > 0) {
      sink.take(speaker(), offset, held, 0, heldCount);
      offset += heldCount;
      heldCount = 0;
    }
  }

  /** The board starts anew. */
  void restart() {
    finish();
    xenStarted = false;
    xenReturns = 1;
    returns = 0;
    forgetLines();
  }

  private void forgetLines() {
    dom0Started = false;
    input = XEN;
    nextInput = NOBODY;
    openCount = 0;
    left = 0;
    whole = NOBODY;
  }

  /** Who gets what is typed, as far as the board has said. */
  int input() {
    return xenStarted ? input : FIRMWARE;
  }

  private static boolean isGuest(int console) {
    return console > DOM0;
  }

  /** Who says what begins like no line of Xen's. */
  private int speaker() {
    if (openCount > 0) {
      return open[openCount - 1];
    }
    return xenStarted ? DOM0 : FIRMWARE;
  }

  /** Splits up to {@code end} or to what cannot be decided yet; returns where that is. */
  private int split(byte[] bytes, int from, int end) {
    final long base = offset - from;
    int at = from;
    while (at < end) {
      at = whole == NOBODY ? splitLine(bytes, at, end, base) : splitWhole(bytes, at, end, base);
      if (at < 0) {
        at = ~at;
        break;
      }
    }
    give(bytes, base);
    offset = base + at;
    return at;
  }

  /** Takes bytes up to the next change; returns its index, inverted if it cannot be decided. */
  private int splitLine(byte[] bytes, int from, int end, long base) {
    int owner = speaker();
    boolean inLine = openCount > 0;
    boolean bare = left > 0 || isGuest(owner) || (!inLine && isGuest(input));
    int at = from;
    while (at < end) {
      byte b = bytes[at];
      if (b == '(' || (b == '\n' && inLine) || (bare && XenFraming.mayStart(b, true))) {
        break;
      }
      at++;
    }
    add(owner, from, at, bytes, base);
    countReturns(bytes, from, at);
    if (at == end) {
      return at;
    }
    if (bytes[at] == '\n') {
      add(owner, at, at + 1, bytes, base);
      endLine(owner);
      return at + 1;
    }
    Found found = XenFraming.judge(bytes, at, end, xenStarted && !inLine, bare);
    return switch (found.kind()) {
      case UNDECIDED -> ~at;
      case TEXT -> {
        add(owner, at, at + 1, bytes, base);
        returns = 0;
        yield at + 1;
      }
      default -> {
        begin(found);
        returns = 0;
        int text = at + found.framing();
        add(speaker(), text, text + found.text(), bytes, base);
        yield text + found.text();
      }
    };
  }

  private void endLine(int owner) {
    openCount--;
    if (owner == XEN) {
      if (!dom0Started) {
        xenReturns = returns;
      }
      // dom0's terminal adds a carriage return: "xl dmesg" repeats old lines and changes nothing.
      if (nextInput != NOBODY && returns == xenReturns) {
        giveInput(nextInput);
      }
      nextInput = NOBODY;
    }
    returns = 0;
  }

  /** A line begins, or an open one turns out to be another's. */
  private void begin(Found found) {
    if (found.kind() == XenFraming.Kind.BANNER) {
      forgetLines();
    }
    if (found.bare()) {
      // The processor's unfinished line goes on as this one.
      if (openCount > 0) {
        openCount--;
      } else if (left > 0) {
        left--;
      }
    }
    xenStarted = true;
    switch (found.kind()) {
      case SOMEBODY -> push(isGuest(input) ? input : XEN);
      case XEN, BANNER -> push(XEN);
      case INPUT_TO_XEN -> {
        push(XEN);
        nextInput = XEN;
      }
      case INPUT_TO_DOMAIN -> {
        push(XEN);
        nextInput = found.domain();
      }
      case PL011, HYPERCALL -> {
        whole = found.domain();
        wholeMayBreak = found.kind() == XenFraming.Kind.PL011;
        wholeLength = 0;
        wholeReturns = 0;
      }
      case TEXT, UNDECIDED -> throw new IllegalStateException(found.toString());
    }
  }

  private void push(int console) {
    if (openCount == MOST_OPEN) {
      System.arraycopy(open, 1, open, 0, --openCount);
    }
    open[openCount++] = console;
  }

  private void giveInput(int console) {
    input = console;
    dom0Started = true;
    int kept = 0;
    for (int i = 0; i < openCount; i++) {
      if (isGuest(open[i])) {
        left = Math.min(left + 1, MOST_OPEN);
      } else {
        open[kept++] = open[i];
      }
    }
    openCount = kept;
    for (; isGuest(console) && left > 0; left--) {
      push(console);
    }
  }

  /** Takes bytes of a line that nothing interrupts; returns the index behind them. */
  private int splitWhole(byte[] bytes, int from, int end, long base) {
    int at = from;
    while (at < end && bytes[at] != '\n' && bytes[at] != '\r') {
      at++;
    }
    if (at > from) {
      flushReturns(wholeReturns, bytes, from, base);
      wholeLength += wholeReturns + at - from;
      wholeReturns = 0;
      add(whole, from, at, bytes, base);
    }
    if (at == end) {
      return at;
    }
    if (bytes[at] == '\r') {
      wholeReturns++;
      return at + 1;
    }
    boolean broken =
        wholeMayBreak
            && wholeReturns >= xenReturns
            && wholeLength + wholeReturns - xenReturns == PL011_LINE;
    if (broken) {
      // The line goes on behind the domain's next beginning.
      int own = wholeReturns - xenReturns;
      flushReturns(own, bytes, at - xenReturns, base);
    } else {
      flushReturns(wholeReturns, bytes, at, base);
      add(whole, at, at + 1, bytes, base);
    }
    whole = NOBODY;
    wholeReturns = 0;
    return at + 1;
  }

  /** Gives carriage returns that were held back before {@code to}, partly in an earlier piece. */
  private void flushReturns(int count, byte[] bytes, int to, long base) {
    if (to - count >= 0 && base + to - count >= offset) {
      add(whole, to - count, to, bytes, base);
      return;
    }
    give(bytes, base);
    giveReturns(count, base + to - count);
  }

  private void giveReturns(int count, long from) {
    for (int done = 0; done < count; ) {
      int n = Math.min(count - done, RETURNS.length);
      sink.take(whole, from + done, RETURNS, 0, n);
      done += n;
    }
  }

  private void flushWhole() {
    if (whole != NOBODY) {
      giveReturns(wholeReturns, offset - wholeReturns);
      whole = NOBODY;
      wholeReturns = 0;
    }
  }

  private void countReturns(byte[] bytes, int from, int to) {
    int first = to;
    while (first > from && bytes[first - 1] == '\r') {
      first--;
    }
    returns = to - first + (first == from ? returns : 0);
  }

  /** Gathers bytes for the sink. */
  private void add(int owner, int from, int to, byte[] bytes, long base) {
    if (from == to) {
      return;
    }
    if (owner != runOwner || from != runTo) {
      give(bytes, base);
      runOwner = owner;
      runFrom = from;
    }
    runTo = to;
  }

  private void give(byte[] bytes, long base) {
    if (runOwner != NOBODY) {
      sink.take(runOwner, base + runFrom, bytes, runFrom, runTo - runFrom);
      runOwner = NOBODY;
    }
  }
}
