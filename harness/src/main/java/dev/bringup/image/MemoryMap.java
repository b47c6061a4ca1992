package dev.bringup.image;

import dev.bringup.verdict.BringupException;

/**
 * Where a board's boot loader may put things. All addresses are physical and in bytes.
 *
 * @param ramStart start of the bank of RAM that files are loaded to
 * @param ramSize its size
 * @param scriptAddress where the boot script itself is loaded; the first 2 MiB there stay free
 * @param firstLoadAddress no file is put below it
 */
public record MemoryMap(long ramStart, long ramSize, long scriptAddress, long firstLoadAddress) {
  /** U-Boot relocates itself to the end of RAM and grows down from there; 36 MiB were seen. */
  static final long BOOT_LOADER_SIZE = 64L << 20;

  /** A boot script is smaller than this. */
  static final long SCRIPT_SIZE = Arm64Image.ALIGNMENT;

  public MemoryMap {
    if (ramStart < 0 || ramSize < 2 * BOOT_LOADER_SIZE || ramStart > Long.MAX_VALUE - ramSize) {
      throw BringupException.configuration(
          "memory map: RAM of %d bytes at 0x%x; at least 128 MiB are needed"
              .formatted(ramSize, ramStart));
    }
    requireInside(ramStart, ramSize, scriptAddress, "script address");
    requireInside(ramStart, ramSize, firstLoadAddress, "first load address");
  }

  private static void requireInside(long start, long size, long address, String what) {
    if (address < start || address >= start + size) {
      throw BringupException.configuration(
          "memory map: %s 0x%x is outside of RAM (0x%x to 0x%x)"
              .formatted(what, address, start, start + size - 1));
    }
  }

  /** The first address that files must not reach. */
  long loadEnd() {
    return ramStart + ramSize - BOOT_LOADER_SIZE;
  }
}
