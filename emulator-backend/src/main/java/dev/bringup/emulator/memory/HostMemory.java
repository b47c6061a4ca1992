package dev.bringup.emulator.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Loads and stores at addresses of this process, for guest RAM whose host address the software TLB
 * knows. Little-endian, unaligned allowed. One segment over all addresses costs no bounds check
 * that matters; an address that is not guest RAM would end the JVM, so only {@link PhysicalMemory}
 * and the TLB that it fills give them out.
 */
public final class HostMemory {
  @SuppressWarnings("restricted") // the launcher, the tests and the jar's manifest allow it
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private HostMemory() {}

  public static byte getByte(long address) {
    return ALL.get(ValueLayout.JAVA_BYTE, address);
  }

  public static short getShort(long address) {
    return ALL.get(SHORT, address);
  }

  public static int getInt(long address) {
    return ALL.get(INT, address);
  }

  public static long getLong(long address) {
    return ALL.get(LONG, address);
  }

  public static void putByte(long address, byte value) {
    ALL.set(ValueLayout.JAVA_BYTE, address, value);
  }

  public static void putShort(long address, short value) {
    ALL.set(SHORT, address, value);
  }

  public static void putInt(long address, int value) {
    ALL.set(INT, address, value);
  }

  public static void putLong(long address, long value) {
    ALL.set(LONG, address, value);
  }

  /** Copies {@code length} bytes out of guest RAM. */
  static void copy(long address, byte[] into, int from, int length) {
    MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, address, into, from, length);
  }

  /** Copies {@code length} bytes into guest RAM. */
  static void copy(byte[] bytes, int from, long address, int length) {
    MemorySegment.copy(bytes, from, ALL, ValueLayout.JAVA_BYTE, address, length);
  }

  static void zero(long address, long length) {
    ALL.asSlice(address, length).fill((byte) 0);
  }
}
