package dev.bringup.hold;

import dev.bringup.console.ConsoleText;
import dev.bringup.console.Recording;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Finds the last place before an offset where a recording has a text, in any case of ASCII. */
final class BackwardSearch {
  private static final int BLOCK = 64 * 1024;

  /** Of a line, so much is shown on each side of what was found. */
  private static final int MARGIN = 200;

  private BackwardSearch() {}

  static Optional<HoldMessage.Found> find(Recording recording, String text, long before) {
    String wanted = folded(text.getBytes(StandardCharsets.UTF_8));
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    long last = Math.min(before, recording.end()); // what is found begins before this
    while (last > 0) {
      long from = Math.max(0, last - BLOCK);
      String block = folded(recording.bytes(from, last + wanted.length() - 1));
      int found = block.lastIndexOf(wanted, (int) (last - from) - 1);
      if (found >= 0) {
        return Optional.of(found(recording, from + found, wanted.length()));
      }
      last = from;
    }
    return Optional.empty();
  }

  /** One char per byte. */
  private static String folded(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
  }

  private static HoldMessage.Found found(Recording recording, long offset, int length) {
    long first = Math.max(0, offset - MARGIN);
    byte[] around = recording.bytes(first, offset + length + MARGIN);
    int start = (int) (offset - first);
    int end = start + length;
    while (start > 0 && !endsLine(around[start - 1])) {
      start--;
    }
    while (end < around.length && !endsLine(around[end])) {
      end++;
    }
    var line = new byte[end - start];
    System.arraycopy(around, start, line, 0, line.length);
    long millis = (recording.timeAt(offset) - recording.timeAt(0)) / 1_000_000;
    // What drew on the screen then must not do so now.
    String shown = ConsoleText.of(line).replaceAll("\u001b\\[[0-?]*[ -/]*[@-~]|\\p{Cntrl}", "");
    return new HoldMessage.Found(offset, Math.max(0, millis), shown);
  }

  private static boolean endsLine(byte b) {
    return b == '\n' || b == '\r';
  }
}
