package dev.bringup.console;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Finds out which of the lines that look like noise belong to a command's output, by the length and
 * checksum that the board gave. {@code dmesg} really prints such lines, and while it does the
 * kernel may print one of its own.
 *
 * <p>Tried, in this order: no such line, all of them, all but one or two adjacent, one or two
 * adjacent, any combination if there are few. Each with line ends as a terminal (one CR before LF),
 * as two in a row (all CRs) and as they came.
 */
final class OutputProof {
  /** Up to this many noise lines, all combinations are tried. */
  private static final int FEW = 10;

  /** Up to this many noise lines, combinations with one or two exceptions are tried. */
  private static final int MANY = 4000;

  private final String clean;
  private final List<Line> lines;
  private final long length;
  private final String md5;

  /**
   * A line that may be noise.
   *
   * @param at where in the clean text it was
   * @param text one char per byte
   */
  record Line(int at, String text) {}

  /**
   * @param clean all between the marks but {@code lines}, with the line end before the end mark
   */
  OutputProof(String clean, List<Line> lines, long length, String md5) {
    this.clean = clean;
    this.lines = List.copyOf(lines);
    this.length = length;
    this.md5 = md5;
  }

  /** The output that length and checksum prove. */
  Optional<byte[]> find() {
    int n = lines.size();
    var kept = new BitSet(n);
    Optional<byte[]> found = tryKeeping(kept);
    if (found.isPresent() || n == 0) {
      return found;
    }
    kept.set(0, n);
    found = tryKeeping(kept);
    for (int run = 1; run <= 2 && n <= MANY && found.isEmpty(); run++) {
      for (int i = 0; i + run <= n && found.isEmpty(); i++) {
        kept.set(0, n);
        kept.clear(i, i + run);
        found = tryKeeping(kept);
      }
      for (int i = 0; i + run <= n && found.isEmpty(); i++) {
        kept.clear();
        kept.set(i, i + run);
        found = tryKeeping(kept);
      }
    }
    for (long bits = 1; n <= FEW && bits < 1L << n && found.isEmpty(); bits++) {
      found = tryKeeping(BitSet.valueOf(new long[] {bits}));
    }
    return found;
  }

  private Optional<byte[]> tryKeeping(BitSet kept) {
    // Line ends only ever get shorter, so a raw text below the length cannot be it.
    long raw = clean.length();
    for (int i = kept.nextSetBit(0); i >= 0; i = kept.nextSetBit(i + 1)) {
      raw += lines.get(i).text().length();
    }
    if (raw < length) {
      return Optional.empty();
    }
    String text = withoutLastLineEnd(with(kept));
    for (int returns : List.of(1, Integer.MAX_VALUE, 0)) {
      byte[] bytes = withoutReturns(text, returns);
      if (bytes.length == length && md5(bytes).equals(md5)) {
        return Optional.of(bytes);
      }
    }
    return Optional.empty();
  }

  /** What {@code md5sum} prints for {@code bytes}; it guards against chance, not against malice. */
  static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has MD5
    }
  }

  /** {@code text} without the line end that stands between any output and the end mark. */
  static String withoutLastLineEnd(String text) {
    int end = text.length();
    if (end > 0 && text.charAt(end - 1) == '\n') {
      end--;
      while (end > 0 && text.charAt(end - 1) == '\r') {
        end--;
      }
    }
    return text.substring(0, end);
  }

  private String with(BitSet kept) {
    var text = new StringBuilder(clean.length());
    int from = 0;
    for (int i = kept.nextSetBit(0); i >= 0; i = kept.nextSetBit(i + 1)) {
      Line line = lines.get(i);
      text.append(clean, from, line.at()).append(line.text());
      from = line.at();
    }
    return text.append(clean, from, clean.length()).toString();
  }

  /**
   * The bytes of {@code text} without up to {@code most} carriage returns before each line feed.
   */
  static byte[] withoutReturns(String text, int most) {
    var bytes = new ByteArrayOutputStream(text.length());
    int returns = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r') {
        returns++;
        continue;
      }
      for (int r = c == '\n' ? Math.min(most, returns) : 0; r < returns; r++) {
        bytes.write('\r');
      }
      returns = 0;
      bytes.write(c);
    }
    for (int r = 0; r < returns; r++) {
      bytes.write('\r');
    }
    return bytes.toByteArray();
  }

  /** The noise that {@code filter} took out between two indexes of its text. */
  static List<Line> linesBetween(NoiseFilter filter, Recording recording, int from, int to) {
    List<Line> lines = new ArrayList<>();
    for (NoiseFilter.Piece piece : filter.pieces()) {
      if (piece.at() >= from && piece.at() <= to) {
        byte[] bytes = recording.bytes(piece.from(), piece.to());
        lines.add(new Line(piece.at() - from, new String(bytes, StandardCharsets.ISO_8859_1)));
      }
    }
    return lines;
  }
}
