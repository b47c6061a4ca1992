package dev.bringup.emulator.aarch64.isa;

import static dev.bringup.emulator.aarch64.isa.Syntax.a;
import static dev.bringup.emulator.aarch64.isa.Syntax.bit;
import static dev.bringup.emulator.aarch64.isa.Syntax.bits;
import static dev.bringup.emulator.aarch64.isa.Syntax.condition;
import static dev.bringup.emulator.aarch64.isa.Syntax.d;
import static dev.bringup.emulator.aarch64.isa.Syntax.immediate;
import static dev.bringup.emulator.aarch64.isa.Syntax.is64;
import static dev.bringup.emulator.aarch64.isa.Syntax.line;
import static dev.bringup.emulator.aarch64.isa.Syntax.m;
import static dev.bringup.emulator.aarch64.isa.Syntax.mnemonic;
import static dev.bringup.emulator.aarch64.isa.Syntax.n;
import static dev.bringup.emulator.aarch64.isa.Syntax.register;
import static dev.bringup.emulator.aarch64.isa.Syntax.registerOrSp;
import static dev.bringup.emulator.aarch64.isa.Syntax.w;
import static dev.bringup.emulator.aarch64.isa.Syntax.x;

import java.util.ArrayList;
import java.util.List;

/** Data processing of general registers (C4.1.2, C4.1.5), with the preferred aliases. */
final class IntegerText {
  private static final List<String> SHIFTS = List.of("lsl", "lsr", "asr", "ror");
  private static final List<String> EXTENSIONS =
      List.of("uxtb", "uxth", "uxtw", "uxtx", "sxtb", "sxth", "sxtw", "sxtx");

  private IntegerText() {}

  static String text(Opcode opcode, int word, Place place) {
    return switch (opcode) {
      case ADR -> line("adr", x(d(word)), place.target(pageOffset(word)));
      case ADRP -> line("adrp", x(d(word)), place.page((long) pageOffset(word) << 12));
      case ADD_IMM, ADDS_IMM, SUB_IMM, SUBS_IMM -> arithmeticImmediate(opcode, word);
      case AND_IMM, ORR_IMM, EOR_IMM, ANDS_IMM -> logicalImmediate(opcode, word);
      case MOVN, MOVZ, MOVK -> moveWide(opcode, word);
      case SBFM, UBFM -> bitField(opcode, word);
      case BFM -> bitFieldInsert(word);
      case EXTR ->
          n(word) == m(word)
              ? line("ror", rd(word), rn(word), immediate(bits(word, 10, 6)))
              : line("extr", rd(word), rn(word), rm(word), immediate(bits(word, 10, 6)));
      case AND_REG, BIC_REG, ORR_REG, ORN_REG, EOR_REG, EON_REG, ANDS_REG, BICS_REG ->
          logicalShifted(opcode, word);
      case ADD_REG, ADDS_REG, SUB_REG, SUBS_REG -> arithmeticShifted(opcode, word);
      case ADD_EXT, ADDS_EXT, SUB_EXT, SUBS_EXT -> arithmeticExtended(opcode, word);
      case SBC, SBCS ->
          n(word) == 31
              ? line(opcode == Opcode.SBC ? "ngc" : "ngcs", rd(word), rm(word))
              : line(mnemonic(opcode), rd(word), rn(word), rm(word));
      case CCMN_REG, CCMP_REG -> conditionalCompare(opcode, word, rm(word));
      case CCMN_IMM, CCMP_IMM -> conditionalCompare(opcode, word, immediate(m(word)));
      case CSEL, CSINC, CSINV, CSNEG -> conditionalSelect(opcode, word);
      case LSLV, LSRV, ASRV, RORV ->
          line(mnemonic(opcode).substring(0, 3), rd(word), rn(word), rm(word));
      case CRC32, CRC32C ->
          line(
              mnemonic(opcode) + "bhwx".charAt(bits(word, 10, 2)),
              w(d(word)),
              w(n(word)),
              rm(word));
      case RBIT, REV16, CLZ, CLS -> line(mnemonic(opcode), rd(word), rn(word));
      case REV32 -> line(is64(word) ? "rev32" : "rev", rd(word), rn(word));
      case REV64 -> line("rev", rd(word), rn(word));
      case MADD, MSUB, SMADDL, SMSUBL, UMADDL, UMSUBL -> multiply(opcode, word);
      default -> line(mnemonic(opcode), rd(word), rn(word), rm(word));
    };
  }

  private static String rd(int word) {
    return register(is64(word), d(word));
  }

  private static String rn(int word) {
    return register(is64(word), n(word));
  }

  private static String rm(int word) {
    return register(is64(word), m(word));
  }

  private static int pageOffset(int word) {
    return Syntax.signedBits(word, 5, 19) << 2 | bits(word, 29, 2);
  }

  private static String arithmeticImmediate(Opcode opcode, int word) {
    boolean setsFlags = bit(word, 29);
    int value = bits(word, 10, 12);
    String source = registerOrSp(is64(word), n(word));
    if (opcode == Opcode.ADD_IMM
        && value == 0
        && !bit(word, 22)
        && (d(word) == 31 || n(word) == 31)) {
      return line("mov", registerOrSp(is64(word), d(word)), source);
    }
    List<String> operands = new ArrayList<>();
    String name = mnemonic(opcode);
    if (setsFlags && d(word) == 31) {
      name = bit(word, 30) ? "cmp" : "cmn";
    } else {
      operands.add(setsFlags ? rd(word) : registerOrSp(is64(word), d(word)));
    }
    operands.add(source);
    operands.add(immediate(value));
    if (bit(word, 22)) {
      operands.add("lsl #12");
    }
    return line(name, operands.toArray(String[]::new));
  }

  private static String logicalImmediate(Opcode opcode, int word) {
    long value = bitmask(word);
    if (opcode == Opcode.ANDS_IMM) {
      return d(word) == 31
          ? line("tst", rn(word), Syntax.hex(value))
          : line("ands", rd(word), rn(word), Syntax.hex(value));
    }
    String target = registerOrSp(is64(word), d(word));
    if (opcode == Opcode.ORR_IMM && n(word) == 31 && !isMoveWide(value, is64(word))) {
      return line("mov", target, immediate(is64(word) ? value : (int) value));
    }
    return line(mnemonic(opcode), target, rn(word), Syntax.hex(value));
  }

  /** The value of a bitmask immediate, DecodeBitMasks of the Arm ARM. */
  private static long bitmask(int word) {
    int imms = bits(word, 10, 6);
    int size = bit(word, 22) ? 64 : Integer.highestOneBit(~imms & 0x3f);
    int ones = (imms & (size - 1)) + 1;
    int rotation = bits(word, 16, 6) & (size - 1);
    long element = ones == 64 ? -1 : (1L << ones) - 1;
    long all = size == 64 ? -1 : (1L << size) - 1;
    if (rotation != 0) {
      element = (element >>> rotation | element << (size - rotation)) & all;
    }
    for (int width = size; width < 64; width *= 2) {
      element |= element << width;
    }
    return is64(word) ? element : element & 0xffff_ffffL;
  }

  /** Whether MOVZ or MOVN give this value; they are the preferred way then. */
  private static boolean isMoveWide(long value, boolean is64) {
    long inverted = is64 ? ~value : ~value & 0xffff_ffffL;
    return isMoveZero(value) || isMoveZero(inverted);
  }

  private static boolean isMoveZero(long value) {
    for (int shift = 0; shift < 64; shift += 16) {
      if ((value & ~(0xffffL << shift)) == 0) {
        return true;
      }
    }
    return false;
  }

  private static String moveWide(Opcode opcode, int word) {
    int shift = bits(word, 21, 2) * 16;
    long field = bits(word, 5, 16);
    long value = field << shift;
    boolean shiftsZero = field == 0 && shift != 0;
    if (opcode == Opcode.MOVN) {
      value = is64(word) ? ~value : ~value & 0xffff_ffffL;
    }
    boolean isMove =
        switch (opcode) {
          case MOVZ -> !shiftsZero;
          case MOVN -> !shiftsZero && !isMoveZero(value);
          default -> false;
        };
    if (isMove) {
      return line("mov", rd(word), immediate(is64(word) ? value : (int) value));
    }
    String name = mnemonic(opcode);
    return shift == 0
        ? line(name, rd(word), immediate(field))
        : line(name, rd(word), immediate(field), "lsl #" + shift);
  }

  private static String bitField(Opcode opcode, int word) {
    boolean signed = opcode == Opcode.SBFM;
    int immr = bits(word, 16, 6);
    int imms = bits(word, 10, 6);
    int last = is64(word) ? 63 : 31;
    if (immr == 0 && (imms == 7 || imms == 15) && (signed || !is64(word))) {
      String name = (signed ? "sxt" : "uxt") + (imms == 7 ? "b" : "h");
      return line(name, rd(word), w(n(word)));
    }
    if (immr == 0 && imms == 31 && signed && is64(word)) {
      return line("sxtw", rd(word), w(n(word)));
    }
    if (imms == last) {
      return line(signed ? "asr" : "lsr", rd(word), rn(word), immediate(immr));
    }
    if (!signed && imms + 1 == immr) {
      return line("lsl", rd(word), rn(word), immediate(last - imms));
    }
    String name = signed ? "sbf" : "ubf";
    return immr > imms
        ? line(name + "iz", rd(word), rn(word), immediate(last + 1 - immr), immediate(imms + 1))
        : line(name + "x", rd(word), rn(word), immediate(immr), immediate(imms - immr + 1));
  }

  private static String bitFieldInsert(int word) {
    int immr = bits(word, 16, 6);
    int imms = bits(word, 10, 6);
    int width = is64(word) ? 64 : 32;
    return imms < immr
        ? line("bfi", rd(word), rn(word), immediate(width - immr), immediate(imms + 1))
        : line("bfxil", rd(word), rn(word), immediate(immr), immediate(imms - immr + 1));
  }

  /** The register with its shift, which is not told where it does nothing. */
  private static String shifted(int word) {
    int kind = bits(word, 22, 2);
    int amount = bits(word, 10, 6);
    return kind == 0 && amount == 0 ? rm(word) : rm(word) + ", " + SHIFTS.get(kind) + " #" + amount;
  }

  private static String logicalShifted(Opcode opcode, int word) {
    if (opcode == Opcode.ORR_REG
        && n(word) == 31
        && bits(word, 22, 2) == 0
        && bits(word, 10, 6) == 0) {
      return line("mov", rd(word), rm(word));
    }
    if (opcode == Opcode.ORN_REG && n(word) == 31) {
      return line("mvn", rd(word), shifted(word));
    }
    if (opcode == Opcode.ANDS_REG && d(word) == 31) {
      return line("tst", rn(word), shifted(word));
    }
    return line(mnemonic(opcode), rd(word), rn(word), shifted(word));
  }

  private static String arithmeticShifted(Opcode opcode, int word) {
    boolean subtracts = bit(word, 30);
    boolean setsFlags = bit(word, 29);
    if (setsFlags && d(word) == 31) {
      return line(subtracts ? "cmp" : "cmn", rn(word), shifted(word));
    }
    if (subtracts && n(word) == 31) {
      return line(setsFlags ? "negs" : "neg", rd(word), shifted(word));
    }
    return line(mnemonic(opcode), rd(word), rn(word), shifted(word));
  }

  private static String arithmeticExtended(Opcode opcode, int word) {
    boolean setsFlags = bit(word, 29);
    int option = bits(word, 13, 3);
    int amount = bits(word, 10, 3);
    boolean usesSp = n(word) == 31 || (!setsFlags && d(word) == 31);
    boolean isPlain = option == (is64(word) ? 3 : 2);
    String extension;
    if (usesSp && isPlain) {
      extension = amount == 0 ? "" : ", lsl #" + amount;
    } else {
      extension = ", " + EXTENSIONS.get(option) + (amount == 0 ? "" : " #" + amount);
    }
    String source = registerOrSp(is64(word), n(word));
    String second = register(is64(word) && (option & 3) == 3, m(word)) + extension;
    if (setsFlags && d(word) == 31) {
      return line(bit(word, 30) ? "cmp" : "cmn", source, second);
    }
    String target = setsFlags ? rd(word) : registerOrSp(is64(word), d(word));
    return line(mnemonic(opcode), target, source, second);
  }

  private static String conditionalCompare(Opcode opcode, int word, String second) {
    return line(
        mnemonic(opcode), rn(word), second, immediate(word & 15), condition(bits(word, 12, 4)));
  }

  private static String conditionalSelect(Opcode opcode, int word) {
    int condition = bits(word, 12, 4);
    // the aliases invert the condition, which AL and NV do not have
    if (opcode != Opcode.CSEL && n(word) == m(word) && condition < 14) {
      String inverse = condition(condition ^ 1);
      if (n(word) == 31 && opcode != Opcode.CSNEG) {
        return line(opcode == Opcode.CSINC ? "cset" : "csetm", rd(word), inverse);
      }
      String name =
          switch (opcode) {
            case CSINC -> "cinc";
            case CSINV -> "cinv";
            default -> "cneg";
          };
      return line(name, rd(word), rn(word), inverse);
    }
    return line(mnemonic(opcode), rd(word), rn(word), rm(word), condition(condition));
  }

  private static String multiply(Opcode opcode, int word) {
    boolean isLong = opcode != Opcode.MADD && opcode != Opcode.MSUB;
    boolean is64 = is64(word) && !isLong;
    String first = register(is64, n(word));
    String second = register(is64, m(word));
    if (a(word) != 31) {
      return line(mnemonic(opcode), rd(word), first, second, register(is64(word), a(word)));
    }
    String name =
        switch (opcode) {
          case MADD -> "mul";
          case MSUB -> "mneg";
          case SMADDL -> "smull";
          case SMSUBL -> "smnegl";
          case UMADDL -> "umull";
          default -> "umnegl";
        };
    return line(name, rd(word), first, second);
  }
}
