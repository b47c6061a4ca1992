package dev.bringup.emulator.aarch64.fp;

/** FPCR and FPSR while an instruction runs (Arm ARM, C5.2.8 and C5.2.10). */
final class Status {
  static final int INVALID = 1;
  static final int DIVIDE_BY_ZERO = 1 << 1;
  static final int OVERFLOW = 1 << 2;
  static final int UNDERFLOW = 1 << 3;
  static final int INEXACT = 1 << 4;
  static final int INPUT_DENORMAL = 1 << 7;
  static final int SATURATED = 1 << 27;

  private static final int ALTERNATIVE_HALF = 1 << 26;
  private static final int DEFAULT_NAN = 1 << 25;
  private static final int FLUSH_TO_ZERO = 1 << 24;
  private static final int ROUNDING_SHIFT = 22;

  private int control;
  private int flags;

  void begin(int fpcr, int fpsr) {
    control = fpcr;
    flags = fpsr;
  }

  int flags() {
    return flags;
  }

  void raise(int which) {
    flags |= which;
  }

  boolean has(int which) {
    return (flags & which) != 0;
  }

  boolean alternativeHalf() {
    return (control & ALTERNATIVE_HALF) != 0;
  }

  boolean defaultNan() {
    return (control & DEFAULT_NAN) != 0;
  }

  boolean flushToZero() {
    return (control & FLUSH_TO_ZERO) != 0;
  }

  /** Java's own arithmetic rounds to nearest, and only that. */
  boolean roundsToNearest() {
    return (control >>> ROUNDING_SHIFT & 3) == 0;
  }

  Rounding rounding() {
    return switch (control >>> ROUNDING_SHIFT & 3) {
      case 0 -> Rounding.TIES_TO_EVEN;
      case 1 -> Rounding.UP;
      case 2 -> Rounding.DOWN;
      default -> Rounding.TO_ZERO;
    };
  }
}
