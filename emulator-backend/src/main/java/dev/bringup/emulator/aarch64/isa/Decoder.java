package dev.bringup.emulator.aarch64.isa;

import java.util.ArrayList;
import java.util.List;

/** Finds the row of {@link Opcode} that an instruction word belongs to. Immutable, thread-safe. */
public final class Decoder {
  /** Bits 31 to 21 choose the candidates: they part the table well. */
  private static final int INDEX_SHIFT = 21;

  private static final Opcode[][] CANDIDATES = candidates();

  private Decoder() {}

  private static Opcode[][] candidates() {
    var table = new Opcode[1 << (32 - INDEX_SHIFT)][];
    for (int index = 0; index < table.length; index++) {
      int word = index << INDEX_SHIFT;
      List<Opcode> fitting = new ArrayList<>();
      for (Opcode opcode : Opcode.values()) {
        int fixed = opcode.mask() >> INDEX_SHIFT << INDEX_SHIFT;
        if (((word ^ opcode.value()) & fixed) == 0) {
          fitting.add(opcode);
        }
      }
      table[index] = fitting.toArray(Opcode[]::new);
    }
    return table;
  }

  /** The instruction that {@code word} is, {@link Opcode#UNDEFINED} if it is none of v8.0-A. */
  public static Opcode decode(int word) {
    for (Opcode opcode : CANDIDATES[word >>> INDEX_SHIFT]) {
      if (opcode.fits(word)) {
        return opcode;
      }
    }
    return Opcode.UNDEFINED;
  }
}
