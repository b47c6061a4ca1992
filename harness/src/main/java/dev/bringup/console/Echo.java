package dev.bringup.console;

import java.util.Arrays;
import java.util.function.Predicate;

/**
 * A console's text as far as it is an echo: without what terminals and line editors put between the
 * typed characters. Those are line ends where a long line wraps (busybox: CR CR LF; readline: SP CR
 * if it was typed up to the last column), backspaces, bells, NUL padding (readline on slow
 * terminals) and escape sequences such as the cursor query {@code ESC [ 6 n} and bracketed paste
 * {@code ESC [ ? 2004 h} (ECMA-48, sections 5.4 and 5.6).
 */
final class Echo {
  private final CharSequence raw;
  private final StringBuilder text = new StringBuilder();
  private int[] ends = new int[64];

  /** The echo in {@code raw}. */
  Echo(CharSequence raw) {
    this.raw = raw;
    int i = 0;
    while (i < raw.length()) {
      char c = raw.charAt(i);
      if (c == 0x1b) {
        i = afterEscape(raw, i);
        continue;
      }
      i++;
      if (c >= 0x20 && c != 0x7f && !isWrap(raw, i - 1)) {
        if (text.length() == ends.length) {
          ends = Arrays.copyOf(ends, ends.length * 2);
        }
        ends[text.length()] = i;
        text.append(c);
      }
    }
  }

  /** Whether a space only makes the terminal wrap a line that is full: readline's SP CR. */
  private static boolean isWrap(CharSequence raw, int space) {
    return raw.charAt(space) == ' '
        && isAt(raw, space + 1, '\r')
        && !isAt(raw, space + 2, '\r')
        && !isAt(raw, space + 2, '\n');
  }

  private static boolean isAt(CharSequence raw, int index, char c) {
    return index < raw.length() && raw.charAt(index) == c;
  }

  private static int afterEscape(CharSequence raw, int escape) {
    int i = escape + 1;
    if (i < raw.length() && raw.charAt(i) == '[') {
      i++;
      while (i < raw.length() && raw.charAt(i) >= 0x20 && raw.charAt(i) < 0x40) {
        i++;
      }
    }
    return Math.min(i + 1, raw.length());
  }

  /** The text without all that. */
  String text() {
    return text.toString();
  }

  /**
   * The index in the raw text behind {@code typed}, if that is the last of the text and nothing, a
   * line end or a prompt is before it; else -1. Whatever else is before it was not there when it
   * was typed, so it may be in the board's line.
   *
   * @param isPrompt whether a text ends with a prompt
   */
  int endOf(String typed, Predicate<String> isPrompt) {
    int at = text.length() - typed.length();
    if (at < 0 || text.indexOf(typed, at) != at) {
      return -1;
    }
    boolean fits = at == 0 || hasLineEndBefore(at) || isPrompt.test(text.substring(0, at));
    return fits ? ends[text.length() - 1] : -1;
  }

  private boolean hasLineEndBefore(int index) {
    for (int i = ends[index - 1]; i < ends[index] - 1; i++) {
      if (raw.charAt(i) == '\n') {
        return true;
      }
    }
    return false;
  }

  /** Whether more text may make this the echo of {@code typed}. */
  boolean mayBecome(String typed) {
    return text.length() <= typed.length() && typed.startsWith(text.toString());
  }

  /** Whether characters of {@code typed} are missing here, or are here twice, and all else fits. */
  boolean hasLost(String typed) {
    String came = text.toString();
    return !came.equals(typed)
        && !came.isEmpty()
        && (isPartOf(came, typed)
            || (isPartOf(typed, came) && onceEach(typed).equals(onceEach(came))));
  }

  /** Whether {@code part} is left of {@code whole} when some characters are taken out. */
  private static boolean isPartOf(String part, String whole) {
    int found = 0;
    for (int i = 0; i < whole.length() && found < part.length(); i++) {
      if (whole.charAt(i) == part.charAt(found)) {
        found++;
      }
    }
    return found == part.length();
  }

  private static String onceEach(String text) {
    var once = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (i == 0 || text.charAt(i) != text.charAt(i - 1)) {
        once.append(text.charAt(i));
      }
    }
    return once.toString();
  }
}
