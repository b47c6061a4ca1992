package dev.bringup.emulator.aarch64.isa;

import static dev.bringup.emulator.aarch64.isa.Syntax.a;
import static dev.bringup.emulator.aarch64.isa.Syntax.bit;
import static dev.bringup.emulator.aarch64.isa.Syntax.bits;
import static dev.bringup.emulator.aarch64.isa.Syntax.d;
import static dev.bringup.emulator.aarch64.isa.Syntax.immediate;
import static dev.bringup.emulator.aarch64.isa.Syntax.line;
import static dev.bringup.emulator.aarch64.isa.Syntax.m;
import static dev.bringup.emulator.aarch64.isa.Syntax.mnemonic;
import static dev.bringup.emulator.aarch64.isa.Syntax.n;
import static dev.bringup.emulator.aarch64.isa.Syntax.register;
import static dev.bringup.emulator.aarch64.isa.Syntax.registerOrSp;
import static dev.bringup.emulator.aarch64.isa.Syntax.signedBits;
import static dev.bringup.emulator.aarch64.isa.Syntax.w;

import java.util.List;

/** Loads and stores of one register or a pair, general or SIMD (C4.1.4). */
final class LoadStoreText {
  private static final List<String> PREFETCHES = List.of("pld", "pli", "pst");

  private LoadStoreText() {}

  static String text(Opcode opcode, int word, Place place) {
    return switch (opcode) {
      case STXR, STLXR, STXP, STLXP, LDXR, LDAXR, LDXP, LDAXP, STLR, LDAR -> ordered(opcode, word);
      case LDR_LIT, LDRSW_LIT, PRFM_LIT, LDR_LIT_FP ->
          line(
              mnemonic(opcode),
              literalTarget(opcode, word),
              place.target(signedBits(word, 5, 19) * 4L));
      case PRFM, PRFUM, PRFM_REG -> line(mnemonic(opcode), prefetch(word), address(word));
      default ->
          isPair(word)
              ? pair(opcode, word)
              : line(name(opcode, word), target(opcode, word), address(word));
    };
  }

  private static boolean isFp(int word) {
    return bit(word, 26);
  }

  private static boolean isPair(int word) {
    return bits(word, 27, 3) == 0b101;
  }

  /** Exclusives, load-acquire and store-release. */
  private static String ordered(Opcode opcode, int word) {
    int size = word >>> 30;
    String suffix = size == 0 ? "b" : size == 1 ? "h" : "";
    String name = mnemonic(opcode) + suffix;
    String first = register(size == 3, d(word));
    String second = register(size == 3, a(word));
    String address = "[" + registerOrSp(true, n(word)) + "]";
    return switch (opcode) {
      case STXR, STLXR -> line(name, w(m(word)), first, address);
      case STXP, STLXP -> line(name, w(m(word)), first, second, address);
      case LDXP, LDAXP -> line(name, first, second, address);
      default -> line(name, first, address);
    };
  }

  private static String literalTarget(Opcode opcode, int word) {
    int size = word >>> 30;
    return switch (opcode) {
      case LDR_LIT_FP -> Syntax.scalar(size + 2, d(word));
      case PRFM_LIT -> prefetch(word);
      default -> register(size != 0, d(word));
    };
  }

  private static String prefetch(int word) {
    int operation = d(word);
    int type = operation >>> 3;
    int level = operation >>> 1 & 3;
    if (type == 3 || level == 3) {
      return immediate(operation);
    }
    return PREFETCHES.get(type) + "l" + (level + 1) + ((operation & 1) == 0 ? "keep" : "strm");
  }

  private static String pair(Opcode opcode, int word) {
    int size = word >>> 30;
    boolean isSignExtended = mnemonic(opcode).equals("ldpsw");
    int scale = isFp(word) ? size + 2 : isSignExtended ? 2 : 2 + (size >>> 1);
    boolean is64 = isSignExtended || size != 0;
    String first = isFp(word) ? Syntax.scalar(size + 2, d(word)) : register(is64, d(word));
    String second = isFp(word) ? Syntax.scalar(size + 2, a(word)) : register(is64, a(word));
    int offset = signedBits(word, 15, 7) << scale;
    String address =
        switch (bits(word, 23, 2)) {
          case 1 -> postIndexed(word, offset);
          case 3 -> preIndexed(word, offset);
          default -> offset(word, offset);
        };
    return line(mnemonic(opcode), first, second, address);
  }

  private static String postIndexed(int word, int offset) {
    return "[" + registerOrSp(true, n(word)) + "], #" + offset;
  }

  private static String preIndexed(int word, int offset) {
    return "[" + registerOrSp(true, n(word)) + ", #" + offset + "]!";
  }

  private static String offset(int word, int offset) {
    return "[" + registerOrSp(true, n(word)) + (offset == 0 ? "" : ", #" + offset) + "]";
  }

  /** The size of the transfer as a power of two of bytes. */
  private static int scale(int word) {
    return isFp(word) && bit(word, 23) ? 4 : word >>> 30;
  }

  private static String name(Opcode opcode, int word) {
    String name = mnemonic(opcode);
    return isFp(word)
        ? name
        : switch (word >>> 30) {
          case 0 -> name + "b";
          case 1 -> name + "h";
          case 2 -> name.endsWith("s") ? name + "w" : name;
          default -> name;
        };
  }

  private static String target(Opcode opcode, int word) {
    if (isFp(word)) {
      return Syntax.scalar(scale(word), d(word));
    }
    boolean is64 = mnemonic(opcode).endsWith("s") ? !bit(word, 22) : word >>> 30 == 3;
    return register(is64, d(word));
  }

  private static String address(int word) {
    if (bit(word, 24)) {
      return offset(word, bits(word, 10, 12) << scale(word));
    }
    if (bit(word, 21)) {
      return registerOffset(word);
    }
    int offset = signedBits(word, 12, 9);
    return switch (bits(word, 10, 2)) {
      case 1 -> postIndexed(word, offset);
      case 3 -> preIndexed(word, offset);
      default -> offset(word, offset);
    };
  }

  private static String registerOffset(int word) {
    int option = bits(word, 13, 3);
    boolean isScaled = bit(word, 12);
    boolean isPlain = option == 3;
    String index = register((option & 1) == 1, m(word));
    String extension = isPlain ? "lsl" : (option < 4 ? "uxt" : "sxt") + "wx".charAt(option & 1);
    String amount = isScaled ? " #" + scale(word) : "";
    String how = isPlain && !isScaled ? "" : ", " + extension + amount;
    return "[" + registerOrSp(true, n(word)) + ", " + index + how + "]";
  }
}
