package dev.bringup.emulator.device;

/** How Arm's peripherals say what they are: eight bytes, a word each, at the end of the region. */
final class PrimeCell {
  private static final int FIRST = 0xfe0;
  private static final int END = 0x1000;

  private PrimeCell() {}

  /**
   * Reads PeriphID0 to PCellID3.
   *
   * @param identification the first of them in the low byte
   * @return 0 at all other offsets
   */
  static long read(long identification, long offset) {
    return offset >= FIRST && offset < END
        ? identification >>> ((offset - FIRST) / 4 * 8) & 0xff
        : 0;
  }
}
