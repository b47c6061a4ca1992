package dev.bringup.console;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes noise lines out of a stream and joins what they cut apart, remembering where in the stream
 * everything was. The result does not depend on how the bytes were cut. Belongs to one thread.
 */
public final class NoiseFilter {
  /**
   * A noise line, or the part of one before another that begins within it.
   *
   * @param at where in the text it was taken out
   * @param from its offset in the stream
   * @param to the offset behind it
   */
  public record Piece(int at, long from, long to) {}

  private final Noise noise;
  private final StringBuilder text = new StringBuilder();
  private final List<Piece> pieces = new ArrayList<>();

  /** Runs of text: from index {@code runIndexes[i]} on, offset minus index is {@code shifts[i]}. */
  private int[] runIndexes = new int[8];

  private long[] shifts = new long[8];
  private int runs;

  private final byte[] held = new byte[Noise.LONGEST_START];
  private int heldCount;

  /** The offset of the first held byte, or of the next one. */
  private long offset;

  private long pieceFrom = -1;

  /**
   * @param offset of the first byte that will be fed
   */
  public NoiseFilter(Noise noise, long offset) {
    this.noise = noise;
    this.offset = offset;
  }

  /** Takes the next bytes of the stream. */
  public void feed(byte[] bytes, int from, int count) {
    for (int i = from; i < from + count; i++) {
      if (heldCount == 0 && !noise.mayStartWith(bytes[i])) {
        release(bytes[i]);
      } else {
        held[heldCount++] = bytes[i];
        judgeHeld();
      }
    }
  }

  private void judgeHeld() {
    while (heldCount > 0) {
      boolean lineEnd = held[heldCount - 1] == '\n';
      var verdict =
          noise.mayStartWith(held[0]) ? noise.judge(held, 0, heldCount) : Noise.Verdict.TEXT;
      if (verdict == Noise.Verdict.UNDECIDED && !lineEnd && heldCount < held.length) {
        return;
      }
      if (verdict == Noise.Verdict.NOISE) {
        endPiece();
        pieceFrom = offset;
      }
      byte first = held[0];
      System.arraycopy(held, 1, held, 0, --heldCount);
      release(first);
    }
  }

  /** Gives one byte to the noise or to the text. */
  private void release(byte b) {
    if (pieceFrom < 0) {
      long shift = offset - text.length();
      if (runs == 0 || shifts[runs - 1] != shift) {
        if (runs == shifts.length) {
          runIndexes = Arrays.copyOf(runIndexes, runs * 2);
          shifts = Arrays.copyOf(shifts, runs * 2);
        }
        runIndexes[runs] = text.length();
        shifts[runs++] = shift;
      }
      text.append((char) (b & 0xff));
    }
    offset++;
    if (b == '\n') {
      endPiece();
    }
  }

  private void endPiece() {
    if (pieceFrom >= 0) {
      pieces.add(new Piece(text.length(), pieceFrom, offset));
      pieceFrom = -1;
    }
  }

  /** The text without noise so far, one char per byte; grows, never changes. */
  public CharSequence text() {
    return text;
  }

  /** Bytes that may turn out to begin a noise line, one char per byte; text if nothing follows. */
  public String held() {
    return pieceFrom >= 0 ? "" : new String(held, 0, heldCount, StandardCharsets.ISO_8859_1);
  }

  /** The stream offset of the char at {@code index} of the text followed by what is held back. */
  public long offsetOf(int index) {
    if (index >= text.length()) {
      return pieceFrom >= 0 ? pieceFrom : offset + (index - text.length());
    }
    int run = Arrays.binarySearch(runIndexes, 0, runs, index);
    return index + shifts[run >= 0 ? run : -run - 2];
  }

  /** What was taken out so far, without a line that has not ended yet. */
  public List<Piece> pieces() {
    return List.copyOf(pieces);
  }

  /** The offset of the next byte to feed. */
  public long position() {
    return offset + heldCount;
  }
}
