package dev.bringup.report;

/**
 * Makes text that a board or a person wrote safe to look at. Terminal control sequences are taken
 * out, other control characters become their visible pictures, and what is not a character becomes
 * U+FFFD, so that the result is legal XML 1.0 text and moves no cursor.
 */
final class Printable {
  private static final int ESC = 0x1b;

  private Printable() {}

  /** Text of any number of lines; tabs and line feeds stay, {@code CR LF} becomes a line feed. */
  static String text(String raw) {
    if (isPlain(raw)) {
      return raw;
    }
    StringBuilder out = new StringBuilder(raw.length());
    int at = 0;
    while (at < raw.length()) {
      int sequence = raw.charAt(at) == ESC ? sequenceLength(raw, at) : 0;
      if (sequence > 0) {
        at += sequence;
        continue;
      }
      int point = raw.codePointAt(at);
      at += Character.charCount(point);
      if (point == '\n' || point == '\t') {
        out.append((char) point);
      } else if (point != '\r' || at >= raw.length() || raw.charAt(at) != '\n') {
        append(out, point);
      }
    }
    return out.toString();
  }

  /** Text in one line: every run of white space and line ends becomes one space. */
  static String line(String raw) {
    return text(raw.strip()).replaceAll("\\s+", " ");
  }

  /** As {@link #line(String)}, at most {@code limit} characters long, with an ellipsis if cut. */
  static String line(String raw, int limit) {
    return cut(line(raw), limit);
  }

  /** The first {@code limit} characters, the last of them an ellipsis if anything is left out. */
  static String cut(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    int end = limit - 1;
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "…";
  }

  private static boolean isPlain(String raw) {
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if ((c < ' ' && c != '\n' && c != '\t') || c > '~') {
        return false;
      }
    }
    return true;
  }

  private static void append(StringBuilder out, int point) {
    if (point < ' ') {
      out.append((char) (0x2400 + point));
    } else if (point == 0x7f) {
      out.append('\u2421');
    } else if ((point > 0x7f && point < 0xa0) || Character.getType(point) == Character.FORMAT) {
      // C1 controls, and the invisible characters that turn the direction of text around
      out.append('⟨').append(String.format("U+%04X", point)).append('⟩');
    } else if (Character.getType(point) == Character.SURROGATE || (point & 0xfffe) == 0xfffe) {
      out.append('\ufffd');
    } else {
      out.appendCodePoint(point);
    }
  }

  /**
   * Length of the complete control sequence at {@code at}, 0 if there is none (ECMA-48, sections
   * 5.3 to 5.6). An unfinished one is not removed: it may hide what the board wanted to say.
   */
  private static int sequenceLength(String raw, int at) {
    int next = at + 1;
    if (next >= raw.length()) {
      return 0;
    }
    return switch (raw.charAt(next)) {
      case '[' -> controlSequence(raw, at);
      case ']' -> operatingSystemCommand(raw, at);
      case '7', '8', '=', '>', 'c', 'D', 'E', 'H', 'M' -> 2;
      case '(', ')' -> at + 2 < raw.length() && raw.charAt(at + 2) > ' ' ? 3 : 0;
      default -> 0;
    };
  }

  private static int controlSequence(String raw, int at) {
    int end = at + 2;
    while (end < raw.length() && raw.charAt(end) >= 0x20 && raw.charAt(end) <= 0x3f) {
      end++;
    }
    boolean ends = end < raw.length() && raw.charAt(end) >= 0x40 && raw.charAt(end) <= 0x7e;
    return ends ? end + 1 - at : 0;
  }

  private static int operatingSystemCommand(String raw, int at) {
    for (int end = at + 2; end < raw.length(); end++) {
      char c = raw.charAt(end);
      if (c == 0x07) {
        return end + 1 - at;
      }
      if (c < ' ') {
        boolean terminated = c == ESC && end + 1 < raw.length() && raw.charAt(end + 1) == '\\';
        return terminated ? end + 2 - at : 0;
      }
    }
    return 0;
  }
}
