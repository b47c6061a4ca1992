package dev.bringup.console;

/** What a bad wire makes of one byte; the others pass. */
record Fault(Kind kind, long at, int bit) {
  enum Kind {
    DROPPED,
    DOUBLED,
    FLIPPED
  }

  /** A wire that is good. */
  static final Fault NONE = new Fault(Kind.DROPPED, -1, 0);

  static Fault dropped(long at) {
    return new Fault(Kind.DROPPED, at, 0);
  }

  static Fault doubled(long at) {
    return new Fault(Kind.DOUBLED, at, 0);
  }

  static Fault flipped(long at, int bit) {
    return new Fault(Kind.FLIPPED, at, bit);
  }

  /** What comes of {@code bytes}, of which the first is number {@code first}, counted from 0. */
  byte[] of(byte[] bytes, long first) {
    int i = (int) (at - first);
    if (at < first || at - first >= bytes.length) {
      return bytes;
    }
    byte[] result = new byte[bytes.length + (kind == Kind.DOUBLED ? 1 : 0)];
    System.arraycopy(bytes, 0, result, 0, bytes.length);
    switch (kind) {
      case DROPPED -> {
        result = new byte[bytes.length - 1];
        System.arraycopy(bytes, 0, result, 0, i);
        System.arraycopy(bytes, i + 1, result, i, bytes.length - i - 1);
      }
      case DOUBLED -> {
        result[i + 1] = bytes[i];
        System.arraycopy(bytes, i + 1, result, i + 2, bytes.length - i - 1);
      }
      case FLIPPED -> result[i] ^= (byte) (1 << bit);
    }
    return result;
  }
}
