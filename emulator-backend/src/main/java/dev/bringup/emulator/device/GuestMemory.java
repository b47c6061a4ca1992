package dev.bringup.emulator.device;

/**
 * Memory as a bus master sees it, by physical address; little-endian. Used by the machine's one
 * thread only. Accesses outside of RAM read zeros and write nothing; {@link #isRam} tells.
 */
public interface GuestMemory {

  boolean isRam(long address, long length);

  void read(long address, byte[] into, int from, int length);

  void write(long address, byte[] bytes, int from, int length);

  int readByte(long address);

  int readShort(long address);

  int readInt(long address);

  long readLong(long address);

  void writeByte(long address, int value);

  void writeShort(long address, int value);

  void writeInt(long address, int value);

  void writeLong(long address, long value);
}
