package dev.bringup.emulator.aarch64.isa;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Words of a row with random operands, and often with the special ones: 0, 31, all bits. */
final class RandomWords {
  private static final int ATTEMPTS = 10_000;

  private RandomWords() {}

  /** All that are instructions. */
  static List<Opcode> rows() {
    List<Opcode> rows = new ArrayList<>(List.of(Opcode.values()));
    rows.remove(Opcode.UNDEFINED);
    return rows;
  }

  /** A word of the row with a bit or two turned round. */
  static int near(Opcode opcode, Random random) {
    int word = of(opcode, random) ^ 1 << random.nextInt(32);
    return random.nextBoolean() ? word : word ^ 1 << random.nextInt(32);
  }

  static int of(Opcode opcode, Random random) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int word = opcode.value() | (operands(random) & ~opcode.mask());
      if (Decoder.decode(word) == opcode) {
        return word;
      }
    }
    throw new IllegalStateException("no word of " + ATTEMPTS + " is " + opcode);
  }

  private static int operands(Random random) {
    int word = random.nextInt();
    // registers of number 31 and equal registers choose aliases
    if (random.nextInt(4) == 0) {
      word |= 31;
    }
    if (random.nextInt(4) == 0) {
      word |= 31 << 5;
    }
    if (random.nextInt(4) == 0) {
      word = (word & ~(31 << 16)) | (word >>> 5 & 31) << 16;
    }
    if (random.nextInt(4) == 0) {
      word |= 31 << 10;
    }
    if (random.nextInt(8) == 0) {
      word &= ~(0xfff << 10);
    }
    if (random.nextInt(8) == 0) {
      word &= ~(0x3f << 16);
    }
    return word;
  }
}
