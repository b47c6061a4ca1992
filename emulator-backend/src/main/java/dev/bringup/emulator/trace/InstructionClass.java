package dev.bringup.emulator.trace;

import dev.bringup.emulator.aarch64.isa.Decoder;
import dev.bringup.emulator.aarch64.isa.Opcode;

/** Kinds of instructions, as the top of the encoding parts them (DDI 0487, C4.1). */
enum InstructionClass {
  INTEGER("integer"),
  /** Of vector registers, too. */
  LOAD_STORE("load/store"),
  BRANCH("branch"),
  VECTOR("FP/SIMD"),
  /** Exceptions, hints, barriers and system registers; also what is no instruction. */
  SYSTEM("system");

  private final String text;

  InstructionClass(String text) {
    this.text = text;
  }

  /** The class of an instruction word. */
  public static InstructionClass of(int word) {
    if (Decoder.decode(word) == Opcode.UNDEFINED) {
      return SYSTEM;
    }
    return switch (word >>> 25 & 15) {
      case 8, 9, 5, 13 -> INTEGER;
      case 10, 11 -> isBranch(word) ? BRANCH : SYSTEM;
      case 7, 15 -> VECTOR;
      case 4, 6, 12, 14 -> LOAD_STORE;
      default -> SYSTEM;
    };
  }

  /** Table C4-66: all but exceptions and system, ERET and DRPS. */
  private static boolean isBranch(int word) {
    return switch (word >>> 29) {
      case 0, 4, 1, 5 -> true;
      case 2 -> word >>> 24 == 0x54;
      case 6 -> (word >>> 25 & 1) == 1 && (word >>> 23 & 1) == 0;
      default -> false;
    };
  }

  @Override
  public String toString() {
    return text;
  }
}
