package dev.bringup.emulator.aarch64.isa;

import java.util.List;
import java.util.Locale;

/** The parts of an assembler line, and the fields that most encodings have alike. */
final class Syntax {
  private static final List<String> CONDITIONS =
      List.of(
          "eq", "ne", "hs", "lo", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le", "al",
          "nv");

  private Syntax() {}

  static String line(String mnemonic, String... operands) {
    return operands.length == 0 ? mnemonic : mnemonic + "\t" + String.join(", ", operands);
  }

  /** The row's name up to its first underscore. */
  static String mnemonic(Opcode opcode) {
    String name = opcode.name();
    int end = name.indexOf('_');
    return (end < 0 ? name : name.substring(0, end)).toLowerCase(Locale.ROOT);
  }

  /** Bits {@code low} and up, {@code width} of them. */
  static int bits(int word, int low, int width) {
    return word >>> low & ((1 << width) - 1);
  }

  static boolean bit(int word, int bit) {
    return (word >>> bit & 1) != 0;
  }

  /** Bits {@code low} and up as a signed number. */
  static int signedBits(int word, int low, int width) {
    return word << (32 - low - width) >> (32 - width);
  }

  static int d(int word) {
    return word & 31;
  }

  static int n(int word) {
    return word >>> 5 & 31;
  }

  static int m(int word) {
    return word >>> 16 & 31;
  }

  /** Ra and Rt2. */
  static int a(int word) {
    return word >>> 10 & 31;
  }

  static boolean is64(int word) {
    return word < 0;
  }

  /** A general register; 31 is the zero register. */
  static String register(boolean is64, int number) {
    return (is64 ? "x" : "w") + (number == 31 ? "zr" : number);
  }

  /** A general register; 31 is the stack pointer. */
  static String registerOrSp(boolean is64, int number) {
    return number == 31 ? is64 ? "sp" : "wsp" : register(is64, number);
  }

  static String x(int number) {
    return register(true, number);
  }

  static String w(int number) {
    return register(false, number);
  }

  /** A scalar SIMD register; {@code size} is the power of two of its bytes, 0 to 4. */
  static String scalar(int size, int number) {
    return "bhsdq".charAt(size) + String.valueOf(number);
  }

  /** A floating-point register of single or double precision, as bit 22 says. */
  static String fp(int word, int number) {
    return scalar(bit(word, 22) ? 3 : 2, number);
  }

  /** A vector of elements of this size, of 128 or of 64 bits. */
  static String vector(int size, boolean is128, int number) {
    int lanes = (is128 ? 16 : 8) >> size;
    return "v" + number + "." + lanes + "bhsd".charAt(size);
  }

  /** One element of a vector. */
  static String element(int size, int number, int index) {
    return "v" + number + "." + "bhsd".charAt(size) + "[" + index + "]";
  }

  /** The immediate of FMOV, VFPExpandImm of the Arm ARM: all have few decimals. */
  static String fpImmediate(int imm8) {
    int exponent = (imm8 >>> 4 & 3) + (bit(imm8, 6) ? -3 : 1);
    double value = Math.scalb(16.0 + (imm8 & 15), exponent - 4);
    return String.format(Locale.ROOT, "#%.8f", bit(imm8, 7) ? -value : value);
  }

  static String immediate(long value) {
    return "#" + value;
  }

  static String hex(long value) {
    return value == 0 ? "#0" : "#0x" + Long.toHexString(value);
  }

  static String condition(int number) {
    return CONDITIONS.get(number & 15);
  }
}
