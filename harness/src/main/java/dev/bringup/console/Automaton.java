package dev.bringup.console;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/**
 * A dense automaton (Aho and Corasick 1975) that finds all of a set of texts in one pass, one table
 * look-up per byte. Bytes that no text contains share one column, so that the table of some twenty
 * patterns stays within the first-level cache.
 */
final class Automaton {
  private static final int LANES = 4;
  private static final int LANE = 2048;

  private final int longest;
  private final char[] columns = new char[256];
  private final int width;

  /** Next state times width for state times width plus column; inverted where something ends. */
  private final int[] next;

  /** The same with each line feed marked as well. */
  private final int[] nextWithLines;

  /** The texts that end in each state. */
  private final int[][] ends;

  Automaton(List<byte[]> texts) {
    int states = 1;
    columns['\n'] = 1;
    int used = 2;
    for (byte[] text : texts) {
      states += text.length;
      for (byte b : text) {
        if (columns[b & 0xff] == 0) {
          columns[b & 0xff] = (char) used++;
        }
      }
    }
    width = used;
    longest = texts.stream().mapToInt(text -> text.length).max().orElse(0);
    int[] table = new int[states * width];
    Arrays.fill(table, -1);
    ends = new int[states][];
    Arrays.fill(ends, new int[0]);
    int count = 1;
    for (int id = 0; id < texts.size(); id++) {
      int state = 0;
      for (byte b : texts.get(id)) {
        int cell = state * width + columns[b & 0xff];
        if (table[cell] < 0) {
          table[cell] = count++;
        }
        state = table[cell];
      }
      ends[state] = with(ends[state], id);
    }
    completeTransitions(table, count);
    next = new int[count * width];
    nextWithLines = new int[count * width];
    for (int i = 0; i < next.length; i++) {
      int target = table[i];
      int scaled = target * width;
      next[i] = ends[target].length > 0 ? ~scaled : scaled;
      nextWithLines[i] = i % width == 1 ? ~scaled : next[i];
    }
  }

  private void completeTransitions(int[] table, int count) {
    int[] fallback = new int[count];
    var queue = new ArrayDeque<Integer>();
    for (int c = 0; c < width; c++) {
      if (table[c] < 0) {
        table[c] = 0;
      } else {
        queue.add(table[c]);
      }
    }
    while (!queue.isEmpty()) {
      int state = queue.remove();
      for (int id : ends[fallback[state]]) {
        ends[state] = with(ends[state], id);
      }
      for (int c = 0; c < width; c++) {
        int cell = state * width + c;
        int viaFallback = table[fallback[state] * width + c];
        if (table[cell] < 0) {
          table[cell] = viaFallback;
        } else {
          fallback[table[cell]] = viaFallback;
          queue.add(table[cell]);
        }
      }
    }
  }

  private static int[] with(int[] ids, int id) {
    int[] more = Arrays.copyOf(ids, ids.length + 1);
    more[ids.length] = id;
    return more;
  }

  /** The state before the first byte. */
  static int start() {
    return 0;
  }

  /**
   * Runs over bytes until one that ends a text or, with {@code lines}, is a line feed.
   *
   * @return a {@link #packed} pair: the index of that byte or {@code to}, and the state behind it
   */
  long run(int state, byte[] bytes, int from, int to, boolean lines) {
    int[] table = lines ? nextWithLines : next;
    char[] column = columns;
    int s = state;
    int i = from;
    for (; !lines && longest <= LANE && to - i >= LANES * LANE; i += LANES * LANE) {
      int behind = quietRun(s, bytes, i);
      if (behind < 0) {
        break;
      }
      s = behind;
    }
    for (; i < to; i++) {
      s = table[s + column[bytes[i] & 0xff]];
      if (s < 0) {
        return packed(i, ~s);
      }
    }
    return packed(to, s);
  }

  /**
   * Runs over {@code LANES * LANE} bytes if nothing ends in them. Each look-up waits for the one
   * before, so one lane leaves most of the processor idle: several run side by side. A lane that
   * starts in the midst is in the right state after as many bytes as the longest text has.
   *
   * @return the state behind them, or -1 if something ends in them
   */
  private int quietRun(int state, byte[] bytes, int from) {
    int[] table = next;
    char[] column = columns;
    int b = from + LANE;
    int c = b + LANE;
    int d = c + LANE;
    int s = state;
    int t = warmUp(bytes, b, from);
    int u = warmUp(bytes, c, from);
    int v = warmUp(bytes, d, from);
    for (int i = 0; i < LANE; i++) {
      s = table[s + column[bytes[from + i] & 0xff]];
      t = table[t + column[bytes[b + i] & 0xff]];
      u = table[u + column[bytes[c + i] & 0xff]];
      v = table[v + column[bytes[d + i] & 0xff]];
      if ((s | t | u | v) < 0) {
        return -1;
      }
    }
    return v;
  }

  private int warmUp(byte[] bytes, int at, int from) {
    int s = start();
    for (int i = Math.max(from, at - longest); i < at; i++) {
      s = next[s + columns[bytes[i] & 0xff]];
      s = s < 0 ? ~s : s;
    }
    return s;
  }

  private static long packed(int index, int state) {
    return (long) index << 32 | state;
  }

  static int index(long packed) {
    return (int) (packed >>> 32);
  }

  static int state(long packed) {
    return (int) packed;
  }

  /** The texts that end where {@code state} was reached. */
  int[] endsAt(int state) {
    return ends[state / width];
  }
}
