package dev.bringup.emulator.aarch64.fp;

/** The fields that most encodings of Advanced SIMD have alike. */
final class Fields {
  private Fields() {}

  static int d(int word) {
    return word & 31;
  }

  static int n(int word) {
    return word >>> 5 & 31;
  }

  static int m(int word) {
    return word >>> 16 & 31;
  }

  static int a(int word) {
    return word >>> 10 & 31;
  }

  static int size(int word) {
    return word >>> 22 & 3;
  }

  /** Whether a vector has 128 bits, or an instruction is about the upper half. */
  static boolean q(int word) {
    return (word & 1 << 30) != 0;
  }

  /** Mostly: unsigned. */
  static boolean u(int word) {
    return (word & 1 << 29) != 0;
  }

  static boolean isScalar(int word) {
    return (word & 1 << 28) != 0;
  }

  /** How many elements of this size the vector has: one if it is a scalar. */
  static int lanes(int word, int size) {
    if (isScalar(word)) {
      return 1;
    }
    return (q(word) ? 16 : 8) >> size;
  }

  /** Single or double precision, where bit 22 says so. */
  static Format format(int word) {
    return (word & 1 << 22) == 0 ? Format.SINGLE : Format.DOUBLE;
  }
}
