package dev.bringup.console;

import java.util.Arrays;

/**
 * A console's text as far as it is an echo: without what terminals and line editors put between the
 * typed characters. Those are line ends where a long line wraps (busybox: CR CR LF), backspaces,
 * bells, NUL padding (readline on slow terminals) and escape sequences such as the cursor query
 * {@code ESC [ 6 n} and bracketed paste {@code ESC [ ? 2004 h} (ECMA-48, sections 5.4 and 5.6).
 */
final class Echo {
  private final StringBuilder text = new StringBuilder();
  private int[] ends = new int[64];

  /** The echo in {@code raw}. */
  Echo(CharSequence raw) {
    int i = 0;
    while (i < raw.length()) {
      char c = raw.charAt(i);
      if (c == 0x1b) {
        i = afterEscape(raw, i);
        continue;
      }
      i++;
      if (c >= 0x20 && c != 0x7f) {
        if (text.length() == ends.length) {
          ends = Arrays.copyOf(ends, ends.length * 2);
        }
        ends[text.length()] = i;
        text.append(c);
      }
    }
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

  /** The index in the raw text behind {@code typed}, or -1 if that was not echoed. */
  int endOf(String typed) {
    int found = text.lastIndexOf(typed);
    return found < 0 ? -1 : ends[found + typed.length() - 1];
  }
}
