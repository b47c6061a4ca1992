package dev.bringup.emulator.device;

/** A place for a virtio device with none in it. Virtio 1.2, section 4.2.2: device ID 0. */
final class VirtioEmptySlot implements Device {

  @Override
  public long read(long offset, int size) {
    if (size != 4) {
      return 0;
    }
    return switch ((int) offset) {
      case VirtioMmio.MAGIC -> VirtioMmio.MAGIC_VALUE;
      case VirtioMmio.VERSION -> 1;
      case VirtioMmio.VENDOR_ID -> VirtioMmio.VENDOR;
      default -> 0;
    };
  }

  @Override
  public void write(long offset, int size, long value) {}

  @Override
  public void reset() {}

  @Override
  public void save(StateWriter out) {}

  @Override
  public void restore(StateReader in) {}
}
