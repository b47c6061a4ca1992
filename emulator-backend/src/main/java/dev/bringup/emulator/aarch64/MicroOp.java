package dev.bringup.emulator.aarch64;

/**
 * Decoded instructions as the interpreter reads them: one {@code long} each.
 *
 * <pre>
 * 63       54 53    48 47    42 41    36 35   32 31        0
 * operation   rd       rn       rm       extra   immediate
 * </pre>
 *
 * <p>Registers are slots of {@link CpuState#x}: the decoder has already turned number 31 into the
 * stack pointer, the zero or the sink. For {@link #COLD} the immediate is the instruction word and
 * bits 53 to 36 are the ordinal of its opcode.
 */
final class MicroOp {
  /** Reads as zero. */
  static final int ZERO = 31;

  /** The stack pointer in use. */
  static final int SP = 32;

  /** Takes what is written to the zero register. */
  static final int SINK = 33;

  // Control of the interpreter itself
  static final int DECODE = 0;
  static final int PAGE_END = 1;
  static final int NOP = 2;
  static final int COLD = 3;

  // Constants; extra: shift in units of 16
  static final int MOV_SIGNED = 5;
  static final int MOV_UNSIGNED = 6;
  static final int MOV_SHIFTED = 7;
  static final int MOV_INVERTED = 8;
  static final int MOVK = 9;
  static final int ADR = 10;
  static final int ADRP = 11;

  // With an immediate; of logical ones it is an index into Lowering.BITMASKS
  static final int ADD64_IMM = 12;
  static final int ADD32_IMM = 13;
  static final int ADDS64_IMM = 14;
  static final int ADDS32_IMM = 15;
  static final int SUBS64_IMM = 16;
  static final int SUBS32_IMM = 17;
  static final int AND_IMM = 18;
  static final int ORR64_IMM = 19;
  static final int ORR32_IMM = 20;
  static final int EOR64_IMM = 21;
  static final int EOR32_IMM = 22;
  static final int ANDS64_IMM = 23;
  static final int ANDS32_IMM = 24;

  // With registers; immediate: rm is shifted left by so much
  static final int ADD64 = 25;
  static final int ADD32 = 26;
  static final int SUB64 = 27;
  static final int SUB32 = 28;
  static final int ADDS64 = 29;
  static final int ADDS32 = 30;
  static final int SUBS64 = 31;
  static final int SUBS32 = 32;
  static final int AND64 = 33;
  static final int AND32 = 34;
  static final int ORR64 = 35;
  static final int ORR32 = 36;
  static final int EOR64 = 37;
  static final int EOR32 = 38;
  static final int BIC64 = 39;
  static final int BIC32 = 40;
  static final int ANDS64 = 41;
  static final int ANDS32 = 42;
  static final int MOV64 = 43;
  static final int MOV32 = 44;

  // Bit fields. UBFX: immediate = width << 8 | right shift; UBFIZ: width << 8 | left shift;
  // SBFM: left << 8 | right
  static final int UBFX = 45;
  static final int UBFIZ = 46;
  static final int SBFM64 = 47;
  static final int SBFM32 = 48;

  // extra: condition
  static final int CSEL64 = 49;
  static final int CSEL32 = 50;
  static final int CSINC64 = 51;
  static final int CSINC32 = 52;
  static final int CSINV64 = 53;
  static final int CSINV32 = 54;
  static final int CSNEG64 = 55;
  static final int CSNEG32 = 56;

  // extra is not used, imm is the slot of Ra
  static final int MADD64 = 57;

  // Branches. Local: immediate = index of the target in the page; far: distance in bytes
  static final int B = 58;
  static final int B_FAR = 59;
  static final int BL = 60;
  static final int BL_FAR = 61;
  static final int BR = 62;
  static final int BLR = 63;
  static final int CBZ64 = 64;
  static final int CBZ32 = 65;
  static final int CBNZ64 = 66;
  static final int CBNZ32 = 67;
  static final int TBZ = 68; // rm: which bit
  static final int TBNZ = 69;
  static final int B_EQ = 70; // B_EQ + condition, to 83 for LE
  static final int B_COND_FAR = 84; // extra: condition
  static final int CB_FAR = 85; // rm: 0 CBZ64, 1 CBZ32, 2 CBNZ64, 3 CBNZ32
  static final int TB_FAR = 86; // rm: which bit, extra: 0 TBZ, 1 TBNZ

  // Loads and stores; rd is Rt, rm is Rt2 or the index
  static final int LDR64 = 87;
  static final int LDR32 = 88;
  static final int LDR16 = 89;
  static final int LDR8 = 90;
  static final int LDRSW = 91;
  static final int STR64 = 92;
  static final int STR32 = 93;
  static final int STR16 = 94;
  static final int STR8 = 95;
  // extra: 0 the whole index, 1 its low half zero-extended, 2 sign-extended; immediate: left shift
  static final int LDR64_REG = 96;
  static final int LDR32_REG = 97;
  static final int LDR8_REG = 98;
  static final int STR64_REG = 99;
  static final int STR32_REG = 100;
  static final int STR8_REG = 101;
  static final int LDP64 = 102;
  static final int STP64 = 103;
  static final int LDP64_POST = 104;
  static final int STP64_PRE = 105;
  // extra: minimal exception level; immediate: ordinal of the system register
  static final int MRS_PLAIN = 106;

  /** From here on: {@link IntegerUnit}. */
  static final int INTEGER = 128;

  // extra: kind of shift; immediate: amount
  static final int ALU_SHIFTED = 128; // rd = rn op shifted rm; immediate: amount | opcode << 8
  static final int ALU_EXTENDED = 129; // immediate: amount | option << 4 | opcode << 8
  static final int BFM64 = 130; // immediate: width << 16 | source bit << 8 | target bit
  static final int EXTR64 = 131;
  static final int EXTR32 = 132;
  static final int ADC = 133; // extra: 64 bits | sets flags << 1 | subtracts << 2
  static final int CCMP =
      134; // extra: condition; immediate: flags | 64 << 4 | neg << 5 | imm5 << 8
  static final int CCMP_IMM = 135;
  static final int DIVIDE = 136; // extra: 64 bits | signed << 1
  static final int SHIFT_VARIABLE = 137; // extra: 64 bits | kind << 1
  static final int CRC = 138; // extra: log2 of size | castagnoli << 2
  static final int ONE_SOURCE = 139; // extra: 64 bits; immediate: which
  static final int MULTIPLY = 140; // extra: which; immediate: slot of Ra

  /** From here on: {@link LoadStoreUnit}. */
  static final int MEMORY = 160;

  // extra: access, see LoadStoreUnit; immediate: offset
  static final int LOAD = 160;
  static final int LOAD_POST = 161;
  static final int LOAD_PRE = 162;
  static final int LOAD_REG = 163; // immediate: left shift | extension << 8
  static final int LOAD_USER = 164;
  static final int STORE = 165;
  static final int STORE_POST = 166;
  static final int STORE_PRE = 167;
  static final int STORE_REG = 168;
  static final int STORE_USER = 169;
  static final int LOAD_LITERAL = 170; // immediate: distance
  static final int LOAD_PAIR = 171;
  static final int LOAD_PAIR_POST = 172;
  static final int LOAD_PAIR_PRE = 173;
  static final int STORE_PAIR = 174;
  static final int STORE_PAIR_POST = 175;
  static final int STORE_PAIR_PRE = 176;
  // of vector registers, whose plain numbers stand in rd and rm; extra: log2 of the size
  static final int LOAD_V = 180;
  static final int LOAD_V_POST = 181;
  static final int LOAD_V_PRE = 182;
  static final int LOAD_V_REG = 183;
  static final int STORE_V = 184;
  static final int STORE_V_POST = 185;
  static final int STORE_V_PRE = 186;
  static final int STORE_V_REG = 187;
  static final int LOAD_V_LITERAL = 188;
  static final int LOAD_V_PAIR = 189;
  static final int LOAD_V_PAIR_POST = 190;
  static final int LOAD_V_PAIR_PRE = 191;
  static final int STORE_V_PAIR = 192;
  static final int STORE_V_PAIR_POST = 193;
  static final int STORE_V_PAIR_PRE = 194;

  private MicroOp() {}

  static long pack(int operation, int rd, int rn, int rm, int extra, int immediate) {
    return (long) operation << 54
        | (long) (rd & 63) << 48
        | (long) (rn & 63) << 42
        | (long) (rm & 63) << 36
        | (long) (extra & 15) << 32
        | (immediate & 0xffff_ffffL);
  }

  static int operation(long op) {
    return (int) (op >>> 54);
  }

  static int rd(long op) {
    return (int) (op >>> 48) & 63;
  }

  static int rn(long op) {
    return (int) (op >>> 42) & 63;
  }

  static int rm(long op) {
    return (int) (op >>> 36) & 63;
  }

  static int extra(long op) {
    return (int) (op >>> 32) & 15;
  }

  static int immediate(long op) {
    return (int) op;
  }
}
