package dev.bringup.console;

import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Console bytes as text for people: UTF-8, bytes that are not as {@code \xNN}, line ends as LF.
 * Escape sequences stay as they came.
 */
public final class ConsoleText {
  private static final int PART = 1 << 20;

  private ConsoleText() {}

  /** The text of {@code bytes}. */
  public static String of(byte[] bytes) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    var in = ByteBuffer.wrap(bytes);
    var out = CharBuffer.allocate(bytes.length);
    var text = new StringBuilder(bytes.length);
    while (true) {
      var result = decoder.decode(in, out, true);
      text.append(out.flip());
      out.clear();
      if (!result.isError()) {
        break;
      }
      for (int i = 0; i < result.length(); i++) {
        text.append(String.format(Locale.ROOT, "\\x%02X", in.get() & 0xff));
      }
      decoder.reset();
    }
    return withoutCarriageReturns(text);
  }

  /**
   * Writes the text of a recording from {@code from} to {@code to}, however much that is, without
   * holding more of it than a part.
   */
  public static void write(Recording recording, long from, long to, Path file) throws IOException {
    try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      for (long at = from; at < to; ) {
        byte[] part = recording.bytes(at, Math.min(to, at + PART));
        if (part.length == 0) {
          return;
        }
        int end = at + part.length < to ? seam(part) : part.length;
        out.write(of(Arrays.copyOf(part, end)));
        at += end;
      }
    }
  }

  /** Where bytes can be cut so that both parts mean what they mean together. */
  private static int seam(byte[] bytes) {
    for (int i = bytes.length - 1; i > 0; i--) {
      if (bytes[i - 1] >= 0 && bytes[i - 1] != '\r') {
        return i; // behind a whole character
      }
    }
    return bytes.length;
  }

  /** Drops carriage returns that stand before a line feed. */
  private static String withoutCarriageReturns(CharSequence text) {
    var lines = new StringBuilder(text.length());
    int returns = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r') {
        returns++;
        continue;
      }
      if (c != '\n') {
        lines.repeat('\r', returns);
      }
      returns = 0;
      lines.append(c);
    }
    return lines.repeat('\r', returns).toString();
  }

  /** One line per console line, each with its time in seconds since {@code zero}. */
  public static String timed(Recording recording, long from, long to, long zero) {
    byte[] bytes = recording.bytes(from, to);
    var text = new StringBuilder();
    int start = 0;
    while (start < bytes.length) {
      int stop = start;
      while (stop < bytes.length && bytes[stop] != '\n') {
        stop++;
      }
      int next = Math.min(stop + 1, bytes.length);
      double seconds = (recording.timeAt(from + start) - zero) / 1e9;
      text.append(String.format(Locale.ROOT, "%10.3f  ", seconds));
      var line = new byte[next - start];
      System.arraycopy(bytes, start, line, 0, line.length);
      text.append(of(line));
      start = next;
    }
    if (bytes.length > 0 && bytes[bytes.length - 1] != '\n') {
      text.append('\n');
    }
    return text.toString();
  }
}
