package dev.bringup.emulator.aarch64.isa;

/**
 * Writes an instruction word of A64 v8.0-A as assembler, in the syntax of LLVM (which is that of
 * chapter C6 and C7 of the Arm ARM, DDI 0487) and with its preferred aliases. Mnemonic and operands
 * are parted by a tab. Immutable, thread-safe.
 */
public final class Disassembler {
  private static final Place ANYWHERE = new Place.Anywhere();

  private Disassembler() {}

  /**
   * The instruction, with offsets in bytes where it names a place: {@code b #16}. A word that is no
   * instruction of v8.0-A is written {@code .inst 0x...}.
   */
  public static String disassemble(int word) {
    return disassemble(word, ANYWHERE);
  }

  /** The instruction at address {@code pc}, with addresses where it names a place. */
  public static String disassemble(int word, long pc) {
    return disassemble(word, new Place.At(pc));
  }

  private static String disassemble(int word, Place place) {
    Opcode opcode = Decoder.decode(word);
    if (opcode == Opcode.UNDEFINED) {
      return word >>> 16 == 0
          ? Syntax.line("udf", Syntax.immediate(word))
          : Syntax.line(".inst", "0x%08x".formatted(word));
    }
    // op0, table C4-1
    return switch (word >>> 25 & 15) {
      case 8, 9, 5, 13 -> IntegerText.text(opcode, word, place);
      case 10, 11 -> SystemText.text(opcode, word, place);
      case 7, 15 ->
          isScalarFloat(word) ? FloatText.text(opcode, word) : VectorText.text(opcode, word);
      default ->
          isStructure(word)
              ? StructureText.text(opcode, word)
              : LoadStoreText.text(opcode, word, place);
    };
  }

  /** Loads and stores of SIMD structures. */
  private static boolean isStructure(int word) {
    return (word & 0xbe00_0000) == 0x0c00_0000;
  }

  private static boolean isScalarFloat(int word) {
    return (word & 0x5000_0000) == 0x1000_0000;
  }
}
