package dev.bringup.emulator.device;

/**
 * Registers of 32 bits that may also be accessed by byte, halfword and doubleword. A read of a part
 * has the effects of a read of the whole.
 */
abstract class GicRegisters implements Device {

  /** Reads the register at {@code offset}, a multiple of 4. */
  abstract int readWord(int offset);

  /**
   * Writes the bits in {@code mask} of the register at {@code offset}, a multiple of 4.
   *
   * @param value has zeros outside of {@code mask}
   */
  abstract void writeWord(int offset, int value, int mask);

  @Override
  public final long read(long offset, int size) {
    int word = (int) offset & ~3;
    if (size == 8) {
      long low = Integer.toUnsignedLong(readWord(word));
      return low | (long) readWord(word + 4) << 32;
    }
    int shift = ((int) offset & 3) * 8;
    return Integer.toUnsignedLong(readWord(word) >>> shift & mask(size));
  }

  @Override
  public final void write(long offset, int size, long value) {
    int word = (int) offset & ~3;
    if (size == 8) {
      writeWord(word, (int) value, -1);
      writeWord(word + 4, (int) (value >>> 32), -1);
      return;
    }
    int shift = ((int) offset & 3) * 8;
    int mask = mask(size);
    writeWord(word, ((int) value & mask) << shift, mask << shift);
  }

  private static int mask(int size) {
    return -1 >>> (32 - size * 8);
  }
}
