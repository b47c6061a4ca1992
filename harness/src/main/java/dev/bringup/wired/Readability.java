package dev.bringup.wired;

/**
 * Whether bytes are what a board says or what a wrong baud rate, a missing ground or a wrong
 * voltage makes of it.
 *
 * @param bytes how many there are
 * @param readable how many of them are text: printable, white space, escape sequences, UTF-8
 */
record Readability(long bytes, long readable) {
  private static final int LEAST_BYTES = 16;

  /** Zeros and a wrong byte or two are usual when power comes. */
  private static final int TEXT_PERCENT = 95;

  private static final int GARBAGE_PERCENT = 70;

  /** What the share says. */
  enum Judgement {
    TEXT,
    MIXED,
    GARBAGE,
    TOO_LITTLE
  }

  static Readability of(byte[] bytes) {
    long readable = 0;
    int at = 0;
    while (at < bytes.length) {
      int length = textLength(bytes, at);
      readable += length;
      at += Math.max(1, length);
    }
    return new Readability(bytes.length, readable);
  }

  /** How many bytes from {@code at} on are one character of text; 0 if none. */
  private static int textLength(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    if (first < 0x80) {
      boolean control = first < 0x20 && "\b\t\n\r\u0007\u001b".indexOf(first) < 0;
      return control || first == 0x7f ? 0 : 1;
    }
    int length = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
    if (length == 0 || first >= 0xf5 || at + length > bytes.length) {
      return 0;
    }
    for (int i = 1; i < length; i++) {
      if ((bytes[at + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /** The share of text, 0 to 100. */
  int percent() {
    return bytes == 0 ? 0 : (int) (100 * readable / bytes);
  }

  Judgement judgement() {
    if (bytes < LEAST_BYTES) {
      return Judgement.TOO_LITTLE;
    }
    int percent = percent();
    return percent >= TEXT_PERCENT
        ? Judgement.TEXT
        : percent >= GARBAGE_PERCENT ? Judgement.MIXED : Judgement.GARBAGE;
  }

  String inWords() {
    return "%d %% of %d bytes are text".formatted(percent(), bytes);
  }
}
