package dev.bringup.emulator.aarch64.fp;

import static dev.bringup.emulator.aarch64.fp.Format.LEADING;

/** Conversions between formats, and to and from integers and fixed-point numbers. */
final class Conversion {
  private final Status status;
  private final FloatingPoint floats;

  Conversion(Status status, FloatingPoint floats) {
    this.status = status;
    this.floats = floats;
  }

  /** FPConvert of the Arm ARM. FPCR.AHP gives half precision another range, without infinities. */
  long convert(Format from, Format to, long value, Rounding mode) {
    boolean alternativeFrom = from == Format.HALF && status.alternativeHalf();
    boolean alternativeTo = to == Format.HALF && status.alternativeHalf();
    long x = floats.input(from, value);
    boolean negative = from.isNegative(x);
    if (from.exponentField(x) == from.maxExponentField && !alternativeFrom) {
      if (from.isInfinite(x)) {
        if (alternativeTo) {
          status.raise(Status.INVALID);
          return to.zero(negative) | (to.signBit - 1);
        }
        return to.infinity(negative);
      }
      if (from.isSignallingNan(x) || alternativeTo) {
        status.raise(Status.INVALID);
      }
      if (alternativeTo) {
        return to.zero(negative);
      }
      if (status.defaultNan()) {
        return to.defaultNan();
      }
      long payload = x & from.fractionMask;
      int shift = to.fractionBits - from.fractionBits;
      return to.infinity(negative)
          | to.quietBit()
          | (shift >= 0 ? payload << shift : payload >>> -shift);
    }
    if (from.isZero(x)) {
      return to.zero(negative);
    }
    return floats.round(to, negative, from.exponent(x), from.significand(x), mode);
  }

  /**
   * To an integer or a fixed-point number; what does not fit saturates.
   *
   * @param fraction how many fraction bits the result has
   * @param width 32 or 64
   * @return the result in the low {@code width} bits, the others are zero
   */
  long toFixed(
      Format format, long value, int fraction, int width, boolean unsigned, Rounding mode) {
    long x = floats.input(format, value);
    boolean negative = format.isNegative(x);
    if (format.isNan(x)) {
      status.raise(Status.INVALID);
      return 0;
    }
    if (format.isZero(x)) {
      return 0;
    }
    int exponent = format.exponent(x) + fraction;
    if (format.isInfinite(x) || exponent > 63) {
      return saturated(width, unsigned, negative);
    }
    long digits = format.significand(x);
    int cut = LEADING - exponent;
    boolean inexact = isInexact(digits, cut);
    long magnitude = integer(digits, cut, negative, mode);
    if (!fits(magnitude, width, unsigned, negative)) {
      return saturated(width, unsigned, negative);
    }
    if (inexact) {
      status.raise(Status.INEXACT);
    }
    return (negative ? -magnitude : magnitude) & -1L >>> (64 - width);
  }

  private static boolean fits(long magnitude, int width, boolean unsigned, boolean negative) {
    if (unsigned) {
      return negative ? magnitude == 0 : width == 64 || magnitude >>> 32 == 0;
    }
    long limit = 1L << (width - 1);
    return Long.compareUnsigned(magnitude, negative ? limit : limit - 1) <= 0;
  }

  private long saturated(int width, boolean unsigned, boolean negative) {
    status.raise(Status.INVALID);
    long ones = -1L >>> (64 - width);
    if (unsigned) {
      return negative ? 0 : ones;
    }
    return negative ? 1L << (width - 1) : ones >>> 1;
  }

  private static boolean isInexact(long digits, int cut) {
    return cut > 63 || (cut > 0 && digits << -cut != 0);
  }

  /** {@code digits / 2^cut}, rounded. */
  private static long integer(long digits, int cut, boolean negative, Rounding mode) {
    if (cut <= 0) {
      return digits << -cut;
    }
    if (cut > 63) {
      return mode.increments(negative, false, -1, true) ? 1 : 0;
    }
    long kept = digits >>> cut;
    long rest = digits & ((1L << cut) - 1);
    int half = Long.compare(rest, 1L << (cut - 1));
    return mode.increments(negative, (kept & 1) != 0, half, rest != 0) ? kept + 1 : kept;
  }

  /**
   * From an integer or a fixed-point number.
   *
   * @param value sign- or zero-extended to 64 bits
   */
  long fromFixed(Format format, long value, int fraction, boolean unsigned) {
    if (value == 0) {
      return 0;
    }
    boolean negative = !unsigned && value < 0;
    long magnitude = negative ? -value : value;
    int zeros = Long.numberOfLeadingZeros(magnitude);
    long digits = zeros == 0 ? magnitude >>> 1 | (magnitude & 1) : magnitude << (zeros - 1);
    return floats.round(format, negative, 63 - zeros - fraction, digits, status.rounding());
  }

  /** To an integral value of the same format. */
  long toIntegral(Format format, long value, Rounding mode, boolean signalsInexact) {
    long x = floats.input(format, value);
    if (format.isNan(x)) {
      return floats.nan(format, x);
    }
    if (format.isInfinite(x) || format.isZero(x)) {
      return x;
    }
    int exponent = format.exponent(x);
    int cut = LEADING - exponent;
    long digits = format.significand(x);
    if (exponent >= format.fractionBits || !isInexact(digits, cut)) {
      return x;
    }
    if (signalsInexact) {
      status.raise(Status.INEXACT);
    }
    boolean negative = format.isNegative(x);
    long magnitude = integer(digits, cut, negative, mode);
    if (magnitude == 0) {
      return format.zero(negative);
    }
    int top = 63 - Long.numberOfLeadingZeros(magnitude);
    return format.zero(negative)
        | (long) (top - format.minExponent + 1) << format.fractionBits
        | (magnitude << (format.fractionBits - top) & format.fractionMask);
  }
}
