package dev.bringup.emulator.aarch64.fp;

/**
 * Memory as loads and stores of SIMD registers see it: by virtual address, with the rights of the
 * present exception level. Every method may throw the core's fault, which must pass through; no
 * register may have changed by then.
 */
public interface VectorMemory {

  /**
   * Reads little-endian.
   *
   * @param size 1, 2, 4 or 8 bytes
   */
  long load(long address, int size);

  /**
   * Writes little-endian.
   *
   * @param size 1, 2, 4 or 8 bytes
   */
  void store(long address, int size, long value);

  /** Faults now if a store to any of these bytes would fault. */
  void checkStore(long address, int size);
}
