package dev.bringup.emulator.device;

/**
 * A device that software sees as a region of memory. Called by the machine's one thread only.
 *
 * <p>A device knows no host clock, no host randomness and no other thread: what it does is a
 * function of the accesses to it, of its input and of virtual time.
 */
public interface Device {

  /**
   * Reads a register.
   *
   * @param offset from the start of the region
   * @param size in bytes: 1, 2, 4 or 8
   * @return zero-extended; offsets without a register read as the data sheet says, mostly 0
   */
  long read(long offset, int size);

  /**
   * Writes a register.
   *
   * @param offset from the start of the region
   * @param size in bytes: 1, 2, 4 or 8
   * @param value only the low {@code size} bytes count
   */
  void write(long offset, int size, long value);

  /** Returns to the state after power-on. */
  void reset();

  /** Writes all state that the future depends on; what {@link #restore} reads. */
  void save(StateWriter out);

  /** Takes the state that {@link #save} wrote. */
  void restore(StateReader in);
}
