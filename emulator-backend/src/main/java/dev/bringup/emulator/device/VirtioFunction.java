package dev.bringup.emulator.device;

/**
 * What a virtio device is for: the part of it behind the registers of its {@link VirtioMmio}.
 * Virtio 1.2, section 5. Called by the machine's one thread only.
 */
public interface VirtioFunction {

  /** The device ID of virtio 1.2, section 5. */
  int id();

  /** The feature bits offered, without those of the transport. */
  long features();

  /** The size of each queue, in chains: powers of two. */
  int[] queueSizes();

  /**
   * Reads a byte of the configuration space.
   *
   * @return 0 to 255; 0 behind its end
   */
  int readConfiguration(int offset);

  /** Writes a byte of the configuration space; most of it cannot be written. */
  default void writeConfiguration(int offset, int value, VirtioMmio transport) {}

  /** The driver says that chains wait in a queue. It may be wrong. */
  void notified(int queue, VirtioMmio transport);

  /** The driver begins anew. */
  default void reset() {}

  /** The machine begins anew. */
  default void powerOn() {
    reset();
  }

  default void save(StateWriter out) {}

  default void restore(StateReader in) {}
}
