package dev.bringup.emulator.device;

/** Gives back what a {@link StateWriter} took, in the same order. */
public interface StateReader {

  /**
   * @throws dev.bringup.verdict.BringupException (configuration) if another part comes here: the
   *     snapshot is of another machine or version
   */
  void part(String name);

  long get();

  byte[] getBytes();

  default boolean getBoolean() {
    return get() != 0;
  }

  /** Fills {@code into}, whose length must be the one that was written. */
  void get(long[] into);

  /** Fills {@code into}, whose length must be the one that was written. */
  void get(int[] into);
}
