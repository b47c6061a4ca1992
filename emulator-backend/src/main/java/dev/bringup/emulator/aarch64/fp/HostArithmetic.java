package dev.bringup.emulator.aarch64.fp;

/**
 * The usual case in Java's own arithmetic: operands that are normal numbers or zero, a result well
 * within the normal range, rounding to nearest. Where the inexact flag is not set yet, only results
 * that are exact beyond doubt; anything else is {@link #UNSURE}.
 */
final class HostArithmetic {
  /** Not a result: a signalling NaN in either format. */
  static final long UNSURE = 0x7ff0_0000_7f80_0001L;

  private HostArithmetic() {}

  private static boolean isPlain(long a) {
    int field = (int) (a >>> 52) & 0x7ff;
    return (field - 1) >>> 1 < 0x3ff || a << 1 == 0;
  }

  private static boolean isPlain(int a) {
    int field = a >>> 23 & 0xff;
    return (field - 1) >>> 1 < 0x7f || a << 1 == 0;
  }

  /** One step away from the denormal numbers: tininess is of the value before it is rounded. */
  private static boolean isSafe(long result) {
    int field = (int) (result >>> 52) & 0x7ff;
    return field > 1 && field < 0x7ff;
  }

  private static boolean isSafe(int result) {
    int field = result >>> 23 & 0xff;
    return field > 1 && field < 0xff;
  }

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }

  private static long bits(float value) {
    return Float.floatToRawIntBits(value) & 0xffff_ffffL;
  }

  /** Whether the product of these doubles has no more digits than a double. */
  private static boolean isShortProduct(long a, long b) {
    long implicit = 1L << 52;
    return Long.numberOfTrailingZeros(a | implicit) + Long.numberOfTrailingZeros(b | implicit)
        >= 53;
  }

  static long addDouble(long a, long b, boolean mayRound) {
    if (!isPlain(a) || !isPlain(b)) {
      return UNSURE;
    }
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    double sum = x + y;
    long result = bits(sum);
    if (!isSafe(result) && sum != 0) {
      return UNSURE;
    }
    if (!mayRound) {
      double part = sum - x;
      if ((x - (sum - part)) + (y - part) != 0) {
        return UNSURE;
      }
    }
    return result;
  }

  static long addSingle(long a, long b, boolean mayRound) {
    if (!isPlain((int) a) || !isPlain((int) b)) {
      return UNSURE;
    }
    float x = Float.intBitsToFloat((int) a);
    float y = Float.intBitsToFloat((int) b);
    float sum = x + y;
    long result = bits(sum);
    if (!isSafe((int) result) && sum != 0) {
      return UNSURE;
    }
    if (!mayRound) {
      float part = sum - x;
      if ((x - (sum - part)) + (y - part) != 0) {
        return UNSURE;
      }
    }
    return result;
  }

  static long multiplyDouble(long a, long b, boolean mayRound) {
    if (!isPlain(a) || !isPlain(b)) {
      return UNSURE;
    }
    long result = bits(Double.longBitsToDouble(a) * Double.longBitsToDouble(b));
    if (a << 1 == 0 || b << 1 == 0) {
      return result;
    }
    return isSafe(result) && (mayRound || isShortProduct(a, b)) ? result : UNSURE;
  }

  static long multiplySingle(long a, long b, boolean mayRound) {
    if (!isPlain((int) a) || !isPlain((int) b)) {
      return UNSURE;
    }
    double exact = (double) Float.intBitsToFloat((int) a) * Float.intBitsToFloat((int) b);
    float rounded = (float) exact;
    long result = bits(rounded);
    if (exact == 0) {
      return result;
    }
    return isSafe((int) result) && (mayRound || rounded == exact) ? result : UNSURE;
  }

  static long divideDouble(long a, long b, boolean mayRound) {
    if (!isPlain(a) || !isPlain(b) || a << 1 == 0 || b << 1 == 0) {
      return UNSURE;
    }
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    double quotient = x / y;
    long result = bits(quotient);
    boolean sure = isSafe(result) && (mayRound || (isShortProduct(result, b) && quotient * y == x));
    return sure ? result : UNSURE;
  }

  static long divideSingle(long a, long b, boolean mayRound) {
    if (!isPlain((int) a) || !isPlain((int) b) || (int) a << 1 == 0 || (int) b << 1 == 0) {
      return UNSURE;
    }
    double x = Float.intBitsToFloat((int) a);
    double y = Float.intBitsToFloat((int) b);
    float quotient = (float) (x / y);
    long result = bits(quotient);
    return isSafe((int) result) && (mayRound || quotient * y == x) ? result : UNSURE;
  }

  static long squareRootDouble(long a, boolean mayRound) {
    if (!isPlain(a) || a <= 0) {
      return UNSURE;
    }
    double x = Double.longBitsToDouble(a);
    double root = Math.sqrt(x);
    long result = bits(root);
    return mayRound || (isShortProduct(result, result) && root * root == x) ? result : UNSURE;
  }

  static long squareRootSingle(long a, boolean mayRound) {
    if (!isPlain((int) a) || (int) a <= 0) {
      return UNSURE;
    }
    double x = Float.intBitsToFloat((int) a);
    float root = (float) Math.sqrt(x);
    return mayRound || (double) root * root == x ? bits(root) : UNSURE;
  }

  /** Rounds. */
  static long multiplyAddDouble(long addend, long a, long b) {
    if (!isPlain(addend) || !isPlain(a) || !isPlain(b)) {
      return UNSURE;
    }
    long result =
        bits(
            Math.fma(
                Double.longBitsToDouble(a),
                Double.longBitsToDouble(b),
                Double.longBitsToDouble(addend)));
    return isSafe(result) ? result : UNSURE;
  }

  /** Rounds. */
  static long multiplyAddSingle(long addend, long a, long b) {
    if (!isPlain((int) addend) || !isPlain((int) a) || !isPlain((int) b)) {
      return UNSURE;
    }
    long result =
        bits(
            Math.fma(
                Float.intBitsToFloat((int) a),
                Float.intBitsToFloat((int) b),
                Float.intBitsToFloat((int) addend)));
    return isSafe((int) result) ? result : UNSURE;
  }
}
