package dev.bringup.emulator.fuzz;

import java.util.ArrayList;
import java.util.List;

/** Instruction words in a row, with what a program needs again and again. */
final class Words {
  private static final int ADDRESS = 20;
  static final int VALUE = 21;
  static final int OTHER = 22;

  private final List<Integer> words = new ArrayList<>();

  void add(int... more) {
    for (int word : more) {
      words.add(word);
    }
  }

  int size() {
    return words.size();
  }

  int[] all() {
    return words.stream().mapToInt(word -> word).toArray();
  }

  /** MOVZ and as many MOVK as it takes. */
  void move(int register, long value) {
    add(0xd280_0000 | (int) (value & 0xffff) << 5 | register);
    for (int part = 1; part < 4; part++) {
      int bits = (int) (value >>> (16 * part)) & 0xffff;
      if (bits != 0) {
        add(0xf280_0000 | part << 21 | bits << 5 | register);
      }
    }
  }

  /**
   * Writes a system register.
   *
   * @param msr its MSR with X0
   */
  void set(int msr, long value) {
    move(VALUE, value);
    add(msr | VALUE);
  }

  /**
   * @param size as its power of two
   */
  void store(long address, long value, int size) {
    move(ADDRESS, address);
    move(VALUE, value);
    add(0x3900_0000 | size << 30 | ADDRESS << 5 | VALUE);
  }

  /** Into X22. */
  void load(long address, int size) {
    move(ADDRESS, address);
    add(0x3940_0000 | size << 30 | ADDRESS << 5 | OTHER);
  }

  /** Goes on so many bytes from here. */
  void branch(long offset) {
    add(0x1400_0000 | ((int) (offset >> 2) & 0x3ff_ffff));
  }
}
