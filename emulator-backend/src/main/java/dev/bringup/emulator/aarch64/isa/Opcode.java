package dev.bringup.emulator.aarch64.isa;

import java.util.function.IntPredicate;

/**
 * All instructions of A64 v8.0-A, one row each, as section C4 of the Arm ARM (DDI 0487) lists them.
 *
 * <p>A pattern has 32 places from bit 31 to bit 0; spaces only part it. {@code 0} and {@code 1} are
 * fixed bits, a letter names the field that the bit belongs to: {@code f} sf (1 for 64 bits),
 * {@code d n m a t s} the registers Rd, Rn, Rm, Ra or Rt2, Rt and Rs, {@code i} an immediate,
 * {@code c} a condition; other letters are explained where they stand. {@code x} is a bit without
 * meaning. A word belongs to the first row whose fixed bits and condition fit.
 */
public enum Opcode {
  // Data processing, immediate. k: immlo; N r s: a bitmask or bit-field; h: hw
  ADR("0 kk 10000 iiiiiiiiiiiiiiiiiii ddddd"),
  ADRP("1 kk 10000 iiiiiiiiiiiiiiiiiii ddddd"),
  ADD_IMM("f 0 0 100010 h iiiiiiiiiiii nnnnn ddddd"),
  ADDS_IMM("f 0 1 100010 h iiiiiiiiiiii nnnnn ddddd"),
  SUB_IMM("f 1 0 100010 h iiiiiiiiiiii nnnnn ddddd"),
  SUBS_IMM("f 1 1 100010 h iiiiiiiiiiii nnnnn ddddd"),
  AND_IMM("f 00 100100 N rrrrrr ssssss nnnnn ddddd", Opcode::isBitmask),
  ORR_IMM("f 01 100100 N rrrrrr ssssss nnnnn ddddd", Opcode::isBitmask),
  EOR_IMM("f 10 100100 N rrrrrr ssssss nnnnn ddddd", Opcode::isBitmask),
  ANDS_IMM("f 11 100100 N rrrrrr ssssss nnnnn ddddd", Opcode::isBitmask),
  MOVN("f 00 100101 hh iiiiiiiiiiiiiiii ddddd", Opcode::isHalfword),
  MOVZ("f 10 100101 hh iiiiiiiiiiiiiiii ddddd", Opcode::isHalfword),
  MOVK("f 11 100101 hh iiiiiiiiiiiiiiii ddddd", Opcode::isHalfword),
  SBFM("f 00 100110 N rrrrrr ssssss nnnnn ddddd", Opcode::isBitField),
  BFM("f 01 100110 N rrrrrr ssssss nnnnn ddddd", Opcode::isBitField),
  UBFM("f 10 100110 N rrrrrr ssssss nnnnn ddddd", Opcode::isBitField),
  EXTR("f 00 100111 N 0 mmmmm ssssss nnnnn ddddd", Opcode::isBitField),

  // Branches, exceptions, system. b: which bit is tested; o p q: op1, CRm, op2 of a system
  // instruction; r: CRn
  B_COND("0101010 0 iiiiiiiiiiiiiiiiiii 0 cccc"),
  SVC("11010100 000 iiiiiiiiiiiiiiii 000 01"),
  HVC("11010100 000 iiiiiiiiiiiiiiii 000 10"),
  SMC("11010100 000 iiiiiiiiiiiiiiii 000 11"),
  BRK("11010100 001 iiiiiiiiiiiiiiii 000 00"),
  HLT("11010100 010 iiiiiiiiiiiiiiii 000 00"),
  DCPS1("11010100 101 iiiiiiiiiiiiiiii 000 01"),
  DCPS2("11010100 101 iiiiiiiiiiiiiiii 000 10"),
  DCPS3("11010100 101 iiiiiiiiiiiiiiii 000 11"),
  HINT("1101010100 0 00 011 0010 pppp qqq 11111"),
  CLREX("1101010100 0 00 011 0011 pppp 010 11111"),
  DSB("1101010100 0 00 011 0011 pppp 100 11111"),
  DMB("1101010100 0 00 011 0011 pppp 101 11111"),
  ISB("1101010100 0 00 011 0011 pppp 110 11111"),
  MSR_IMM("1101010100 0 00 ooo 0100 pppp qqq 11111"),
  SYS("1101010100 0 01 ooo rrrr pppp qqq ttttt"),
  SYSL("1101010100 1 01 ooo rrrr pppp qqq ttttt"),
  MSR_REG("1101010100 0 1g ooo rrrr pppp qqq ttttt"), // g: op0 is 2 or 3
  MRS("1101010100 1 1g ooo rrrr pppp qqq ttttt"),
  BR("1101011 0000 11111 000000 nnnnn 00000"),
  BLR("1101011 0001 11111 000000 nnnnn 00000"),
  RET("1101011 0010 11111 000000 nnnnn 00000"),
  ERET("1101011 0100 11111 000000 11111 00000"),
  DRPS("1101011 0101 11111 000000 11111 00000"),
  B("000101 iiiiiiiiiiiiiiiiiiiiiiiiii"),
  BL("100101 iiiiiiiiiiiiiiiiiiiiiiiiii"),
  CBZ("f 011010 0 iiiiiiiiiiiiiiiiiii ttttt"),
  CBNZ("f 011010 1 iiiiiiiiiiiiiiiiiii ttttt"),
  TBZ("b 011011 0 bbbbb iiiiiiiiiiiiii ttttt"),
  TBNZ("b 011011 1 bbbbb iiiiiiiiiiiiii ttttt"),

  // Loads and stores. z: the size as a power of two
  STXR("zz 001000 000 sssss 0 11111 nnnnn ttttt"),
  STLXR("zz 001000 000 sssss 1 11111 nnnnn ttttt"),
  STXP("1z 001000 001 sssss 0 aaaaa nnnnn ttttt"),
  STLXP("1z 001000 001 sssss 1 aaaaa nnnnn ttttt"),
  LDXR("zz 001000 010 11111 0 11111 nnnnn ttttt"),
  LDAXR("zz 001000 010 11111 1 11111 nnnnn ttttt"),
  LDXP("1z 001000 011 11111 0 aaaaa nnnnn ttttt"),
  LDAXP("1z 001000 011 11111 1 aaaaa nnnnn ttttt"),
  STLR("zz 001000 100 11111 1 11111 nnnnn ttttt"),
  LDAR("zz 001000 110 11111 1 11111 nnnnn ttttt"),
  LDR_LIT("0z 011 0 00 iiiiiiiiiiiiiiiiiii ttttt"), // z: 64 bits
  LDRSW_LIT("10 011 0 00 iiiiiiiiiiiiiiiiiii ttttt"),
  PRFM_LIT("11 011 0 00 iiiiiiiiiiiiiiiiiii ttttt"),
  LDR_LIT_FP("zz 011 1 00 iiiiiiiiiiiiiiiiiii ttttt", word -> word >>> 30 != 3),
  // pairs; z: 64 bits, in FP pairs 32, 64 or 128
  STNP("z0 101 0 000 0 iiiiiii aaaaa nnnnn ttttt"),
  LDNP("z0 101 0 000 1 iiiiiii aaaaa nnnnn ttttt"),
  STP_POST("z0 101 0 001 0 iiiiiii aaaaa nnnnn ttttt"),
  LDP_POST("z0 101 0 001 1 iiiiiii aaaaa nnnnn ttttt"),
  STP("z0 101 0 010 0 iiiiiii aaaaa nnnnn ttttt"),
  LDP("z0 101 0 010 1 iiiiiii aaaaa nnnnn ttttt"),
  STP_PRE("z0 101 0 011 0 iiiiiii aaaaa nnnnn ttttt"),
  LDP_PRE("z0 101 0 011 1 iiiiiii aaaaa nnnnn ttttt"),
  LDPSW_POST("01 101 0 001 1 iiiiiii aaaaa nnnnn ttttt"),
  LDPSW("01 101 0 010 1 iiiiiii aaaaa nnnnn ttttt"),
  LDPSW_PRE("01 101 0 011 1 iiiiiii aaaaa nnnnn ttttt"),
  STNP_FP("zz 101 1 000 0 iiiiiii aaaaa nnnnn ttttt", word -> word >>> 30 != 3),
  LDNP_FP("zz 101 1 000 1 iiiiiii aaaaa nnnnn ttttt", word -> word >>> 30 != 3),
  STP_FP_POST("zz 101 1 001 0 iiiiiii aaaaa nnnnn ttttt", word -> word >>> 30 != 3),
  LDP_FP_POST("zz 101 1 001 1 iiiiiii aaaaa nnnnn ttttt", word -> word >>> 30 != 3),
  STP_FP("zz 101 1 010 0 iiiiiii aaaaa nnnnn ttttt", word -> word >>> 30 != 3),
  LDP_FP("zz 101 1 010 1 iiiiiii aaaaa nnnnn ttttt", word -> word >>> 30 != 3),
  STP_FP_PRE("zz 101 1 011 0 iiiiiii aaaaa nnnnn ttttt", word -> word >>> 30 != 3),
  LDP_FP_PRE("zz 101 1 011 1 iiiiiii aaaaa nnnnn ttttt", word -> word >>> 30 != 3),
  // single registers; w: 1 sign-extends to 32 bits, 0 to 64
  STR("zz 111 0 01 00 iiiiiiiiiiii nnnnn ttttt"),
  LDR("zz 111 0 01 01 iiiiiiiiiiii nnnnn ttttt"),
  LDRS("zz 111 0 01 1w iiiiiiiiiiii nnnnn ttttt", Opcode::isSignExtending),
  PRFM("11 111 0 01 10 iiiiiiiiiiii nnnnn ttttt"),
  STUR("zz 111 0 00 00 0 iiiiiiiii 00 nnnnn ttttt"),
  LDUR("zz 111 0 00 01 0 iiiiiiiii 00 nnnnn ttttt"),
  LDURS("zz 111 0 00 1w 0 iiiiiiiii 00 nnnnn ttttt", Opcode::isSignExtending),
  PRFUM("11 111 0 00 10 0 iiiiiiiii 00 nnnnn ttttt"),
  STR_POST("zz 111 0 00 00 0 iiiiiiiii 01 nnnnn ttttt"),
  LDR_POST("zz 111 0 00 01 0 iiiiiiiii 01 nnnnn ttttt"),
  LDRS_POST("zz 111 0 00 1w 0 iiiiiiiii 01 nnnnn ttttt", Opcode::isSignExtending),
  STTR("zz 111 0 00 00 0 iiiiiiiii 10 nnnnn ttttt"),
  LDTR("zz 111 0 00 01 0 iiiiiiiii 10 nnnnn ttttt"),
  LDTRS("zz 111 0 00 1w 0 iiiiiiiii 10 nnnnn ttttt", Opcode::isSignExtending),
  STR_PRE("zz 111 0 00 00 0 iiiiiiiii 11 nnnnn ttttt"),
  LDR_PRE("zz 111 0 00 01 0 iiiiiiiii 11 nnnnn ttttt"),
  LDRS_PRE("zz 111 0 00 1w 0 iiiiiiiii 11 nnnnn ttttt", Opcode::isSignExtending),
  // o: option, how the index is extended; h: whether it is scaled
  STR_REG("zz 111 0 00 00 1 mmmmm o1o h 10 nnnnn ttttt"),
  LDR_REG("zz 111 0 00 01 1 mmmmm o1o h 10 nnnnn ttttt"),
  LDRS_REG("zz 111 0 00 1w 1 mmmmm o1o h 10 nnnnn ttttt", Opcode::isSignExtending),
  PRFM_REG("11 111 0 00 10 1 mmmmm o1o h 10 nnnnn ttttt"),
  // q: 128 bits, with size 0 only
  STR_FP("zz 111 1 01 q0 iiiiiiiiiiii nnnnn ttttt", Opcode::isFpSize),
  LDR_FP("zz 111 1 01 q1 iiiiiiiiiiii nnnnn ttttt", Opcode::isFpSize),
  STUR_FP("zz 111 1 00 q0 0 iiiiiiiii 00 nnnnn ttttt", Opcode::isFpSize),
  LDUR_FP("zz 111 1 00 q1 0 iiiiiiiii 00 nnnnn ttttt", Opcode::isFpSize),
  STR_FP_POST("zz 111 1 00 q0 0 iiiiiiiii 01 nnnnn ttttt", Opcode::isFpSize),
  LDR_FP_POST("zz 111 1 00 q1 0 iiiiiiiii 01 nnnnn ttttt", Opcode::isFpSize),
  STR_FP_PRE("zz 111 1 00 q0 0 iiiiiiiii 11 nnnnn ttttt", Opcode::isFpSize),
  LDR_FP_PRE("zz 111 1 00 q1 0 iiiiiiiii 11 nnnnn ttttt", Opcode::isFpSize),
  STR_FP_REG("zz 111 1 00 q0 1 mmmmm o1o h 10 nnnnn ttttt", Opcode::isFpSize),
  LDR_FP_REG("zz 111 1 00 q1 1 mmmmm o1o h 10 nnnnn ttttt", Opcode::isFpSize),

  // Data processing, register. h: the kind of shift, e o: the kind of extension
  AND_REG("f 00 01010 hh 0 mmmmm iiiiii nnnnn ddddd", Opcode::isShift),
  BIC_REG("f 00 01010 hh 1 mmmmm iiiiii nnnnn ddddd", Opcode::isShift),
  ORR_REG("f 01 01010 hh 0 mmmmm iiiiii nnnnn ddddd", Opcode::isShift),
  ORN_REG("f 01 01010 hh 1 mmmmm iiiiii nnnnn ddddd", Opcode::isShift),
  EOR_REG("f 10 01010 hh 0 mmmmm iiiiii nnnnn ddddd", Opcode::isShift),
  EON_REG("f 10 01010 hh 1 mmmmm iiiiii nnnnn ddddd", Opcode::isShift),
  ANDS_REG("f 11 01010 hh 0 mmmmm iiiiii nnnnn ddddd", Opcode::isShift),
  BICS_REG("f 11 01010 hh 1 mmmmm iiiiii nnnnn ddddd", Opcode::isShift),
  ADD_REG("f 00 01011 hh 0 mmmmm iiiiii nnnnn ddddd", Opcode::isArithmeticShift),
  ADDS_REG("f 01 01011 hh 0 mmmmm iiiiii nnnnn ddddd", Opcode::isArithmeticShift),
  SUB_REG("f 10 01011 hh 0 mmmmm iiiiii nnnnn ddddd", Opcode::isArithmeticShift),
  SUBS_REG("f 11 01011 hh 0 mmmmm iiiiii nnnnn ddddd", Opcode::isArithmeticShift),
  ADD_EXT("f 00 01011 00 1 mmmmm ooo iii nnnnn ddddd", Opcode::isExtension),
  ADDS_EXT("f 01 01011 00 1 mmmmm ooo iii nnnnn ddddd", Opcode::isExtension),
  SUB_EXT("f 10 01011 00 1 mmmmm ooo iii nnnnn ddddd", Opcode::isExtension),
  SUBS_EXT("f 11 01011 00 1 mmmmm ooo iii nnnnn ddddd", Opcode::isExtension),
  ADC("f 00 11010000 mmmmm 000000 nnnnn ddddd"),
  ADCS("f 01 11010000 mmmmm 000000 nnnnn ddddd"),
  SBC("f 10 11010000 mmmmm 000000 nnnnn ddddd"),
  SBCS("f 11 11010000 mmmmm 000000 nnnnn ddddd"),
  // v: the flags where the condition is false
  CCMN_REG("f 01 11010010 mmmmm cccc 00 nnnnn 0 vvvv"),
  CCMP_REG("f 11 11010010 mmmmm cccc 00 nnnnn 0 vvvv"),
  CCMN_IMM("f 01 11010010 iiiii cccc 10 nnnnn 0 vvvv"),
  CCMP_IMM("f 11 11010010 iiiii cccc 10 nnnnn 0 vvvv"),
  CSEL("f 00 11010100 mmmmm cccc 00 nnnnn ddddd"),
  CSINC("f 00 11010100 mmmmm cccc 01 nnnnn ddddd"),
  CSINV("f 10 11010100 mmmmm cccc 00 nnnnn ddddd"),
  CSNEG("f 10 11010100 mmmmm cccc 01 nnnnn ddddd"),
  UDIV("f 00 11010110 mmmmm 000010 nnnnn ddddd"),
  SDIV("f 00 11010110 mmmmm 000011 nnnnn ddddd"),
  LSLV("f 00 11010110 mmmmm 001000 nnnnn ddddd"),
  LSRV("f 00 11010110 mmmmm 001001 nnnnn ddddd"),
  ASRV("f 00 11010110 mmmmm 001010 nnnnn ddddd"),
  RORV("f 00 11010110 mmmmm 001011 nnnnn ddddd"),
  CRC32("f 00 11010110 mmmmm 0100zz nnnnn ddddd", Opcode::isCrcSize),
  CRC32C("f 00 11010110 mmmmm 0101zz nnnnn ddddd", Opcode::isCrcSize),
  RBIT("f 10 11010110 00000 000000 nnnnn ddddd"),
  REV16("f 10 11010110 00000 000001 nnnnn ddddd"),
  REV32("f 10 11010110 00000 000010 nnnnn ddddd"), // of 32 bits: the instruction REV
  REV64("1 10 11010110 00000 000011 nnnnn ddddd"),
  CLZ("f 10 11010110 00000 000100 nnnnn ddddd"),
  CLS("f 10 11010110 00000 000101 nnnnn ddddd"),
  MADD("f 00 11011 000 mmmmm 0 aaaaa nnnnn ddddd"),
  MSUB("f 00 11011 000 mmmmm 1 aaaaa nnnnn ddddd"),
  SMADDL("1 00 11011 001 mmmmm 0 aaaaa nnnnn ddddd"),
  SMSUBL("1 00 11011 001 mmmmm 1 aaaaa nnnnn ddddd"),
  SMULH("1 00 11011 010 mmmmm 0 xxxxx nnnnn ddddd"),
  UMADDL("1 00 11011 101 mmmmm 0 aaaaa nnnnn ddddd"),
  UMSUBL("1 00 11011 101 mmmmm 1 aaaaa nnnnn ddddd"),
  UMULH("1 00 11011 110 mmmmm 0 xxxxx nnnnn ddddd"),

  // Floating point and Advanced SIMD.

  // Not an instruction of v8.0-A: raises UNDEFINED.
  UNDEFINED("xxxxxxxx xxxxxxxx xxxxxxxx xxxxxxxx");

  private final String pattern;
  private final int mask;
  private final int value;
  private final IntPredicate condition;

  Opcode(String pattern) {
    this(pattern, word -> true);
  }

  Opcode(String pattern, IntPredicate condition) {
    this.pattern = pattern.replace(" ", "");
    this.mask = bits(c -> c == '0' || c == '1');
    this.value = bits(c -> c == '1');
    this.condition = condition;
  }

  private int bits(IntPredicate which) {
    int bits = 0;
    for (int i = 0; i < 32; i++) {
      bits = bits << 1 | (which.test(pattern.charAt(i)) ? 1 : 0);
    }
    return bits;
  }

  /** The row without spaces: 32 characters, bit 31 first. */
  String pattern() {
    return pattern;
  }

  /** The bits that are fixed. */
  int mask() {
    return mask;
  }

  /** The values of the bits that are fixed. */
  int value() {
    return value;
  }

  boolean fits(int word) {
    return (word & mask) == value && condition.test(word);
  }

  private static boolean is64(int word) {
    return word < 0;
  }

  private static boolean isBitmask(int word) {
    int n = word >>> 22 & 1;
    int imms = word >>> 10 & 0x3f;
    if (n == 1) {
      return is64(word) && imms != 0x3f;
    }
    int inverted = ~imms & 0x3f;
    if (inverted == 0) {
      return false;
    }
    int size = Integer.highestOneBit(inverted);
    return size >= 2 && (imms & (size - 1)) != size - 1;
  }

  private static boolean isHalfword(int word) {
    return is64(word) || (word >>> 22 & 1) == 0;
  }

  private static boolean isBitField(int word) {
    boolean n = (word >>> 22 & 1) == 1;
    boolean inRange = is64(word) || ((word >>> 21 & 1) == 0 && (word >>> 15 & 1) == 0);
    boolean isExtract = (word >>> 23 & 1) == 1;
    return n == is64(word) && (isExtract ? is64(word) || (word >>> 15 & 1) == 0 : inRange);
  }

  private static boolean isSignExtending(int word) {
    int size = word >>> 30;
    return size < 2 || (size == 2 && (word >>> 22 & 1) == 0);
  }

  private static boolean isFpSize(int word) {
    return (word >>> 23 & 1) == 0 || word >>> 30 == 0;
  }

  private static boolean isShift(int word) {
    return is64(word) || (word >>> 15 & 1) == 0;
  }

  private static boolean isArithmeticShift(int word) {
    return (word >>> 22 & 3) != 3 && isShift(word);
  }

  private static boolean isExtension(int word) {
    return (word >>> 10 & 7) <= 4;
  }

  private static boolean isCrcSize(int word) {
    return is64(word) == ((word >>> 10 & 3) == 3);
  }
}
