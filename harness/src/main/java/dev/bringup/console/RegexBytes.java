package dev.bringup.console;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Regular expressions over bytes, each byte one char below 256, so that positions in a line are
 * positions in the stream and a cut UTF-8 sequence needs no care.
 */
final class RegexBytes {
  private RegexBytes() {}

  /** Compiles {@code syntax} with characters beyond ASCII replaced by their UTF-8 bytes. */
  static Pattern compile(String syntax) {
    var ascii = new StringBuilder(syntax.length());
    boolean inClass = false;
    for (int i = 0; i < syntax.length(); ) {
      int c = syntax.codePointAt(i);
      if (c == '\\' && i + 1 < syntax.length() && syntax.charAt(i + 1) < 0x80) {
        ascii.append(syntax, i, i + 2);
        i += 2;
        continue;
      }
      if (c < 0x80) {
        inClass = c == '[' || (inClass && c != ']');
        ascii.append((char) c);
      } else if (inClass) {
        throw new PatternSyntaxException("a character beyond ASCII in a class", syntax, i);
      } else {
        ascii.append("(?:");
        for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
          ascii.append((char) (b & 0xff));
        }
        ascii.append(')');
      }
      i += Character.charCount(c);
    }
    // Only LF ends a line here: '.' must cross the carriage returns of a progress display.
    return Pattern.compile(ascii.toString(), Pattern.UNIX_LINES);
  }

  /** Whether more input could change the result of the last search. */
  @SuppressWarnings("JdkObsolete") // matching a stream is what the method is for
  static boolean wantsMore(Matcher matcher) {
    return matcher.hitEnd();
  }

  /** Whether more input could undo the last match. */
  @SuppressWarnings("JdkObsolete") // matching a stream is what the method is for
  static boolean mayBeUndone(Matcher matcher) {
    return matcher.requireEnd();
  }

  /** Bytes from 0 to {@code end} of an array as chars. */
  static final class Text implements CharSequence {
    private final byte[] bytes;
    private final int end;

    Text(byte[] bytes, int end) {
      this.bytes = bytes;
      this.end = end;
    }

    @Override
    public int length() {
      return end;
    }

    @Override
    public char charAt(int index) {
      return (char) (bytes[index] & 0xff);
    }

    @Override
    public CharSequence subSequence(int from, int to) {
      return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
      return new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
    }
  }
}
