package dev.bringup.emulator.aarch64;

import static dev.bringup.emulator.aarch64.MicroOp.SINK;
import static dev.bringup.emulator.aarch64.MicroOp.SP;
import static dev.bringup.emulator.aarch64.MicroOp.ZERO;
import static dev.bringup.emulator.aarch64.MicroOp.pack;

import dev.bringup.emulator.aarch64.isa.Decoder;
import dev.bringup.emulator.aarch64.isa.Opcode;

/**
 * Turns instruction words into {@link MicroOp}s. What is decoded here depends on the word and on
 * its place in its page only, so that it may be shared by all exception levels and mappings.
 */
final class Lowering {
  /**
   * Values of bitmask immediates by N:immr:imms; from 8192 on, the same cut to 32 bits (C4.1.92,
   * DecodeBitMasks).
   */
  static final long[] BITMASKS = bitmasks();

  private static final int INSTRUCTIONS = 1024;

  private Lowering() {}

  private static long[] bitmasks() {
    var masks = new long[2 * 8192];
    for (int i = 0; i < 8192; i++) {
      int n = i >> 12;
      int immr = i >> 6 & 63;
      int imms = i & 63;
      int inverted = n << 6 | (~imms & 63);
      if (inverted < 2) {
        continue;
      }
      int size = Integer.highestOneBit(inverted);
      int ones = (imms & (size - 1)) + 1;
      if (ones == size) {
        continue;
      }
      int rotation = immr & (size - 1);
      long element = -1L >>> (64 - ones);
      if (rotation != 0) {
        element = element >>> rotation | element << (size - rotation);
      }
      if (size < 64) {
        element &= (1L << size) - 1;
      }
      long mask = 0;
      for (int at = 0; at < 64; at += size) {
        mask |= element << at;
      }
      masks[i] = mask;
      masks[8192 + i] = mask & 0xffff_ffffL;
    }
    return masks;
  }

  /**
   * @param index which instruction of its page it is, 0 to 1023
   */
  static long lower(int word, int index) {
    Opcode opcode = Decoder.decode(word);
    boolean wide = word < 0;
    return switch (opcode) {
      case ADR -> pack(MicroOp.ADR, d(word), 0, 0, 0, adrOffset(word));
      case ADRP -> pack(MicroOp.ADRP, d(word), 0, 0, 0, adrOffset(word));
      case ADD_IMM, SUB_IMM -> {
        int amount = addImmediate(word);
        yield pack(
            wide ? MicroOp.ADD64_IMM : MicroOp.ADD32_IMM,
            dSp(word),
            nSp(word),
            0,
            0,
            opcode == Opcode.ADD_IMM ? amount : -amount);
      }
      case ADDS_IMM ->
          pack(
              wide ? MicroOp.ADDS64_IMM : MicroOp.ADDS32_IMM,
              d(word),
              nSp(word),
              0,
              0,
              addImmediate(word));
      case SUBS_IMM ->
          pack(
              wide ? MicroOp.SUBS64_IMM : MicroOp.SUBS32_IMM,
              d(word),
              nSp(word),
              0,
              0,
              addImmediate(word));
      case AND_IMM -> pack(MicroOp.AND_IMM, dSp(word), n(word), 0, 0, bitmask(word));
      case ORR_IMM ->
          pack(
              wide ? MicroOp.ORR64_IMM : MicroOp.ORR32_IMM,
              dSp(word),
              n(word),
              0,
              0,
              bitmask(word));
      case EOR_IMM ->
          pack(
              wide ? MicroOp.EOR64_IMM : MicroOp.EOR32_IMM,
              dSp(word),
              n(word),
              0,
              0,
              bitmask(word));
      case ANDS_IMM ->
          pack(
              wide ? MicroOp.ANDS64_IMM : MicroOp.ANDS32_IMM,
              d(word),
              n(word),
              0,
              0,
              bitmask(word));
      case MOVN -> {
        int shift = bits(word, 21, 2);
        yield wide
            ? pack(MicroOp.MOV_INVERTED, d(word), 0, 0, shift, bits(word, 5, 16))
            : pack(MicroOp.MOV_UNSIGNED, d(word), 0, 0, 0, ~(bits(word, 5, 16) << (16 * shift)));
      }
      case MOVZ -> pack(MicroOp.MOV_SHIFTED, d(word), 0, 0, bits(word, 21, 2), bits(word, 5, 16));
      case MOVK ->
          pack(MicroOp.MOVK, d(word), wide ? 0 : 1, 0, bits(word, 21, 2), bits(word, 5, 16));
      case UBFM -> ubfm(word, wide);
      case SBFM -> sbfm(word, wide);
      case BFM -> bfm(word, wide);
      case EXTR ->
          pack(
              wide ? MicroOp.EXTR64 : MicroOp.EXTR32,
              d(word),
              n(word),
              m(word),
              0,
              bits(word, 10, 6));
      case B_COND, CBZ, CBNZ, TBZ, TBNZ, B, BL -> branch(opcode, word, index);
      case BR, RET -> pack(MicroOp.BR, 0, n(word), 0, 0, 0);
      case BLR -> pack(MicroOp.BLR, 0, n(word), 0, 0, 0);
      case DMB, DSB, ISB, PRFM, PRFUM, PRFM_LIT, PRFM_REG -> pack(MicroOp.NOP, 0, 0, 0, 0, 0);
      case HINT -> {
        int number = bits(word, 5, 7);
        boolean waits = number >= 2 && number <= 5; // WFE, WFI, SEV, SEVL
        yield waits ? cold(opcode, word) : pack(MicroOp.NOP, 0, 0, 0, 0, 0);
      }
      case MRS -> mrs(word);
      case ADD_REG,
          SUB_REG,
          ADDS_REG,
          SUBS_REG,
          AND_REG,
          ORR_REG,
          EOR_REG,
          BIC_REG,
          ANDS_REG,
          ORN_REG,
          EON_REG,
          BICS_REG ->
          register(opcode, word, wide);
      case ADD_EXT, ADDS_EXT, SUB_EXT, SUBS_EXT -> {
        boolean setsFlags = opcode == Opcode.ADDS_EXT || opcode == Opcode.SUBS_EXT;
        int amount = bits(word, 10, 3) | bits(word, 13, 3) << 4;
        yield pack(
            MicroOp.ALU_EXTENDED,
            setsFlags ? d(word) : dSp(word),
            nSp(word),
            m(word),
            0,
            amount | alu(word, wide) << 8);
      }
      case ADC, ADCS, SBC, SBCS ->
          pack(
              MicroOp.ADC,
              d(word),
              n(word),
              m(word),
              (wide ? 1 : 0) | bits(word, 29, 1) << 1 | bits(word, 30, 1) << 2,
              0);
      case CCMN_REG, CCMP_REG -> conditionalCompare(MicroOp.CCMP, word, wide);
      case CCMN_IMM, CCMP_IMM -> conditionalCompare(MicroOp.CCMP_IMM, word, wide);
      case CSEL -> select(wide ? MicroOp.CSEL64 : MicroOp.CSEL32, word);
      case CSINC -> select(wide ? MicroOp.CSINC64 : MicroOp.CSINC32, word);
      case CSINV -> select(wide ? MicroOp.CSINV64 : MicroOp.CSINV32, word);
      case CSNEG -> select(wide ? MicroOp.CSNEG64 : MicroOp.CSNEG32, word);
      case UDIV -> pack(MicroOp.DIVIDE, d(word), n(word), m(word), wide ? 1 : 0, 0);
      case SDIV -> pack(MicroOp.DIVIDE, d(word), n(word), m(word), wide ? 3 : 2, 0);
      case LSLV, LSRV, ASRV, RORV ->
          pack(
              MicroOp.SHIFT_VARIABLE,
              d(word),
              n(word),
              m(word),
              (wide ? 1 : 0) | bits(word, 10, 2) << 1,
              0);
      case CRC32 -> pack(MicroOp.CRC, d(word), n(word), m(word), bits(word, 10, 2), 0);
      case CRC32C -> pack(MicroOp.CRC, d(word), n(word), m(word), bits(word, 10, 2) | 4, 0);
      case RBIT, REV16, REV32, REV64, CLZ, CLS ->
          pack(MicroOp.ONE_SOURCE, d(word), n(word), 0, wide ? 1 : 0, bits(word, 10, 6));
      case MADD ->
          wide
              ? pack(MicroOp.MADD64, d(word), n(word), m(word), 0, a(word))
              : multiply(word, IntegerUnit.MADD32);
      case MSUB -> multiply(word, wide ? IntegerUnit.MSUB64 : IntegerUnit.MSUB32);
      case SMADDL -> multiply(word, IntegerUnit.SMADDL);
      case SMSUBL -> multiply(word, IntegerUnit.SMSUBL);
      case UMADDL -> multiply(word, IntegerUnit.UMADDL);
      case UMSUBL -> multiply(word, IntegerUnit.UMSUBL);
      case SMULH -> multiply(word, IntegerUnit.SMULH);
      case UMULH -> multiply(word, IntegerUnit.UMULH);
      default -> memory(opcode, word);
    };
  }

  @SuppressWarnings("EnumOrdinal") // as MicroOp says
  static long cold(Opcode opcode, int word) {
    return (long) MicroOp.COLD << 54 | (long) opcode.ordinal() << 36 | (word & 0xffff_ffffL);
  }

  private static int bits(int word, int low, int count) {
    return word >>> low & (1 << count) - 1;
  }

  private static int signed(int word, int low, int count) {
    return word << (32 - low - count) >> (32 - count);
  }

  private static int writable(int register) {
    return register == 31 ? SINK : register;
  }

  private static int orSp(int register) {
    return register == 31 ? SP : register;
  }

  private static int d(int word) {
    return writable(bits(word, 0, 5));
  }

  private static int dSp(int word) {
    return orSp(bits(word, 0, 5));
  }

  private static int n(int word) {
    return bits(word, 5, 5);
  }

  private static int nSp(int word) {
    return orSp(bits(word, 5, 5));
  }

  private static int m(int word) {
    return bits(word, 16, 5);
  }

  private static int a(int word) {
    return bits(word, 10, 5);
  }

  private static int adrOffset(int word) {
    return signed(word, 5, 19) << 2 | bits(word, 29, 2);
  }

  private static int addImmediate(int word) {
    return bits(word, 10, 12) << (bits(word, 22, 1) == 1 ? 12 : 0);
  }

  private static int bitmask(int word) {
    return bits(word, 10, 13) + (word < 0 ? 0 : 8192);
  }

  private static long ubfm(int word, boolean wide) {
    int r = bits(word, 16, 6);
    int s = bits(word, 10, 6);
    int size = wide ? 64 : 32;
    return s >= r
        ? pack(MicroOp.UBFX, d(word), n(word), 0, 0, (s - r + 1) << 8 | r)
        : pack(MicroOp.UBFIZ, d(word), n(word), 0, 0, (s + 1) << 8 | (size - r));
  }

  private static long sbfm(int word, boolean wide) {
    int r = bits(word, 16, 6);
    int s = bits(word, 10, 6);
    int left = 63 - s;
    int right = s >= r ? left + r : left - ((wide ? 64 : 32) - r);
    return pack(wide ? MicroOp.SBFM64 : MicroOp.SBFM32, d(word), n(word), 0, 0, left << 8 | right);
  }

  private static long bfm(int word, boolean wide) {
    int r = bits(word, 16, 6);
    int s = bits(word, 10, 6);
    int width = s >= r ? s - r + 1 : s + 1;
    int from = s >= r ? r : 0;
    int to = s >= r ? 0 : (wide ? 64 : 32) - r;
    // rm reads the old value; extra tells the width of the register
    return pack(
        MicroOp.BFM64,
        d(word),
        n(word),
        bits(word, 0, 5),
        wide ? 1 : 0,
        width << 16 | from << 8 | to);
  }

  private static long branch(Opcode opcode, int word, int index) {
    int distance =
        switch (opcode) {
          case B, BL -> signed(word, 0, 26);
          case TBZ, TBNZ -> signed(word, 5, 14);
          default -> signed(word, 5, 19);
        };
    int target = index + distance;
    boolean local = target >= 0 && target < INSTRUCTIONS;
    boolean wide = word < 0;
    int t = bits(word, 0, 5);
    int bit = bits(word, 19, 5) | (wide ? 32 : 0);
    int where = local ? target : distance << 2;
    return switch (opcode) {
      case B -> pack(local ? MicroOp.B : MicroOp.B_FAR, 0, 0, 0, 0, where);
      case BL -> pack(local ? MicroOp.BL : MicroOp.BL_FAR, 0, 0, 0, 0, where);
      case B_COND -> {
        int condition = bits(word, 0, 4);
        if (condition >= 14) { // always
          yield pack(local ? MicroOp.B : MicroOp.B_FAR, 0, 0, 0, 0, where);
        }
        yield local
            ? pack(MicroOp.B_EQ + condition, 0, 0, 0, 0, where)
            : pack(MicroOp.B_COND_FAR, 0, 0, 0, condition, where);
      }
      case CBZ, CBNZ -> {
        int kind = (wide ? 0 : 1) + (opcode == Opcode.CBNZ ? 2 : 0);
        yield local
            ? pack(MicroOp.CBZ64 + kind, 0, t, 0, 0, where)
            : pack(MicroOp.CB_FAR, 0, t, kind, 0, where);
      }
      default ->
          local
              ? pack(opcode == Opcode.TBZ ? MicroOp.TBZ : MicroOp.TBNZ, 0, t, bit, 0, where)
              : pack(MicroOp.TB_FAR, 0, t, bit, opcode == Opcode.TBZ ? 0 : 1, where);
    };
  }

  @SuppressWarnings("EnumOrdinal") // the index into CpuState.sys
  private static long mrs(int word) {
    SystemRegister register = SystemRegister.of(SystemRegister.key(word));
    if (register != null && register.isPlain()) {
      return pack(MicroOp.MRS_PLAIN, d(word), 0, 0, register.readableFrom(), register.ordinal());
    }
    return cold(Opcode.MRS, word);
  }

  /** What an instruction of the adder or the logical unit does, for {@link IntegerUnit#alu}. */
  private static int alu(int word, boolean wide) {
    int logical = bits(word, 24, 5) == 0b01010 ? 1 : 0;
    int inverted = logical == 1 ? bits(word, 21, 1) : 0;
    return bits(word, 29, 2) | logical << 2 | inverted << 3 | (wide ? 1 : 0) << 4;
  }

  private static long register(Opcode opcode, int word, boolean wide) {
    int kind = bits(word, 22, 2);
    int amount = bits(word, 10, 6);
    int rd = d(word);
    int rn = n(word);
    int rm = m(word);
    if (opcode == Opcode.ORR_REG && rn == ZERO && amount == 0) {
      return pack(wide ? MicroOp.MOV64 : MicroOp.MOV32, rd, rm, 0, 0, 0);
    }
    int operation =
        kind != 0
            ? -1
            : switch (opcode) {
              case ADD_REG -> wide ? MicroOp.ADD64 : MicroOp.ADD32;
              case SUB_REG -> wide ? MicroOp.SUB64 : MicroOp.SUB32;
              case ADDS_REG -> wide ? MicroOp.ADDS64 : MicroOp.ADDS32;
              case SUBS_REG -> wide ? MicroOp.SUBS64 : MicroOp.SUBS32;
              case AND_REG -> wide ? MicroOp.AND64 : MicroOp.AND32;
              case ORR_REG -> wide ? MicroOp.ORR64 : MicroOp.ORR32;
              case EOR_REG -> wide ? MicroOp.EOR64 : MicroOp.EOR32;
              case BIC_REG -> wide ? MicroOp.BIC64 : MicroOp.BIC32;
              case ANDS_REG -> wide ? MicroOp.ANDS64 : MicroOp.ANDS32;
              default -> -1;
            };
    return operation >= 0
        ? pack(operation, rd, rn, rm, 0, amount)
        : pack(MicroOp.ALU_SHIFTED, rd, rn, rm, kind, amount | alu(word, wide) << 8);
  }

  private static long conditionalCompare(int operation, int word, boolean wide) {
    boolean negative = bits(word, 30, 1) == 0;
    int immediate = bits(word, 0, 4) | (wide ? 1 : 0) << 4 | (negative ? 1 : 0) << 5 | m(word) << 8;
    return pack(operation, 0, n(word), m(word), bits(word, 12, 4), immediate);
  }

  private static long select(int operation, int word) {
    return pack(operation, d(word), n(word), m(word), bits(word, 12, 4), 0);
  }

  private static long multiply(int word, int which) {
    return pack(MicroOp.MULTIPLY, d(word), n(word), m(word), which, a(word));
  }

  private static long memory(Opcode opcode, int word) {
    int size = word >>> 30;
    int t = bits(word, 0, 5);
    int rn = nSp(word);
    int scaled = bits(word, 10, 12) << size;
    int unscaled = signed(word, 12, 9);
    int extension = LoadStoreUnit.access(size, bits(word, 22, 2));
    return switch (opcode) {
      case LDR ->
          switch (size) {
            case 0 -> pack(MicroOp.LDR8, writable(t), rn, 0, 0, scaled);
            case 1 -> pack(MicroOp.LDR16, writable(t), rn, 0, 0, scaled);
            case 2 -> pack(MicroOp.LDR32, writable(t), rn, 0, 0, scaled);
            default -> pack(MicroOp.LDR64, writable(t), rn, 0, 0, scaled);
          };
      case LDUR ->
          switch (size) {
            case 0 -> pack(MicroOp.LDR8, writable(t), rn, 0, 0, unscaled);
            case 1 -> pack(MicroOp.LDR16, writable(t), rn, 0, 0, unscaled);
            case 2 -> pack(MicroOp.LDR32, writable(t), rn, 0, 0, unscaled);
            default -> pack(MicroOp.LDR64, writable(t), rn, 0, 0, unscaled);
          };
      case STR, STUR -> {
        int offset = opcode == Opcode.STR ? scaled : unscaled;
        yield pack(MicroOp.STR64 + 3 - size, t, rn, 0, 0, offset);
      }
      case LDRS, LDURS -> {
        int offset = opcode == Opcode.LDRS ? scaled : unscaled;
        yield size == 2
            ? pack(MicroOp.LDRSW, writable(t), rn, 0, 0, offset)
            : pack(MicroOp.LOAD, writable(t), rn, 0, extension, offset);
      }
      case LDR_POST, LDRS_POST -> pack(MicroOp.LOAD_POST, writable(t), rn, 0, extension, unscaled);
      case LDR_PRE, LDRS_PRE -> pack(MicroOp.LOAD_PRE, writable(t), rn, 0, extension, unscaled);
      case LDTR, LDTRS -> pack(MicroOp.LOAD_USER, writable(t), rn, 0, extension, unscaled);
      case STR_POST -> pack(MicroOp.STORE_POST, t, rn, 0, extension, unscaled);
      case STR_PRE -> pack(MicroOp.STORE_PRE, t, rn, 0, extension, unscaled);
      case STTR -> pack(MicroOp.STORE_USER, t, rn, 0, extension, unscaled);
      case LDR_REG, LDRS_REG, STR_REG -> indexed(opcode, word, size, extension);
      case LDR_LIT ->
          pack(
              MicroOp.LOAD_LITERAL,
              writable(t),
              0,
              0,
              LoadStoreUnit.access(size + 2, 1),
              signed(word, 5, 19) << 2);
      case LDRSW_LIT ->
          pack(
              MicroOp.LOAD_LITERAL,
              writable(t),
              0,
              0,
              LoadStoreUnit.access(2, 2),
              signed(word, 5, 19) << 2);
      case LDP,
          LDP_POST,
          LDP_PRE,
          LDNP,
          STP,
          STP_POST,
          STP_PRE,
          STNP,
          LDPSW,
          LDPSW_POST,
          LDPSW_PRE ->
          pair(opcode, word);
      default -> vectorMemory(opcode, word);
    };
  }

  /** 0 for the whole register, 1 for UXTW, 2 for SXTW. */
  private static int indexExtension(int word) {
    return switch (bits(word, 13, 3)) {
      case 2 -> 1;
      case 6 -> 2;
      default -> 0;
    };
  }

  private static long indexed(Opcode opcode, int word, int size, int access) {
    int t = bits(word, 0, 5);
    int rn = nSp(word);
    int shift = bits(word, 12, 1) * size;
    int extension = indexExtension(word);
    if (opcode == Opcode.STR_REG) {
      return switch (size) {
        case 0 -> pack(MicroOp.STR8_REG, t, rn, m(word), extension, shift);
        case 2 -> pack(MicroOp.STR32_REG, t, rn, m(word), extension, shift);
        case 3 -> pack(MicroOp.STR64_REG, t, rn, m(word), extension, shift);
        default -> pack(MicroOp.STORE_REG, t, rn, m(word), access, shift | extension << 8);
      };
    }
    if (opcode == Opcode.LDR_REG && size != 1) {
      return switch (size) {
        case 0 -> pack(MicroOp.LDR8_REG, writable(t), rn, m(word), extension, shift);
        case 2 -> pack(MicroOp.LDR32_REG, writable(t), rn, m(word), extension, shift);
        default -> pack(MicroOp.LDR64_REG, writable(t), rn, m(word), extension, shift);
      };
    }
    return pack(MicroOp.LOAD_REG, writable(t), rn, m(word), access, shift | extension << 8);
  }

  private static long pair(Opcode opcode, int word) {
    boolean isSigned = bits(word, 30, 2) == 1;
    int size = word < 0 ? 3 : 2;
    int offset = signed(word, 15, 7) << size;
    int t = bits(word, 0, 5);
    int t2 = a(word);
    int rn = nSp(word);
    int access = LoadStoreUnit.access(size, isSigned ? 2 : 1);
    // What may misalign the stack pointer is left to the unit, which looks after that.
    boolean keepsSp = rn != SP || (offset & 15) == 0;
    boolean wide = size == 3;
    boolean loadsBase = rn == t || rn == t2;
    return switch (opcode) {
      case LDP, LDNP, LDPSW ->
          wide
              ? pack(MicroOp.LDP64, writable(t), rn, writable(t2), 0, offset)
              : pack(MicroOp.LOAD_PAIR, writable(t), rn, writable(t2), access, offset);
      case LDP_POST, LDPSW_POST ->
          wide && keepsSp && !loadsBase
              ? pack(MicroOp.LDP64_POST, writable(t), rn, writable(t2), 0, offset)
              : pack(MicroOp.LOAD_PAIR_POST, writable(t), rn, writable(t2), access, offset);
      case LDP_PRE, LDPSW_PRE ->
          pack(MicroOp.LOAD_PAIR_PRE, writable(t), rn, writable(t2), access, offset);
      case STP, STNP ->
          wide
              ? pack(MicroOp.STP64, t, rn, t2, 0, offset)
              : pack(MicroOp.STORE_PAIR, t, rn, t2, access, offset);
      case STP_POST -> pack(MicroOp.STORE_PAIR_POST, t, rn, t2, access, offset);
      default ->
          wide && keepsSp
              ? pack(MicroOp.STP64_PRE, t, rn, t2, 0, offset)
              : pack(MicroOp.STORE_PAIR_PRE, t, rn, t2, access, offset);
    };
  }

  private static long vectorMemory(Opcode opcode, int word) {
    int t = bits(word, 0, 5);
    int rn = nSp(word);
    int size = bits(word, 23, 1) == 1 ? 4 : word >>> 30;
    int pairSize = 2 + (word >>> 30);
    int unscaled = signed(word, 12, 9);
    int pairOffset = signed(word, 15, 7) << pairSize;
    int shift = bits(word, 12, 1) * size | indexExtension(word) << 8;
    return switch (opcode) {
      case LDR_FP -> pack(MicroOp.LOAD_V, t, rn, 0, size, bits(word, 10, 12) << size);
      case LDUR_FP -> pack(MicroOp.LOAD_V, t, rn, 0, size, unscaled);
      case LDR_FP_POST -> pack(MicroOp.LOAD_V_POST, t, rn, 0, size, unscaled);
      case LDR_FP_PRE -> pack(MicroOp.LOAD_V_PRE, t, rn, 0, size, unscaled);
      case LDR_FP_REG -> pack(MicroOp.LOAD_V_REG, t, rn, m(word), size, shift);
      case STR_FP -> pack(MicroOp.STORE_V, t, rn, 0, size, bits(word, 10, 12) << size);
      case STUR_FP -> pack(MicroOp.STORE_V, t, rn, 0, size, unscaled);
      case STR_FP_POST -> pack(MicroOp.STORE_V_POST, t, rn, 0, size, unscaled);
      case STR_FP_PRE -> pack(MicroOp.STORE_V_PRE, t, rn, 0, size, unscaled);
      case STR_FP_REG -> pack(MicroOp.STORE_V_REG, t, rn, m(word), size, shift);
      case LDR_LIT_FP -> pack(MicroOp.LOAD_V_LITERAL, t, 0, 0, pairSize, signed(word, 5, 19) << 2);
      case LDP_FP, LDNP_FP -> pack(MicroOp.LOAD_V_PAIR, t, rn, a(word), pairSize, pairOffset);
      case LDP_FP_POST -> pack(MicroOp.LOAD_V_PAIR_POST, t, rn, a(word), pairSize, pairOffset);
      case LDP_FP_PRE -> pack(MicroOp.LOAD_V_PAIR_PRE, t, rn, a(word), pairSize, pairOffset);
      case STP_FP, STNP_FP -> pack(MicroOp.STORE_V_PAIR, t, rn, a(word), pairSize, pairOffset);
      case STP_FP_POST -> pack(MicroOp.STORE_V_PAIR_POST, t, rn, a(word), pairSize, pairOffset);
      case STP_FP_PRE -> pack(MicroOp.STORE_V_PAIR_PRE, t, rn, a(word), pairSize, pairOffset);
      default -> cold(opcode, word);
    };
  }
}
