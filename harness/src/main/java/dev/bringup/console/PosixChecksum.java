package dev.bringup.console;

/** The checksum of the {@code cksum} command (POSIX.1-2024, cksum, "Description"). */
final class PosixChecksum {
  private static final int[] TABLE = table();

  private PosixChecksum() {}

  private static int[] table() {
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      int c = i << 24;
      for (int bit = 0; bit < 8; bit++) {
        c = c < 0 ? (c << 1) ^ 0x04c11db7 : c << 1;
      }
      table[i] = c;
    }
    return table;
  }

  /** The checksum as an unsigned 32-bit number. */
  static long of(byte[] bytes) {
    int crc = 0;
    for (byte b : bytes) {
      crc = (crc << 8) ^ TABLE[(crc >>> 24) ^ (b & 0xff)];
    }
    for (int length = bytes.length; length != 0; length >>>= 8) {
      crc = (crc << 8) ^ TABLE[(crc >>> 24) ^ (length & 0xff)];
    }
    return ~crc & 0xffffffffL;
  }
}
