package dev.bringup.emulator.aarch64.fp;

import static dev.bringup.emulator.aarch64.fp.Format.DOUBLE;
import static dev.bringup.emulator.aarch64.fp.Format.LEADING;

/**
 * Arithmetic on raw bits, to the bit and to the flag, as the pseudocode of the Arm ARM
 * (shared/functions/float) defines it. What Java's own arithmetic is sure to do alike goes to
 * {@link HostArithmetic}.
 */
final class FloatingPoint {
  private final Status status;

  FloatingPoint(Status status) {
    this.status = status;
  }

  // Operands and results of every operation

  /** The operand as it counts: a denormal number is zero if FPCR.FZ says so. */
  long input(Format format, long value) {
    if (format != Format.HALF && format.isDenormal(value) && status.flushToZero()) {
      status.raise(Status.INPUT_DENORMAL);
      return value & format.signBit;
    }
    return value;
  }

  /** The result of an invalid operation. */
  long invalid(Format format) {
    status.raise(Status.INVALID);
    return format.defaultNan();
  }

  /** The result for an operand that is a NaN. */
  long nan(Format format, long value) {
    if (format.isSignallingNan(value)) {
      status.raise(Status.INVALID);
    }
    return status.defaultNan() ? format.defaultNan() : value | format.quietBit();
  }

  /** The result where one operand at least is a NaN: signalling ones go first. */
  private long nan(Format format, long a, long b) {
    boolean first = format.isSignallingNan(a) || (format.isNan(a) && !format.isSignallingNan(b));
    return nan(format, first ? a : b);
  }

  private long nan(Format format, long a, long b, long c) {
    if (format.isSignallingNan(a) || format.isSignallingNan(b)) {
      return nan(format, a, b);
    }
    return format.isSignallingNan(c) || !(format.isNan(a) || format.isNan(b))
        ? nan(format, c)
        : nan(format, a, b);
  }

  /** Shifts right; the last bit tells whether a one was lost. */
  private static long shiftRight(long value, int by) {
    if (by == 0) {
      return value;
    }
    return by > 63 ? (value == 0 ? 0 : 1) : value >>> by | (value << -by == 0 ? 0 : 1);
  }

  /**
   * The number of this format for {@code significand * 2^(exponent - 62)}.
   *
   * @param significand its leading one in bit 62, its last bit set if more ones follow
   */
  long round(Format format, boolean negative, int exponent, long significand, Rounding mode) {
    if (exponent < format.minExponent && format != Format.HALF && status.flushToZero()) {
      status.raise(Status.UNDERFLOW);
      return format.zero(negative);
    }
    int field = exponent - format.minExponent + 1;
    long digits = significand;
    if (field <= 0) {
      digits = shiftRight(digits, 1 - field);
      field = 0;
    }
    int cut = LEADING - format.fractionBits;
    long mantissa = digits >>> cut;
    long rest = digits & ((1L << cut) - 1);
    boolean inexact = rest != 0;
    if (inexact && field == 0) {
      status.raise(Status.UNDERFLOW);
    }
    int half = Long.compare(rest, 1L << (cut - 1));
    if (mode.increments(negative, (mantissa & 1) != 0, half, inexact)) {
      mantissa++;
      if (mantissa == 1L << format.fractionBits && field == 0) {
        field = 1;
      } else if (mantissa == 2L << format.fractionBits) {
        field++;
        mantissa >>>= 1;
      }
    } else if (mode == Rounding.TO_ODD && inexact) {
      mantissa |= 1;
    }
    if (format == Format.HALF && status.alternativeHalf()) {
      if (field > format.maxExponentField) {
        status.raise(Status.INVALID);
        return format.zero(negative) | (format.signBit - 1);
      }
    } else if (field >= format.maxExponentField) {
      status.raise(Status.OVERFLOW | Status.INEXACT);
      return mode.overflowsToInfinity(negative)
          ? format.infinity(negative)
          : format.maxNormal(negative);
    }
    if (inexact) {
      status.raise(Status.INEXACT);
    }
    return format.zero(negative)
        | (long) field << format.fractionBits
        | (mantissa & format.fractionMask);
  }

  /** As {@link #round}, for a significand with its leading one anywhere or in bit 63. */
  private long normalizeAndRound(Format format, boolean negative, int exponent, long significand) {
    if (significand < 0) {
      return round(format, negative, exponent + 1, shiftRight(significand, 1), status.rounding());
    }
    int shift = Long.numberOfLeadingZeros(significand) - 1;
    return round(format, negative, exponent - shift, significand << shift, status.rounding());
  }

  /** The sum of two numbers that cancel: -0 only where rounding goes down. */
  private long exactZero(Format format) {
    return format.zero(status.rounding() == Rounding.DOWN);
  }

  // Arithmetic

  long add(Format format, long a, long b) {
    if (status.roundsToNearest()) {
      long fast =
          format == DOUBLE
              ? HostArithmetic.addDouble(a, b, status.has(Status.INEXACT))
              : HostArithmetic.addSingle(a, b, status.has(Status.INEXACT));
      if (fast != HostArithmetic.UNSURE) {
        return fast;
      }
    }
    long x = input(format, a);
    long y = input(format, b);
    if (format.isNan(x) || format.isNan(y)) {
      return nan(format, x, y);
    }
    return sum(format, x, y);
  }

  /** Not the sum with {@code -b}: a NaN keeps its sign. */
  long subtract(Format format, long a, long b) {
    if (!format.isNan(b)) {
      return add(format, a, b ^ format.signBit);
    }
    return nan(format, input(format, a), b);
  }

  private long sum(Format format, long a, long b) {
    boolean alike = format.isNegative(a) == format.isNegative(b);
    if (format.isInfinite(a)) {
      return format.isInfinite(b) && !alike ? invalid(format) : a;
    }
    if (format.isInfinite(b)) {
      return b;
    }
    if (format.isZero(a)) {
      return format.isZero(b) && !alike ? exactZero(format) : b;
    }
    if (format.isZero(b)) {
      return a;
    }
    boolean larger = format.magnitude(a) >= format.magnitude(b);
    long big = larger ? a : b;
    long small = larger ? b : a;
    int exponent = format.exponent(big);
    long addend = shiftRight(format.significand(small), exponent - format.exponent(small));
    long digits = format.significand(big) + (alike ? addend : -addend);
    return digits == 0
        ? exactZero(format)
        : normalizeAndRound(format, format.isNegative(big), exponent, digits);
  }

  long multiply(Format format, long a, long b) {
    return multiply(format, a, b, false);
  }

  /** FMULX: infinity times zero is two. */
  long multiplyExtended(Format format, long a, long b) {
    return multiply(format, a, b, true);
  }

  private long multiply(Format format, long a, long b, boolean extended) {
    if (status.roundsToNearest()) {
      long fast =
          format == DOUBLE
              ? HostArithmetic.multiplyDouble(a, b, status.has(Status.INEXACT))
              : HostArithmetic.multiplySingle(a, b, status.has(Status.INEXACT));
      if (fast != HostArithmetic.UNSURE) {
        return fast;
      }
    }
    long x = input(format, a);
    long y = input(format, b);
    if (format.isNan(x) || format.isNan(y)) {
      return nan(format, x, y);
    }
    boolean negative = format.isNegative(x ^ y);
    boolean zero = format.isZero(x) || format.isZero(y);
    if (format.isInfinite(x) || format.isInfinite(y)) {
      if (!zero) {
        return format.infinity(negative);
      }
      return extended ? format.zero(negative) | format.constant(1, false) : invalid(format);
    }
    if (zero) {
      return format.zero(negative);
    }
    long p = format.significand(x);
    long q = format.significand(y);
    long low = p * q;
    long digits = Math.multiplyHigh(p, q) << 2 | low >>> 62 | (low << 2 == 0 ? 0 : 1);
    return normalizeAndRound(format, negative, format.exponent(x) + format.exponent(y), digits);
  }

  long divide(Format format, long a, long b) {
    if (status.roundsToNearest()) {
      long fast =
          format == DOUBLE
              ? HostArithmetic.divideDouble(a, b, status.has(Status.INEXACT))
              : HostArithmetic.divideSingle(a, b, status.has(Status.INEXACT));
      if (fast != HostArithmetic.UNSURE) {
        return fast;
      }
    }
    long x = input(format, a);
    long y = input(format, b);
    if (format.isNan(x) || format.isNan(y)) {
      return nan(format, x, y);
    }
    boolean negative = format.isNegative(x ^ y);
    if (format.isInfinite(x)) {
      return format.isInfinite(y) ? invalid(format) : format.infinity(negative);
    }
    if (format.isZero(y)) {
      if (format.isZero(x)) {
        return invalid(format);
      }
      status.raise(Status.DIVIDE_BY_ZERO);
      return format.infinity(negative);
    }
    if (format.isZero(x) || format.isInfinite(y)) {
      return format.zero(negative);
    }
    long divisor = format.significand(y) >>> (LEADING - format.fractionBits);
    long rest = format.significand(x) >>> (LEADING - format.fractionBits);
    long quotient = 0;
    int digits = format.fractionBits + 3; // one to round by, one in case the first is zero
    for (int i = 0; i < digits; i++) {
      quotient <<= 1;
      if (rest >= divisor) {
        rest -= divisor;
        quotient |= 1;
      }
      rest <<= 1;
    }
    long sticky = rest == 0 ? 0 : 1;
    return normalizeAndRound(
        format,
        negative,
        format.exponent(x) - format.exponent(y),
        quotient << (LEADING + 1 - digits) | sticky);
  }

  long squareRoot(Format format, long a) {
    if (status.roundsToNearest()) {
      long fast =
          format == DOUBLE
              ? HostArithmetic.squareRootDouble(a, status.has(Status.INEXACT))
              : HostArithmetic.squareRootSingle(a, status.has(Status.INEXACT));
      if (fast != HostArithmetic.UNSURE) {
        return fast;
      }
    }
    long x = input(format, a);
    if (format.isNan(x)) {
      return nan(format, x);
    }
    if (format.isZero(x)) {
      return x;
    }
    if (format.isNegative(x)) {
      return invalid(format);
    }
    if (format.isInfinite(x)) {
      return x;
    }
    int exponent = format.exponent(x);
    // An even exponent, two digits a step: the first of them is 01, 10 or 11.
    long operand = format.significand(x) << ((exponent & 1) == 0 ? 0 : 1);
    long rest = 0;
    long root = 0;
    int digits = format.fractionBits + 2;
    for (int i = 0; i < digits; i++) {
      rest = rest << 2 | operand >>> 62;
      operand <<= 2;
      long test = root << 2 | 1;
      root <<= 1;
      if (rest >= test) {
        rest -= test;
        root |= 1;
      }
    }
    long sticky = rest == 0 ? 0 : 1;
    return normalizeAndRound(format, false, exponent >> 1, root << (LEADING + 1 - digits) | sticky);
  }

  /** {@code addend + a * b} with one rounding. */
  long multiplyAdd(Format format, long addend, long a, long b) {
    if (status.roundsToNearest() && status.has(Status.INEXACT)) {
      long fast =
          format == DOUBLE
              ? HostArithmetic.multiplyAddDouble(addend, a, b)
              : HostArithmetic.multiplyAddSingle(addend, a, b);
      if (fast != HostArithmetic.UNSURE) {
        return fast;
      }
    }
    long z = input(format, addend);
    long x = input(format, a);
    long y = input(format, b);
    boolean undefined =
        (format.isInfinite(x) && format.isZero(y)) || (format.isZero(x) && format.isInfinite(y));
    if (format.isNan(z) || format.isNan(x) || format.isNan(y)) {
      return undefined && !format.isSignallingNan(z) ? invalid(format) : nan(format, z, x, y);
    }
    if (undefined) {
      return invalid(format);
    }
    boolean negative = format.isNegative(x ^ y);
    if (format.isInfinite(x) || format.isInfinite(y)) {
      return format.isInfinite(z) && format.isNegative(z) != negative
          ? invalid(format)
          : format.infinity(negative);
    }
    if (format.isInfinite(z)) {
      return z;
    }
    if (format.isZero(x) || format.isZero(y)) {
      return sum(format, z, format.zero(negative));
    }
    return fused(format, z, x, y, negative, 0);
  }

  /** FRECPS: {@code 2 - a * b}, fused. */
  long reciprocalStep(Format format, long a, long b) {
    return step(format, a, b, format.constant(1, false), format.constant(1, false), 0);
  }

  /** FRSQRTS: {@code (3 - a * b) / 2}, fused. */
  long squareRootStep(Format format, long a, long b) {
    return step(format, a, b, format.constant(1, true), format.constant(0, true), -1);
  }

  private long step(Format format, long a, long b, long minuend, long limit, int scale) {
    long x = input(format, a ^ format.signBit);
    long y = input(format, b);
    if (format.isNan(x) || format.isNan(y)) {
      return nan(format, x, y);
    }
    boolean negative = format.isNegative(x ^ y);
    boolean zero = format.isZero(x) || format.isZero(y);
    if (zero) {
      return limit;
    }
    if (format.isInfinite(x) || format.isInfinite(y)) {
      return format.infinity(negative);
    }
    return fused(format, minuend, x, y, negative, scale);
  }

  /** {@code (z + x * y) * 2^scale} of finite numbers; x and y are not zero. */
  private long fused(Format format, long z, long x, long y, boolean negative, int scale) {
    long p = format.significand(x);
    long q = format.significand(y);
    // The product, 128 bits with the leading one in bit 126.
    long high = Math.multiplyHigh(p, q);
    long low = p * q;
    int exponent = format.exponent(x) + format.exponent(y) + 1;
    int shift = Long.numberOfLeadingZeros(high) - 1;
    high = high << shift | low >>> (64 - shift);
    low <<= shift;
    exponent -= shift - 1;
    if (format.isZero(z)) {
      return normalizeAndRound(format, negative, exponent + scale, high | (low == 0 ? 0 : 1));
    }
    long otherHigh = format.significand(z);
    long otherLow = 0;
    int otherExponent = format.exponent(z);
    boolean alike = format.isNegative(z) == negative;
    boolean other =
        otherExponent > exponent
            || (otherExponent == exponent && Long.compareUnsigned(otherHigh, high) > 0);
    if (other) {
      long h = high;
      high = otherHigh;
      otherHigh = h;
      otherLow = low;
      low = 0;
    }
    int apart = other ? otherExponent - exponent : exponent - otherExponent;
    if (apart >= 128) {
      otherHigh = 0;
      otherLow = 1;
    } else if (apart >= 64) {
      otherLow = shiftRight(otherHigh, apart - 64) | (otherLow == 0 ? 0 : 1);
      otherHigh = 0;
    } else if (apart > 0) {
      otherLow = otherHigh << -apart | shiftRight(otherLow, apart);
      otherHigh >>>= apart;
    }
    if (alike) {
      low += otherLow;
      high += otherHigh + (Long.compareUnsigned(low, otherLow) < 0 ? 1 : 0);
    } else {
      high -= otherHigh + (Long.compareUnsigned(low, otherLow) < 0 ? 1 : 0);
      low -= otherLow;
    }
    if ((high | low) == 0) {
      return exactZero(format);
    }
    boolean sign = other ? format.isNegative(z) : negative;
    int top = (other ? otherExponent : exponent) + scale;
    if (high == 0) {
      return normalizeAndRound(format, sign, top - 64, low);
    }
    int up = Long.numberOfLeadingZeros(high) - 1;
    if (up > 0) {
      high = high << up | low >>> (64 - up);
      low <<= up;
      top -= up;
    }
    return normalizeAndRound(format, sign, top, high | (low == 0 ? 0 : 1));
  }

  // Comparison

  /**
   * The flags NZCV of a comparison.
   *
   * @param quiet whether a quiet NaN is no invalid operation
   */
  int compare(Format format, long a, long b, boolean quiet) {
    long x = input(format, a);
    long y = input(format, b);
    if (format.isNan(x) || format.isNan(y)) {
      if (!quiet || format.isSignallingNan(x) || format.isSignallingNan(y)) {
        status.raise(Status.INVALID);
      }
      return 0b0011;
    }
    int order = Long.compare(order(format, x), order(format, y));
    return order < 0 ? 0b1000 : order == 0 ? 0b0110 : 0b0010;
  }

  /** A number that orders like the value; both zeros alike. */
  private static long order(Format format, long value) {
    long magnitude = format.magnitude(value);
    return format.isNegative(value) ? -magnitude : magnitude;
  }

  long maximum(Format format, long a, long b) {
    return extreme(format, a, b, true);
  }

  long minimum(Format format, long a, long b) {
    return extreme(format, a, b, false);
  }

  /** FMAXNM: a quiet NaN loses against a number. */
  long maximumNumber(Format format, long a, long b) {
    return extremeNumber(format, a, b, true);
  }

  long minimumNumber(Format format, long a, long b) {
    return extremeNumber(format, a, b, false);
  }

  private long extremeNumber(Format format, long a, long b, boolean max) {
    boolean quietA = format.isNan(a) && !format.isSignallingNan(a);
    boolean quietB = format.isNan(b) && !format.isSignallingNan(b);
    if (quietA == quietB) {
      return extreme(format, a, b, max);
    }
    long worst = format.infinity(max);
    return quietA ? extreme(format, worst, b, max) : extreme(format, a, worst, max);
  }

  private long extreme(Format format, long a, long b, boolean max) {
    long x = input(format, a);
    long y = input(format, b);
    if (format.isNan(x) || format.isNan(y)) {
      return nan(format, x, y);
    }
    if (format.isZero(x) && format.isZero(y)) {
      return max ? x & y : x | y;
    }
    return (order(format, x) > order(format, y)) == max ? x : y;
  }
}
