package dev.bringup.emulator.device;

import dev.bringup.verdict.BringupException;

/** Gives back what a {@link StateWriter} took, in the same order. */
public interface StateReader {

  /**
   * @throws BringupException (configuration) if another part comes here: the snapshot is of another
   *     machine or version
   */
  void part(String name);

  long get();

  byte[] getBytes();

  default boolean getBoolean() {
    return get() != 0;
  }

  /**
   * Fills {@code into}.
   *
   * @throws BringupException (configuration) if so many values were not written
   */
  default void get(long[] into) {
    requireLength(into.length);
    for (int i = 0; i < into.length; i++) {
      into[i] = get();
    }
  }

  /** As {@link #get(long[])}. */
  default void get(int[] into) {
    requireLength(into.length);
    for (int i = 0; i < into.length; i++) {
      into[i] = (int) get();
    }
  }

  private void requireLength(int expected) {
    long length = get();
    if (length != expected) {
      throw BringupException.configuration(
          "the snapshot has %d values where %d are expected: another version wrote it"
              .formatted(length, expected));
    }
  }
}
