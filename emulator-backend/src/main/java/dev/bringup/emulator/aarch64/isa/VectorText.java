package dev.bringup.emulator.aarch64.isa;

import static dev.bringup.emulator.aarch64.isa.Syntax.bit;
import static dev.bringup.emulator.aarch64.isa.Syntax.bits;
import static dev.bringup.emulator.aarch64.isa.Syntax.d;
import static dev.bringup.emulator.aarch64.isa.Syntax.element;
import static dev.bringup.emulator.aarch64.isa.Syntax.immediate;
import static dev.bringup.emulator.aarch64.isa.Syntax.line;
import static dev.bringup.emulator.aarch64.isa.Syntax.m;
import static dev.bringup.emulator.aarch64.isa.Syntax.mnemonic;
import static dev.bringup.emulator.aarch64.isa.Syntax.n;
import static dev.bringup.emulator.aarch64.isa.Syntax.register;
import static dev.bringup.emulator.aarch64.isa.Syntax.scalar;

/**
 * Advanced SIMD (C4.1.6), vectors and scalars. The classes of the Arm ARM have their operands
 * alike, so that a row needs to be named only where it deviates from its class.
 */
final class VectorText {
  private VectorText() {}

  static String text(Opcode opcode, int word) {
    if (bit(word, 24)) {
      if (!bit(word, 10)) {
        return byElement(opcode, word);
      }
      return bits(word, 19, 4) == 0 ? modifiedImmediate(opcode, word) : shift(opcode, word);
    }
    if (!bit(word, 21)) {
      return copyOrPermute(opcode, word);
    }
    if (bit(word, 10)) {
      return threeSame(opcode, word);
    }
    if (!bit(word, 11)) {
      return threeDifferent(opcode, word);
    }
    return bit(word, 20) ? across(opcode, word) : two(opcode, word);
  }

  private static boolean is128(int word) {
    return bit(word, 30);
  }

  private static boolean isScalar(int word) {
    return bit(word, 28);
  }

  /** The size of the elements, where all operands have it. */
  private static int size(Opcode opcode, int word) {
    return switch (opcode) {
      case AND_VECTOR,
          BIC_VECTOR,
          ORR_VECTOR,
          ORN_VECTOR,
          EOR_VECTOR,
          BSL_VECTOR,
          BIT_VECTOR,
          BIF_VECTOR,
          RBIT_VECTOR ->
          0;
      case SCVTF_VECTOR, UCVTF_VECTOR, SCVTF_SIMD_SCALAR, UCVTF_SIMD_SCALAR -> fpSize(word);
      default -> isFp(opcode) ? fpSize(word) : bits(word, 22, 2);
    };
  }

  private static boolean isFp(Opcode opcode) {
    return opcode.name().startsWith("F");
  }

  private static int fpSize(int word) {
    return bit(word, 22) ? 3 : 2;
  }

  /** A vector or, in scalar instructions, a scalar. */
  private static String operand(int word, int size, int number) {
    return isScalar(word) ? scalar(size, number) : Syntax.vector(size, is128(word), number);
  }

  /** The wide operand of an instruction that widens or narrows: all of a vector. */
  private static String wide(int word, int size, int number) {
    return isScalar(word) ? scalar(size, number) : Syntax.vector(size, true, number);
  }

  /** Instructions that widen or narrow have a 2 where they are about the upper half. */
  private static String halfName(Opcode opcode, int word) {
    return is128(word) && !isScalar(word) ? mnemonic(opcode) + "2" : mnemonic(opcode);
  }

  private static String threeSame(Opcode opcode, int word) {
    int size = size(opcode, word);
    if (opcode == Opcode.ORR_VECTOR && n(word) == m(word)) {
      return line("mov", operand(word, size, d(word)), operand(word, size, n(word)));
    }
    return line(
        mnemonic(opcode),
        operand(word, size, d(word)),
        operand(word, size, n(word)),
        operand(word, size, m(word)));
  }

  private static String threeDifferent(Opcode opcode, int word) {
    String name = halfName(opcode, word);
    int size = bits(word, 22, 2);
    return switch (opcode) {
      case SADDW_VECTOR, UADDW_VECTOR, SSUBW_VECTOR, USUBW_VECTOR ->
          line(
              name,
              wide(word, size + 1, d(word)),
              wide(word, size + 1, n(word)),
              operand(word, size, m(word)));
      case ADDHN_VECTOR, RADDHN_VECTOR, SUBHN_VECTOR, RSUBHN_VECTOR ->
          line(
              name,
              operand(word, size, d(word)),
              wide(word, size + 1, n(word)),
              wide(word, size + 1, m(word)));
      default ->
          line(
              name,
              wide(word, size + 1, d(word)),
              operand(word, size, n(word)),
              operand(word, size, m(word)));
    };
  }

  private static String two(Opcode opcode, int word) {
    int size = size(opcode, word);
    int fieldSize = bits(word, 22, 2);
    String first = operand(word, size, d(word));
    String second = operand(word, size, n(word));
    return switch (opcode) {
      case XTN_VECTOR,
          SQXTN_VECTOR,
          SQXTN_SIMD_SCALAR,
          UQXTN_VECTOR,
          UQXTN_SIMD_SCALAR,
          SQXTUN_VECTOR,
          SQXTUN_SIMD_SCALAR ->
          line(halfName(opcode, word), first, wide(word, size + 1, n(word)));
      case SHLL_VECTOR ->
          line(
              halfName(opcode, word), wide(word, size + 1, d(word)), second, immediate(8L << size));
      case FCVTN_VECTOR, FCVTXN_VECTOR, FCVTXN_SIMD_SCALAR ->
          line(halfName(opcode, word), operand(word, size - 1, d(word)), wide(word, size, n(word)));
      case FCVTL_VECTOR ->
          line(halfName(opcode, word), wide(word, size, d(word)), operand(word, size - 1, n(word)));
      case SADDLP_VECTOR, UADDLP_VECTOR, SADALP_VECTOR, UADALP_VECTOR ->
          line(mnemonic(opcode), operand(word, fieldSize + 1, d(word)), second);
      case NOT_VECTOR -> line("mvn", first, second);
      default -> {
        if (opcode.name().contains("_ZERO_")) {
          yield line(mnemonic(opcode), first, second, isFp(opcode) ? "#0.0" : "#0");
        }
        yield line(mnemonic(opcode), first, second);
      }
    };
  }

  /** Across the lanes, and pairs to a scalar. */
  private static String across(Opcode opcode, int word) {
    int size = bits(word, 22, 2);
    return switch (opcode) {
      case SADDLV, UADDLV ->
          line(mnemonic(opcode), scalar(size + 1, d(word)), operand(word, size, n(word)));
      case FMAXNMV, FMINNMV, FMAXV, FMINV ->
          line(mnemonic(opcode), scalar(2, d(word)), operand(word, 2, n(word)));
      case ADDP_SIMD_SCALAR ->
          line(mnemonic(opcode), scalar(size, d(word)), Syntax.vector(size, true, n(word)));
      case FMAXNMP_SIMD_SCALAR,
          FMINNMP_SIMD_SCALAR,
          FADDP_SIMD_SCALAR,
          FMAXP_SIMD_SCALAR,
          FMINP_SIMD_SCALAR ->
          line(
              mnemonic(opcode),
              Syntax.fp(word, d(word)),
              Syntax.vector(fpSize(word), bit(word, 22), n(word)));
      default -> line(mnemonic(opcode), scalar(size, d(word)), operand(word, size, n(word)));
    };
  }

  private static String byElement(Opcode opcode, int word) {
    int size = size(opcode, word);
    int h = bits(word, 11, 1);
    int l = bits(word, 21, 1);
    int m = bits(word, 20, 1);
    int index =
        switch (size) {
          case 1 -> h << 2 | l << 1 | m;
          case 2 -> h << 1 | l;
          default -> h;
        };
    String element = element(size, size == 1 ? bits(word, 16, 4) : m(word), index);
    boolean isLong =
        switch (opcode) {
          case SMLAL_VECTOR_ELEMENT,
              UMLAL_VECTOR_ELEMENT,
              SQDMLAL_VECTOR_ELEMENT,
              SQDMLAL_SIMD_SCALAR_ELEMENT,
              SMLSL_VECTOR_ELEMENT,
              UMLSL_VECTOR_ELEMENT,
              SQDMLSL_VECTOR_ELEMENT,
              SQDMLSL_SIMD_SCALAR_ELEMENT,
              SMULL_VECTOR_ELEMENT,
              UMULL_VECTOR_ELEMENT,
              SQDMULL_VECTOR_ELEMENT,
              SQDMULL_SIMD_SCALAR_ELEMENT ->
              true;
          default -> false;
        };
    return isLong
        ? line(
            halfName(opcode, word),
            wide(word, size + 1, d(word)),
            operand(word, size, n(word)),
            element)
        : line(
            mnemonic(opcode), operand(word, size, d(word)), operand(word, size, n(word)), element);
  }

  private static String modifiedImmediate(Opcode opcode, int word) {
    int imm8 = bits(word, 16, 3) << 5 | bits(word, 5, 5);
    String name = mnemonic(opcode);
    return switch (opcode) {
      case MOVI_32, MVNI_32, ORR_VECTOR_IMM_32, BIC_VECTOR_IMM_32 ->
          shiftedImmediate(name, 2, word, imm8, "lsl", bits(word, 13, 2) * 8);
      case MOVI_16, MVNI_16, ORR_VECTOR_IMM_16, BIC_VECTOR_IMM_16 ->
          shiftedImmediate(name, 1, word, imm8, "lsl", bits(word, 13, 1) * 8);
      case MOVI_MSL, MVNI_MSL ->
          shiftedImmediate(name, 2, word, imm8, "msl", bits(word, 12, 1) * 8 + 8);
      case MOVI_8 -> line(name, operand(word, 0, d(word)), immediate(imm8));
      case MOVI_64 -> {
        String target = is128(word) ? Syntax.vector(3, true, d(word)) : scalar(3, d(word));
        yield line(name, target, byteMask(imm8));
      }
      case FMOV_VECTOR_IMM_32 -> line(name, operand(word, 2, d(word)), Syntax.fpImmediate(imm8));
      default -> line(name, operand(word, 3, d(word)), Syntax.fpImmediate(imm8));
    };
  }

  private static String shiftedImmediate(
      String name, int size, int word, int imm8, String kind, int amount) {
    String target = operand(word, size, d(word));
    return amount == 0
        ? line(name, target, immediate(imm8))
        : line(name, target, immediate(imm8), kind + " #" + amount);
  }

  /** Each bit stands for a byte; written in 16 places, as C's {@code %#016llx} does. */
  private static String byteMask(int imm8) {
    var digits = new StringBuilder();
    for (int i = 7; i >= 0; i--) {
      digits.append(bit(imm8, i) ? "ff" : "00");
    }
    if (imm8 == 0) {
      return "#" + digits;
    }
    return "#0x" + (imm8 < 0x80 ? digits.substring(2) : digits);
  }

  private static String shift(Opcode opcode, int word) {
    int size = 31 - Integer.numberOfLeadingZeros(bits(word, 19, 4));
    int width = 8 << size;
    int field = bits(word, 16, 7);
    String left = immediate(field - width);
    String right = immediate(2L * width - field);
    String first = operand(word, size, d(word));
    String second = operand(word, size, n(word));
    return switch (opcode) {
      case SHL_VECTOR,
          SHL_SIMD_SCALAR,
          SLI_VECTOR,
          SLI_SIMD_SCALAR,
          SQSHLU_IMM_VECTOR,
          SQSHLU_IMM_SIMD_SCALAR,
          SQSHL_IMM_VECTOR,
          SQSHL_IMM_SIMD_SCALAR,
          UQSHL_IMM_VECTOR,
          UQSHL_IMM_SIMD_SCALAR ->
          line(mnemonic(opcode), first, second, left);
      case SSHLL_VECTOR, USHLL_VECTOR ->
          line(halfName(opcode, word), wide(word, size + 1, d(word)), second, left);
      case SHRN_VECTOR,
          SQSHRUN_VECTOR,
          SQSHRUN_SIMD_SCALAR,
          RSHRN_VECTOR,
          SQRSHRUN_VECTOR,
          SQRSHRUN_SIMD_SCALAR,
          SQSHRN_VECTOR,
          SQSHRN_SIMD_SCALAR,
          UQSHRN_VECTOR,
          UQSHRN_SIMD_SCALAR,
          SQRSHRN_VECTOR,
          SQRSHRN_SIMD_SCALAR,
          UQRSHRN_VECTOR,
          UQRSHRN_SIMD_SCALAR ->
          line(halfName(opcode, word), first, wide(word, size + 1, n(word)), right);
      default -> line(mnemonic(opcode), first, second, right);
    };
  }

  private static String copyOrPermute(Opcode opcode, int word) {
    String name = mnemonic(opcode);
    int imm5 = bits(word, 16, 5);
    int size = Integer.numberOfTrailingZeros(imm5 | 16);
    int index = imm5 >>> (size + 1);
    return switch (opcode) {
      case DUP_ELEMENT_VECTOR ->
          line(name, operand(word, size, d(word)), element(size, n(word), index));
      case DUP_ELEMENT_SIMD_SCALAR ->
          line("mov", scalar(size, d(word)), element(size, n(word), index));
      case DUP_GENERAL -> line(name, operand(word, size, d(word)), register(size == 3, n(word)));
      case SMOV -> line(name, register(is128(word), d(word)), element(size, n(word), index));
      case UMOV ->
          line(
              size < 2 ? name : "mov",
              register(is128(word), d(word)),
              element(size, n(word), index));
      case INS_GENERAL -> line("mov", element(size, d(word), index), register(size == 3, n(word)));
      case INS_ELEMENT ->
          line(
              "mov",
              element(size, d(word), index),
              element(size, n(word), bits(word, 11, 4) >>> size));
      case TBL, TBX ->
          line(
              name,
              operand(word, 0, d(word)),
              StructureText.list(
                  n(word), bits(word, 13, 2) + 1, number -> Syntax.vector(0, true, number)),
              operand(word, 0, m(word)));
      case EXT ->
          line(
              name,
              operand(word, 0, d(word)),
              operand(word, 0, n(word)),
              operand(word, 0, m(word)),
              immediate(bits(word, 11, 4)));
      default -> threeSame(opcode, word); // UZP, TRN, ZIP
    };
  }
}
