package dev.bringup.emulator.aarch64.fp;

/** A binary interchange format of IEEE 754; values are raw bits, zero-extended. */
enum Format {
  HALF(16, 10),
  SINGLE(32, 23),
  DOUBLE(64, 52);

  /** Where {@link #significand} has its leading one. */
  static final int LEADING = 62;

  final int bits;
  final int fractionBits;
  final int maxExponentField;
  final int minExponent;
  final long signBit;
  final long fractionMask;

  Format(int bits, int fractionBits) {
    this.bits = bits;
    this.fractionBits = fractionBits;
    this.maxExponentField = (1 << (bits - 1 - fractionBits)) - 1;
    this.minExponent = 1 - (maxExponentField >> 1);
    this.signBit = 1L << (bits - 1);
    this.fractionMask = (1L << fractionBits) - 1;
  }

  /** The format with twice the bits. */
  Format wider() {
    return this == HALF ? SINGLE : DOUBLE;
  }

  boolean isNegative(long value) {
    return (value & signBit) != 0;
  }

  long magnitude(long value) {
    return value & (signBit - 1);
  }

  int exponentField(long value) {
    return (int) (value >>> fractionBits) & maxExponentField;
  }

  boolean isZero(long value) {
    return magnitude(value) == 0;
  }

  boolean isDenormal(long value) {
    return exponentField(value) == 0 && (value & fractionMask) != 0;
  }

  boolean isInfinite(long value) {
    return magnitude(value) == infinity(false);
  }

  boolean isNan(long value) {
    return magnitude(value) > infinity(false);
  }

  boolean isSignallingNan(long value) {
    return isNan(value) && (value & quietBit()) == 0;
  }

  long quietBit() {
    return 1L << (fractionBits - 1);
  }

  long zero(boolean negative) {
    return negative ? signBit : 0;
  }

  long infinity(boolean negative) {
    return zero(negative) | (long) maxExponentField << fractionBits;
  }

  long maxNormal(boolean negative) {
    return infinity(negative) - 1;
  }

  long defaultNan() {
    return infinity(false) | quietBit();
  }

  /** A power of two or its halfway neighbour: 1.0, 1.5, 2.0, 3.0. */
  long constant(int exponent, boolean andHalf) {
    return (long) (exponent + 1 - minExponent) << fractionBits | (andHalf ? quietBit() : 0);
  }

  /** The exponent of the leading one of a finite value that is not zero. */
  int exponent(long value) {
    int field = exponentField(value);
    return field == 0
        ? minExponent - (Long.numberOfLeadingZeros(value & fractionMask) - (63 - fractionBits))
        : field + minExponent - 1;
  }

  /** The digits of a finite value that is not zero, the leading one in bit {@link #LEADING}. */
  long significand(long value) {
    long fraction = value & fractionMask;
    return exponentField(value) == 0
        ? fraction << (Long.numberOfLeadingZeros(fraction) - 1)
        : (fraction | 1L << fractionBits) << (LEADING - fractionBits);
  }
}
