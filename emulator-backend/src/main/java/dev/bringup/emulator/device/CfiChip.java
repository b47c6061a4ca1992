package dev.bringup.emulator.device;

import java.nio.charset.StandardCharsets;

/**
 * What a NOR flash chip says of itself: its Common Flash Interface query (JEDEC JESD68.01, with the
 * Intel extended command set of JEP137) and its identification. A chip is 16 bits wide and has
 * blocks of 128 KiB. The answers are those of the chips in the virtual board of QEMU, which
 * programs know; word addresses throughout.
 */
final class CfiChip {
  /** The data bus, in bytes. */
  static final int WIDTH = 2;

  /** What is erased at once, in bytes. */
  static final int BLOCK = 128 << 10;

  /** What a buffered program may have, in bytes: on this boundary too. */
  static final int BUFFER = 2 << 10;

  private static final int MANUFACTURER_INTEL = 0x89;
  private static final int DEVICE = 0x18;

  private static final int QUERY_WORDS = 0x40;
  private static final int INTEL_EXTENDED = 1;
  private static final int PRIMARY_TABLE = 0x31;
  private static final int INTERFACE_X8_X16 = 2;

  private final byte[] query = new byte[QUERY_WORDS];

  /**
   * @param size in bytes, a power of two, one block at least
   */
  CfiChip(int size) {
    text(0x10, "QRY");
    number(0x13, INTEL_EXTENDED);
    number(0x15, PRIMARY_TABLE);
    // Supply: 4.5 V to 5.5 V, no programming voltage.
    query[0x1b] = 0x45;
    query[0x1c] = 0x55;
    // Typical times as powers of two: 128 us a word, 128 us a buffer, 1024 ms a block.
    query[0x1f] = 7;
    query[0x20] = 7;
    query[0x21] = 10;
    // The longest times as powers of two of the typical ones.
    query[0x23] = 4;
    query[0x24] = 4;
    query[0x25] = 4;
    query[0x27] = (byte) Integer.numberOfTrailingZeros(size);
    number(0x28, INTERFACE_X8_X16);
    number(0x2a, Integer.numberOfTrailingZeros(BUFFER));
    // One region of equal blocks.
    query[0x2c] = 1;
    number(0x2d, size / BLOCK - 1);
    number(0x2f, BLOCK / 256);
    // Version 1.0 without any optional feature: nothing suspends, nothing locks.
    text(PRIMARY_TABLE, "PRI10");
    // One protection register field, of no size.
    query[0x3f] = 1;
  }

  private void text(int word, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, query, word, bytes.length);
  }

  private void number(int word, int value) {
    query[word] = (byte) value;
    query[word + 1] = (byte) (value >>> 8);
  }

  /** The answer at a word after READ QUERY. */
  int query(long word) {
    return word < QUERY_WORDS ? query[(int) word] & 0xff : 0;
  }

  /** The answer at a word, counted from the start of any block, after READ IDENTIFIER. */
  int identification(long word) {
    return switch ((int) (word % (BLOCK / WIDTH))) {
      case 0 -> MANUFACTURER_INTEL;
      case 1 -> DEVICE;
      default -> 0;
    };
  }
}
