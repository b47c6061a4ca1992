package dev.bringup.emulator.aarch64.fp;

/** A piece of memory; whatever is outside faults. */
final class ArrayMemory implements VectorMemory {
  private final long base;
  private final byte[] bytes;

  ArrayMemory(long base, byte[] bytes) {
    this.base = base;
    this.bytes = bytes;
  }

  @Override
  public long load(long address, int size) {
    checkStore(address, size);
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (bytes[(int) (address - base) + i] & 0xffL) << (8 * i);
    }
    return value;
  }

  @Override
  public void store(long address, int size, long value) {
    checkStore(address, size);
    for (int i = 0; i < size; i++) {
      bytes[(int) (address - base) + i] = (byte) (value >>> (8 * i));
    }
  }

  @Override
  public void checkStore(long address, int size) {
    if (address < base || address + size > base + bytes.length) {
      throw new Fault();
    }
  }

  /** What a core would throw. */
  static final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
