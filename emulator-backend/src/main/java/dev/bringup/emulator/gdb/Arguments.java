package dev.bringup.emulator.gdb;

import java.util.HexFormat;

/** The rest of a packet, read from left to right. */
final class Arguments {
  private static final int MOST_DIGITS = 16;

  private final String text;
  private int at;

  /** The packet is not what its command may have. Has no stack trace. */
  static final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
      super(message, null, false, false);
    }
  }

  Arguments(String text, int from) {
    this.text = text;
    this.at = from;
  }

  boolean isEmpty() {
    return at == text.length();
  }

  /** Whether {@code c} is next; goes behind it if so. */
  boolean skip(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  Arguments expect(char c) {
    if (!skip(c)) {
      throw new MalformedException("no '" + c + "' at " + at + " of " + text);
    }
    return this;
  }

  void expectEnd() {
    if (!isEmpty()) {
      throw new MalformedException("more than expected at " + at + " of " + text);
    }
  }

  char next() {
    if (isEmpty()) {
      throw new MalformedException("nothing at the end of " + text);
    }
    return text.charAt(at++);
  }

  /** An unsigned number, of as many hexadecimal digits as there are, up to 16. */
  long number() {
    int start = at;
    while (at < text.length() && HexFormat.isHexDigit(text.charAt(at))) {
      at++;
    }
    if (at == start || at - start > MOST_DIGITS) {
      throw new MalformedException("no number at " + start + " of " + text);
    }
    return Long.parseUnsignedLong(text, start, at, 16);
  }

  /** A number that is no more than {@code most}. */
  int number(int most) {
    long value = number();
    if (value < 0 || value > most) {
      throw new MalformedException(Long.toHexString(value) + " is too much in " + text);
    }
    return (int) value;
  }

  /** A thread: its number, 0 for any, -1 for all. */
  int thread() {
    if (skip('-')) {
      expect('1');
      return -1;
    }
    return number(Integer.MAX_VALUE);
  }

  /** All that is left. */
  String rest() {
    String rest = text.substring(at);
    at = text.length();
    return rest;
  }

  /** All that is left: bytes of two hexadecimal digits each. */
  byte[] bytes() {
    try {
      return HexFormat.of().parseHex(rest());
    } catch (IllegalArgumentException e) {
      throw new MalformedException("no bytes in " + text);
    }
  }
}
