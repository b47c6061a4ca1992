package dev.bringup.emulator.device;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What is in a bank of flash: bytes in blocks of 256 KiB, of which those that are erased take no
 * memory. Erased bytes are 0xff. Used by one thread at a time.
 */
public final class FlashContents {
  /** Bytes of a block, a power of two. */
  static final int BLOCK = 1 << 18;

  private static final int MASK = BLOCK - 1;
  private static final byte ERASED = (byte) 0xff;

  /** A block holds different bytes. */
  static final int MIXED = -1;

  private static final int UNKNOWN = -2;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final int length;

  /** Null for those that are erased; otherwise of {@link #BLOCK} bytes. */
  private final byte[][] blocks;

  /** For each block that has bytes the one that all of them are, MIXED or UNKNOWN. */
  private final int[] fills;

  /**
   * An erased bank.
   *
   * @param length in bytes, a power of two and at least 256 KiB
   */
  public FlashContents(int length) {
    if (Integer.bitCount(length) != 1 || length < BLOCK) {
      throw new IllegalArgumentException("no bank has %d bytes".formatted(length));
    }
    this.length = length;
    this.blocks = new byte[length / BLOCK][];
    this.fills = new int[length / BLOCK];
  }

  /** In bytes. */
  public int length() {
    return length;
  }

  int blocks() {
    return blocks.length;
  }

  /**
   * Reads little-endian; the range does not cross a block.
   *
   * @param size 1, 2, 4 or 8
   */
  long read(int at, int size) {
    byte[] block = blocks[at / BLOCK];
    if (block == null) {
      return -1L >>> (64 - 8 * size);
    }
    int index = at & MASK;
    return switch (size) {
      case 1 -> block[index] & 0xffL;
      case 2 -> (short) SHORT.get(block, index) & 0xffffL;
      case 4 -> (int) INT.get(block, index) & 0xffff_ffffL;
      default -> (long) LONG.get(block, index);
    };
  }

  /** Copies bytes out. */
  public void read(int at, byte[] into, int from, int length) {
    for (int done = 0; done < length; ) {
      int index = at + done & MASK;
      int count = Math.min(length - done, BLOCK - index);
      byte[] block = blocks[(at + done) / BLOCK];
      if (block == null) {
        Arrays.fill(into, from + done, from + done + count, ERASED);
      } else {
        System.arraycopy(block, index, into, from + done, count);
      }
      done += count;
    }
  }

  /** A copy of some bytes. */
  byte[] copy(int at, int length) {
    var bytes = new byte[length];
    read(at, bytes, 0, length);
    return bytes;
  }

  /** Makes bytes what they are told to be, as a programmer beside the board does. */
  public void write(int at, byte[] bytes) {
    for (int done = 0; done < bytes.length; ) {
      int index = at + done & MASK;
      int count = Math.min(bytes.length - done, BLOCK - index);
      System.arraycopy(bytes, done, changed((at + done) / BLOCK), index, count);
      done += count;
    }
  }

  /** Clears the bits that are clear in {@code value}. */
  void program(int at, byte value) {
    byte[] block = blocks[at / BLOCK];
    if (block == null && value == ERASED) {
      return;
    }
    changed(at / BLOCK)[at & MASK] &= value;
  }

  /** The bytes of a block that is about to change. */
  private byte[] changed(int block) {
    byte[] bytes = blocks[block];
    if (bytes == null) {
      bytes = new byte[BLOCK];
      Arrays.fill(bytes, ERASED);
      blocks[block] = bytes;
    }
    fills[block] = UNKNOWN;
    return bytes;
  }

  void erase(int block) {
    blocks[block] = null;
  }

  /** The byte that all of a block is, or {@link #MIXED}: most are blank and need not be saved. */
  int fill(int block) {
    byte[] bytes = blocks[block];
    if (bytes == null) {
      return 0xff;
    }
    if (fills[block] == UNKNOWN) {
      boolean uniform = Arrays.equals(bytes, 0, MASK, bytes, 1, BLOCK);
      fills[block] = uniform ? bytes[0] & 0xff : MIXED;
    }
    return fills[block];
  }

  /** Makes a block one byte all over; false if it is so already. */
  boolean fill(int block, int value) {
    if (fill(block) == value) {
      return false;
    }
    if (value == 0xff) {
      erase(block);
    } else {
      Arrays.fill(changed(block), (byte) value);
    }
    return true;
  }

  /** Makes a block what it is told to be; false if it is so already. */
  boolean replace(int block, byte[] bytes) {
    if (bytes.length != BLOCK) {
      throw new IllegalArgumentException("no block has %d bytes".formatted(bytes.length));
    }
    byte[] present = blocks[block];
    if (present != null && Arrays.equals(present, bytes)) {
      return false;
    }
    System.arraycopy(bytes, 0, changed(block), 0, BLOCK);
    return true;
  }
}
