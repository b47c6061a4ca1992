package dev.bringup.emulator.aarch64.fp;

/** The estimates of reciprocals and of their square roots (Arm ARM, FPRecipEstimate and others). */
final class Estimates {
  private final Status status;
  private final FloatingPoint floats;

  Estimates(Status status, FloatingPoint floats) {
    this.status = status;
    this.floats = floats;
  }

  /** Nine digits of {@code 2^17 / a}, for a from 256 to 511. */
  private static int reciprocal(int a) {
    return ((1 << 19) / (a * 2 + 1) + 1) / 2;
  }

  /** Nine digits of the reciprocal square root of {@code a / 512}, for a from 128 to 511. */
  private static int reciprocalRoot(int a) {
    int scaled = a < 256 ? a * 2 + 1 : ((a >> 1 << 1) + 1) * 2;
    int b = 512;
    while ((long) scaled * (b + 1) * (b + 1) < 1L << 28) {
      b++;
    }
    return (b + 1) / 2;
  }

  /** URECPE, of a 32-bit fraction. */
  static long reciprocalOfFraction(long a) {
    return a >>> 31 == 0 ? 0xffff_ffffL : (long) reciprocal((int) (a >>> 23)) << 23;
  }

  /** URSQRTE, of a 32-bit fraction. */
  static long reciprocalRootOfFraction(long a) {
    return a >>> 30 == 0 ? 0xffff_ffffL : (long) reciprocalRoot((int) (a >>> 23)) << 23;
  }

  /** FRECPE. */
  long reciprocal(Format format, long value) {
    long x = floats.input(format, value);
    boolean negative = format.isNegative(x);
    if (format.isNan(x)) {
      return floats.nan(format, x);
    }
    if (format.isInfinite(x)) {
      return format.zero(negative);
    }
    if (format.isZero(x)) {
      status.raise(Status.DIVIDE_BY_ZERO);
      return format.infinity(negative);
    }
    int exponent = format.exponent(x);
    if (exponent < format.minExponent - 2) {
      status.raise(Status.OVERFLOW | Status.INEXACT);
      return status.rounding().overflowsToInfinity(negative)
          ? format.infinity(negative)
          : format.maxNormal(negative);
    }
    if (status.flushToZero() && exponent >= -format.minExponent) {
      status.raise(Status.UNDERFLOW);
      return format.zero(negative);
    }
    int estimate = reciprocal((int) (format.significand(x) >>> (Format.LEADING - 8)));
    long fraction = (long) (estimate & 0xff) << (format.fractionBits - 8);
    // The result is from 1/2 to 1 times 2^-exponent.
    int field = -exponent - 1 - format.minExponent + 1;
    if (field == 0) {
      fraction = format.quietBit() | fraction >>> 1;
    } else if (field < 0) {
      fraction = format.quietBit() >>> 1 | fraction >>> 2;
      field = 0;
    }
    return format.zero(negative) | (long) field << format.fractionBits | fraction;
  }

  /** FRSQRTE. */
  long reciprocalRoot(Format format, long value) {
    long x = floats.input(format, value);
    boolean negative = format.isNegative(x);
    if (format.isNan(x)) {
      return floats.nan(format, x);
    }
    if (format.isZero(x)) {
      status.raise(Status.DIVIDE_BY_ZERO);
      return format.infinity(negative);
    }
    if (negative) {
      return floats.invalid(format);
    }
    if (format.isInfinite(x)) {
      return 0;
    }
    int exponent = format.exponent(x);
    boolean odd = (exponent & 1) != 0;
    int digits = (int) (format.significand(x) >>> (Format.LEADING - (odd ? 8 : 7)));
    int estimate = reciprocalRoot(digits);
    // An even exponent e is taken as 1/4 to 1/2 times 2^(e+2), an odd one as 1/2 to 1.
    int half = odd ? exponent + 1 : exponent + 2;
    int field = -half / 2 - format.minExponent + 1;
    return (long) field << format.fractionBits
        | (long) (estimate & 0xff) << (format.fractionBits - 8);
  }

  /** FRECPX: the exponent, turned round. */
  long reciprocalExponent(Format format, long value) {
    long x = floats.input(format, value);
    if (format.isNan(x)) {
      return floats.nan(format, x);
    }
    int field = format.exponentField(x);
    int turned = field == 0 ? format.maxExponentField - 1 : ~field & format.maxExponentField;
    return (x & format.signBit) | (long) turned << format.fractionBits;
  }
}
