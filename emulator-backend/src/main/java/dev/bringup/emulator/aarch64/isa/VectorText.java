package dev.bringup.emulator.aarch64.isa;

/** Floating point and Advanced SIMD (C4.1.6), and the loads and stores of structures. */
final class VectorText {
  private VectorText() {}

  static String text(Opcode opcode, int word) {
    return Syntax.line(Syntax.mnemonic(opcode));
  }
}
