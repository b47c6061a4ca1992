package dev.bringup.image;

/** Where the device tree comes from that a boot script edits and passes on. */
public sealed interface TreeSource {
  /**
   * The tree that the firmware left in memory; it is copied before it is edited.
   *
   * @param address where it lies
   * @param size the most bytes that it states as its total size; QEMU pads its own to 1 MiB
   */
  record Firmware(long address, long size) implements TreeSource {}

  /** A blob that is loaded like the other files. */
  record Staged(BootFile file) implements TreeSource {}
}
