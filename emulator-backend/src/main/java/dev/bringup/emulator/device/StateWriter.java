package dev.bringup.emulator.device;

/**
 * Takes a machine's state, value by value: into a snapshot or into a hash. Values are in the order
 * of the {@code save} methods; every device begins with its name, so that a reader notices a
 * mismatch at once.
 */
public interface StateWriter {

  /** Begins a part, such as a device. */
  void part(String name);

  void put(long value);

  void put(byte[] bytes);

  default void put(boolean value) {
    put(value ? 1 : 0);
  }

  default void put(long[] values) {
    put(values.length);
    for (long value : values) {
      put(value);
    }
  }

  default void put(int[] values) {
    put(values.length);
    for (int value : values) {
      put(value);
    }
  }
}
