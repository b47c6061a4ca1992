package dev.bringup.emulator.aarch64.fp;

/**
 * The registers by element, and the result as it grows: it goes into its register at the end, which
 * may be an operand too. Sizes are powers of two: 0 for a byte to 3 for 64 bits.
 */
final class Lanes {
  private final long[] low;
  private final long[] high;
  private long resultLow;
  private long resultHigh;

  Lanes(long[] low, long[] high) {
    this.low = low;
    this.high = high;
  }

  static long mask(int size) {
    return -1L >>> (64 - (8 << size));
  }

  static long signExtend(long value, int size) {
    int shift = 64 - (8 << size);
    return value << shift >> shift;
  }

  long low(int register) {
    return low[register];
  }

  long high(int register) {
    return high[register];
  }

  /** An element, zero-extended. */
  long get(int register, int index, int size) {
    int bit = index << (size + 3);
    long half = bit < 64 ? low[register] : high[register];
    return half >>> bit & mask(size);
  }

  /** An element, sign- or zero-extended. */
  long get(int register, int index, int size, boolean signed) {
    long element = get(register, index, size);
    return signed ? signExtend(element, size) : element;
  }

  void begin() {
    resultLow = 0;
    resultHigh = 0;
  }

  /** Begins with what the register has. */
  void beginFrom(int register) {
    resultLow = low[register];
    resultHigh = high[register];
  }

  /** Sets an element of the result; what does not fit into it is cut off. */
  void put(int index, int size, long value) {
    int bit = index << (size + 3);
    long mask = mask(size) << bit;
    if (bit < 64) {
      resultLow = (resultLow & ~mask) | (value << bit & mask);
    } else {
      resultHigh = (resultHigh & ~mask) | (value << bit & mask);
    }
  }

  /** An element of the result. */
  long result(int index, int size) {
    int bit = index << (size + 3);
    return (bit < 64 ? resultLow : resultHigh) >>> bit & mask(size);
  }

  void end(int register) {
    low[register] = resultLow;
    high[register] = resultHigh;
  }

  void write(int register, long lowHalf, long highHalf) {
    low[register] = lowHalf;
    high[register] = highHalf;
  }
}
