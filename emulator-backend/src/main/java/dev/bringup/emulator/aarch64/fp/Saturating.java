package dev.bringup.emulator.aarch64.fp;

/**
 * Integer arithmetic that saturates and sets QC. Operands are sign- or zero-extended to 64 bits, as
 * the operation takes them; {@code bits} is 8, 16, 32 or 64.
 */
final class Saturating {
  private final Status status;

  Saturating(Status status) {
    this.status = status;
  }

  private long saturated(long value) {
    status.raise(Status.SATURATED);
    return value;
  }

  private static long max(int bits) {
    return Long.MAX_VALUE >>> (64 - bits);
  }

  private static long allOnes(int bits) {
    return -1L >>> (64 - bits);
  }

  /** Narrows to a signed number. */
  long signed(long value, int bits) {
    long max = max(bits);
    if (value > max) {
      return saturated(max);
    }
    return value < ~max ? saturated(~max) : value;
  }

  /** Narrows a signed number to an unsigned one. */
  long unsigned(long value, int bits) {
    if (value < 0) {
      return saturated(0);
    }
    return narrow(value, bits);
  }

  /** Narrows an unsigned number. */
  long narrow(long value, int bits) {
    return Long.compareUnsigned(value, allOnes(bits)) > 0 ? saturated(allOnes(bits)) : value;
  }

  long addSigned(long a, long b, int bits) {
    long sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0) {
      return saturated(a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE);
    }
    return signed(sum, bits);
  }

  long subtractSigned(long a, long b, int bits) {
    long difference = a - b;
    if (((a ^ b) & (a ^ difference)) < 0) {
      return saturated(a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE);
    }
    return signed(difference, bits);
  }

  long addUnsigned(long a, long b, int bits) {
    long sum = a + b;
    return Long.compareUnsigned(sum, a) < 0 ? saturated(-1) : narrow(sum, bits);
  }

  long subtractUnsigned(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? saturated(0) : a - b;
  }

  /** SUQADD: an unsigned number to a signed one. */
  long addUnsignedToSigned(long accumulator, long b, int bits) {
    if (b < 0) {
      // Over 2^63: fits only with a negative accumulator.
      long sum = accumulator + b;
      return accumulator >= 0 || sum < 0 ? saturated(Long.MAX_VALUE) : sum;
    }
    return addSigned(accumulator, b, bits);
  }

  /** USQADD: a signed number to an unsigned one. */
  long addSignedToUnsigned(long accumulator, long b, int bits) {
    return b >= 0 ? addUnsigned(accumulator, b, bits) : subtractUnsigned(accumulator, -b);
  }

  /** The high half of twice the product. */
  long multiplyHigh(long a, long b, int bits, boolean rounds) {
    long product = a * b + (rounds ? 1L << (bits - 2) : 0);
    return signed(product >> (bits - 1), bits);
  }

  /** Twice the product of numbers of half as many bits. */
  long multiplyDouble(long a, long b, int bits) {
    long product = a * b;
    return bits == 64 && product == 1L << 62
        ? saturated(Long.MAX_VALUE)
        : signed(2 * product, bits);
  }

  /**
   * Shifts left by the low byte of {@code by}, right if that is negative.
   *
   * @param rounds whether a shift right adds a half first
   */
  static long shift(long a, long by, boolean signed, boolean rounds) {
    int places = (byte) by;
    if (places >= 0) {
      return places > 63 ? 0 : a << places;
    }
    return shiftRight(a, -places, signed, rounds);
  }

  static long shiftRight(long a, int places, boolean signed, boolean rounds) {
    if (signed) {
      long half = rounds ? a >> Math.min(places - 1, 63) & 1 : 0;
      return (a >> Math.min(places, 63)) + half;
    }
    long half = rounds && places <= 64 ? a >>> (places - 1) & 1 : 0;
    return (places > 63 ? 0 : a >>> places) + half;
  }

  /** As {@link #shift}; a shift left saturates. */
  long shiftSaturating(long a, long by, int bits, boolean signed, boolean rounds) {
    int places = (byte) by;
    if (places < 0) {
      return shiftRight(a, -places, signed, rounds);
    }
    if (a == 0) {
      return 0;
    }
    if (signed) {
      boolean fits = places < bits && a << (64 - bits + places) >> (64 - bits + places) == a;
      return fits ? a << places : saturated(a < 0 ? ~max(bits) : max(bits));
    }
    boolean fits = places < bits && a << (64 - bits + places) >>> (64 - bits + places) == a;
    return fits ? a << places : saturated(allOnes(bits));
  }

  /** SQSHLU: a signed number to an unsigned one. */
  long shiftToUnsigned(long a, int places, int bits) {
    return a < 0 ? saturated(0) : shiftSaturating(a, places, bits, false, false);
  }
}
