package dev.bringup.tftp;

/**
 * Blocks counted from 1 without end, and their 16-bit numbers on the wire. After 65535 comes 0, or
 * 1 for peers that never use 0 again; the RFCs leave that open.
 */
record BlockNumbers(boolean wrapToOne) {
  private static final int CYCLE_TO_ONE = 65535;

  /** The number of block {@code index} on the wire. */
  int onWire(long index) {
    return wrapToOne && index > 0 ? (int) ((index - 1) % CYCLE_TO_ONE) + 1 : (int) (index & 0xffff);
  }

  /** The smallest index that is not below {@code from} and has this number; -1 if none has. */
  long atOrAfter(long from, int number) {
    if (!wrapToOne) {
      return from + ((number - from) & 0xffff);
    }
    if (number == 0) {
      return from == 0 ? 0 : -1;
    }
    return from + Math.floorMod(number - from, (long) CYCLE_TO_ONE);
  }
}
