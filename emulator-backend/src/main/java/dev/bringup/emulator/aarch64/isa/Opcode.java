package dev.bringup.emulator.aarch64.isa;

import java.util.function.IntPredicate;

/**
 * All instructions of A64 v8.0-A, one row each, as section C4 of the Arm ARM (DDI 0487) lists them.
 *
 * <p>A pattern has 32 places from bit 31 to bit 0; spaces only part it. {@code 0} and {@code 1} are
 * fixed bits, a letter names the field that the bit belongs to: {@code f} sf (1 for 64 bits),
 * {@code d n m a t s} the registers Rd, Rn, Rm, Ra or Rt2, Rt and Rs, {@code i} an immediate,
 * {@code c} a condition; other letters are explained where they stand. {@code x} is a bit without
 * meaning. A word belongs to the row whose fixed bits and condition fit; no word fits two rows.
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

  // Loads and stores. z: the size as a power of two; x: should be ones (C6.2), which
  // neither QEMU nor LLVM look at
  STXR("zz 001000 000 sssss 0 xxxxx nnnnn ttttt"),
  STLXR("zz 001000 000 sssss 1 xxxxx nnnnn ttttt"),
  STXP("1z 001000 001 sssss 0 aaaaa nnnnn ttttt"),
  STLXP("1z 001000 001 sssss 1 aaaaa nnnnn ttttt"),
  LDXR("zz 001000 010 xxxxx 0 xxxxx nnnnn ttttt"),
  LDAXR("zz 001000 010 xxxxx 1 xxxxx nnnnn ttttt"),
  LDXP("1z 001000 011 xxxxx 0 aaaaa nnnnn ttttt"),
  LDAXP("1z 001000 011 xxxxx 1 aaaaa nnnnn ttttt"),
  STLR("zz 001000 100 xxxxx 1 xxxxx nnnnn ttttt"),
  LDAR("zz 001000 110 xxxxx 1 xxxxx nnnnn ttttt"),
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
  // loads and stores of structures. q: 128 bits; z: size; o: how many registers, or where the
  // element's size is, S its index; m: 31 adds the bytes transferred
  ST1_MULTIPLE("0 q 001100 0 0 0 00000 oo1o zz nnnnn ttttt", Opcode::isLd1),
  ST2_MULTIPLE("0 q 001100 0 0 0 00000 1000 zz nnnnn ttttt", Opcode::isStructureSize),
  ST3_MULTIPLE("0 q 001100 0 0 0 00000 0100 zz nnnnn ttttt", Opcode::isStructureSize),
  ST4_MULTIPLE("0 q 001100 0 0 0 00000 0000 zz nnnnn ttttt", Opcode::isStructureSize),
  LD1_MULTIPLE("0 q 001100 0 1 0 00000 oo1o zz nnnnn ttttt", Opcode::isLd1),
  LD2_MULTIPLE("0 q 001100 0 1 0 00000 1000 zz nnnnn ttttt", Opcode::isStructureSize),
  LD3_MULTIPLE("0 q 001100 0 1 0 00000 0100 zz nnnnn ttttt", Opcode::isStructureSize),
  LD4_MULTIPLE("0 q 001100 0 1 0 00000 0000 zz nnnnn ttttt", Opcode::isStructureSize),
  ST1_MULTIPLE_POST("0 q 001100 1 0 0 mmmmm oo1o zz nnnnn ttttt", Opcode::isLd1),
  ST2_MULTIPLE_POST("0 q 001100 1 0 0 mmmmm 1000 zz nnnnn ttttt", Opcode::isStructureSize),
  ST3_MULTIPLE_POST("0 q 001100 1 0 0 mmmmm 0100 zz nnnnn ttttt", Opcode::isStructureSize),
  ST4_MULTIPLE_POST("0 q 001100 1 0 0 mmmmm 0000 zz nnnnn ttttt", Opcode::isStructureSize),
  LD1_MULTIPLE_POST("0 q 001100 1 1 0 mmmmm oo1o zz nnnnn ttttt", Opcode::isLd1),
  LD2_MULTIPLE_POST("0 q 001100 1 1 0 mmmmm 1000 zz nnnnn ttttt", Opcode::isStructureSize),
  LD3_MULTIPLE_POST("0 q 001100 1 1 0 mmmmm 0100 zz nnnnn ttttt", Opcode::isStructureSize),
  LD4_MULTIPLE_POST("0 q 001100 1 1 0 mmmmm 0000 zz nnnnn ttttt", Opcode::isStructureSize),
  ST1_SINGLE("0 q 001101 0 0 0 00000 oo0 S zz nnnnn ttttt", Opcode::isElement),
  ST2_SINGLE("0 q 001101 0 0 1 00000 oo0 S zz nnnnn ttttt", Opcode::isElement),
  ST3_SINGLE("0 q 001101 0 0 0 00000 oo1 S zz nnnnn ttttt", Opcode::isElement),
  ST4_SINGLE("0 q 001101 0 0 1 00000 oo1 S zz nnnnn ttttt", Opcode::isElement),
  LD1_SINGLE("0 q 001101 0 1 0 00000 oo0 S zz nnnnn ttttt", Opcode::isElement),
  LD2_SINGLE("0 q 001101 0 1 1 00000 oo0 S zz nnnnn ttttt", Opcode::isElement),
  LD3_SINGLE("0 q 001101 0 1 0 00000 oo1 S zz nnnnn ttttt", Opcode::isElement),
  LD4_SINGLE("0 q 001101 0 1 1 00000 oo1 S zz nnnnn ttttt", Opcode::isElement),
  ST1_SINGLE_POST("0 q 001101 1 0 0 mmmmm oo0 S zz nnnnn ttttt", Opcode::isElement),
  ST2_SINGLE_POST("0 q 001101 1 0 1 mmmmm oo0 S zz nnnnn ttttt", Opcode::isElement),
  ST3_SINGLE_POST("0 q 001101 1 0 0 mmmmm oo1 S zz nnnnn ttttt", Opcode::isElement),
  ST4_SINGLE_POST("0 q 001101 1 0 1 mmmmm oo1 S zz nnnnn ttttt", Opcode::isElement),
  LD1_SINGLE_POST("0 q 001101 1 1 0 mmmmm oo0 S zz nnnnn ttttt", Opcode::isElement),
  LD2_SINGLE_POST("0 q 001101 1 1 1 mmmmm oo0 S zz nnnnn ttttt", Opcode::isElement),
  LD3_SINGLE_POST("0 q 001101 1 1 0 mmmmm oo1 S zz nnnnn ttttt", Opcode::isElement),
  LD4_SINGLE_POST("0 q 001101 1 1 1 mmmmm oo1 S zz nnnnn ttttt", Opcode::isElement),
  LD1R("0 q 001101 0 1 0 00000 110 0 zz nnnnn ttttt"),
  LD2R("0 q 001101 0 1 1 00000 110 0 zz nnnnn ttttt"),
  LD3R("0 q 001101 0 1 0 00000 111 0 zz nnnnn ttttt"),
  LD4R("0 q 001101 0 1 1 00000 111 0 zz nnnnn ttttt"),
  LD1R_POST("0 q 001101 1 1 0 mmmmm 110 0 zz nnnnn ttttt"),
  LD2R_POST("0 q 001101 1 1 1 mmmmm 110 0 zz nnnnn ttttt"),
  LD3R_POST("0 q 001101 1 1 0 mmmmm 111 0 zz nnnnn ttttt"),
  LD4R_POST("0 q 001101 1 1 1 mmmmm 111 0 zz nnnnn ttttt"),
  // copies. i: size and index of the destination, j: index of the source
  DUP_ELEMENT_VECTOR("0 q 0 01110000 iiiii 0 0000 1 nnnnn ddddd", Opcode::isCopyVector),
  DUP_ELEMENT_SIMD_SCALAR("01 0 11110000 iiiii 0 0000 1 nnnnn ddddd", Opcode::isCopy),
  DUP_GENERAL("0 q 0 01110000 iiiii 0 0001 1 nnnnn ddddd", Opcode::isCopyVector),
  SMOV("0 q 0 01110000 iiiii 0 0101 1 nnnnn ddddd", Opcode::isSmov),
  UMOV("0 q 0 01110000 iiiii 0 0111 1 nnnnn ddddd", Opcode::isUmov),
  INS_GENERAL("0 1 0 01110000 iiiii 0 0011 1 nnnnn ddddd", Opcode::isCopy),
  INS_ELEMENT("0 1 1 01110000 iiiii 0 jjjj 1 nnnnn ddddd", Opcode::isCopy),
  // tables, permutations. l: how many registers the table has, less one
  TBL("0 q 001110 00 0 mmmmm 0 ll 0 00 nnnnn ddddd"),
  TBX("0 q 001110 00 0 mmmmm 0 ll 1 00 nnnnn ddddd"),
  UZP1("0 q 001110 zz 0 mmmmm 0 001 10 nnnnn ddddd", Opcode::isVector),
  TRN1("0 q 001110 zz 0 mmmmm 0 010 10 nnnnn ddddd", Opcode::isVector),
  ZIP1("0 q 001110 zz 0 mmmmm 0 011 10 nnnnn ddddd", Opcode::isVector),
  UZP2("0 q 001110 zz 0 mmmmm 0 101 10 nnnnn ddddd", Opcode::isVector),
  TRN2("0 q 001110 zz 0 mmmmm 0 110 10 nnnnn ddddd", Opcode::isVector),
  ZIP2("0 q 001110 zz 0 mmmmm 0 111 10 nnnnn ddddd", Opcode::isVector),
  EXT("0 q 101110 00 0 mmmmm 0 iiii 0 nnnnn ddddd", Opcode::isExtract),
  // modified immediates. i: bits 7 to 5, j: bits 4 to 0; c: the shift
  MOVI_32("0 q 0 0111100000 iii 0cc0 01 jjjjj ddddd"),
  MOVI_16("0 q 0 0111100000 iii 10c0 01 jjjjj ddddd"),
  MOVI_MSL("0 q 0 0111100000 iii 110c 01 jjjjj ddddd"),
  MVNI_32("0 q 1 0111100000 iii 0cc0 01 jjjjj ddddd"),
  MVNI_16("0 q 1 0111100000 iii 10c0 01 jjjjj ddddd"),
  MVNI_MSL("0 q 1 0111100000 iii 110c 01 jjjjj ddddd"),
  ORR_VECTOR_IMM_32("0 q 0 0111100000 iii 0cc1 01 jjjjj ddddd"),
  ORR_VECTOR_IMM_16("0 q 0 0111100000 iii 10c1 01 jjjjj ddddd"),
  BIC_VECTOR_IMM_32("0 q 1 0111100000 iii 0cc1 01 jjjjj ddddd"),
  BIC_VECTOR_IMM_16("0 q 1 0111100000 iii 10c1 01 jjjjj ddddd"),
  MOVI_8("0 q 0 0111100000 iii 1110 01 jjjjj ddddd"),
  MOVI_64("0 q 1 0111100000 iii 1110 01 jjjjj ddddd"),
  FMOV_VECTOR_IMM_32("0 q 0 0111100000 iii 1111 01 jjjjj ddddd"),
  FMOV_VECTOR_IMM_64("0 1 1 0111100000 iii 1111 01 jjjjj ddddd"),
  // shifts by an immediate. h i: the size and how far; h is not zero
  SSHR_VECTOR("0 q 0 011110 hhhh iii 00000 1 nnnnn ddddd", Opcode::isShiftVector),
  SSHR_SIMD_SCALAR("01 0 111110 hhhh iii 00000 1 nnnnn ddddd", Opcode::isShift64),
  USHR_VECTOR("0 q 1 011110 hhhh iii 00000 1 nnnnn ddddd", Opcode::isShiftVector),
  USHR_SIMD_SCALAR("01 1 111110 hhhh iii 00000 1 nnnnn ddddd", Opcode::isShift64),
  SSRA_VECTOR("0 q 0 011110 hhhh iii 00010 1 nnnnn ddddd", Opcode::isShiftVector),
  SSRA_SIMD_SCALAR("01 0 111110 hhhh iii 00010 1 nnnnn ddddd", Opcode::isShift64),
  USRA_VECTOR("0 q 1 011110 hhhh iii 00010 1 nnnnn ddddd", Opcode::isShiftVector),
  USRA_SIMD_SCALAR("01 1 111110 hhhh iii 00010 1 nnnnn ddddd", Opcode::isShift64),
  SRSHR_VECTOR("0 q 0 011110 hhhh iii 00100 1 nnnnn ddddd", Opcode::isShiftVector),
  SRSHR_SIMD_SCALAR("01 0 111110 hhhh iii 00100 1 nnnnn ddddd", Opcode::isShift64),
  URSHR_VECTOR("0 q 1 011110 hhhh iii 00100 1 nnnnn ddddd", Opcode::isShiftVector),
  URSHR_SIMD_SCALAR("01 1 111110 hhhh iii 00100 1 nnnnn ddddd", Opcode::isShift64),
  SRSRA_VECTOR("0 q 0 011110 hhhh iii 00110 1 nnnnn ddddd", Opcode::isShiftVector),
  SRSRA_SIMD_SCALAR("01 0 111110 hhhh iii 00110 1 nnnnn ddddd", Opcode::isShift64),
  URSRA_VECTOR("0 q 1 011110 hhhh iii 00110 1 nnnnn ddddd", Opcode::isShiftVector),
  URSRA_SIMD_SCALAR("01 1 111110 hhhh iii 00110 1 nnnnn ddddd", Opcode::isShift64),
  SRI_VECTOR("0 q 1 011110 hhhh iii 01000 1 nnnnn ddddd", Opcode::isShiftVector),
  SRI_SIMD_SCALAR("01 1 111110 hhhh iii 01000 1 nnnnn ddddd", Opcode::isShift64),
  SHL_VECTOR("0 q 0 011110 hhhh iii 01010 1 nnnnn ddddd", Opcode::isShiftVector),
  SHL_SIMD_SCALAR("01 0 111110 hhhh iii 01010 1 nnnnn ddddd", Opcode::isShift64),
  SLI_VECTOR("0 q 1 011110 hhhh iii 01010 1 nnnnn ddddd", Opcode::isShiftVector),
  SLI_SIMD_SCALAR("01 1 111110 hhhh iii 01010 1 nnnnn ddddd", Opcode::isShift64),
  SQSHLU_IMM_VECTOR("0 q 1 011110 hhhh iii 01100 1 nnnnn ddddd", Opcode::isShiftVector),
  SQSHLU_IMM_SIMD_SCALAR("01 1 111110 hhhh iii 01100 1 nnnnn ddddd", Opcode::isShiftScalar),
  SQSHL_IMM_VECTOR("0 q 0 011110 hhhh iii 01110 1 nnnnn ddddd", Opcode::isShiftVector),
  SQSHL_IMM_SIMD_SCALAR("01 0 111110 hhhh iii 01110 1 nnnnn ddddd", Opcode::isShiftScalar),
  UQSHL_IMM_VECTOR("0 q 1 011110 hhhh iii 01110 1 nnnnn ddddd", Opcode::isShiftVector),
  UQSHL_IMM_SIMD_SCALAR("01 1 111110 hhhh iii 01110 1 nnnnn ddddd", Opcode::isShiftScalar),
  SHRN_VECTOR("0 q 0 011110 hhhh iii 10000 1 nnnnn ddddd", Opcode::isNarrowShift),
  SQSHRUN_VECTOR("0 q 1 011110 hhhh iii 10000 1 nnnnn ddddd", Opcode::isNarrowShift),
  SQSHRUN_SIMD_SCALAR("01 1 111110 hhhh iii 10000 1 nnnnn ddddd", Opcode::isNarrowShift),
  RSHRN_VECTOR("0 q 0 011110 hhhh iii 10001 1 nnnnn ddddd", Opcode::isNarrowShift),
  SQRSHRUN_VECTOR("0 q 1 011110 hhhh iii 10001 1 nnnnn ddddd", Opcode::isNarrowShift),
  SQRSHRUN_SIMD_SCALAR("01 1 111110 hhhh iii 10001 1 nnnnn ddddd", Opcode::isNarrowShift),
  SQSHRN_VECTOR("0 q 0 011110 hhhh iii 10010 1 nnnnn ddddd", Opcode::isNarrowShift),
  SQSHRN_SIMD_SCALAR("01 0 111110 hhhh iii 10010 1 nnnnn ddddd", Opcode::isNarrowShift),
  UQSHRN_VECTOR("0 q 1 011110 hhhh iii 10010 1 nnnnn ddddd", Opcode::isNarrowShift),
  UQSHRN_SIMD_SCALAR("01 1 111110 hhhh iii 10010 1 nnnnn ddddd", Opcode::isNarrowShift),
  SQRSHRN_VECTOR("0 q 0 011110 hhhh iii 10011 1 nnnnn ddddd", Opcode::isNarrowShift),
  SQRSHRN_SIMD_SCALAR("01 0 111110 hhhh iii 10011 1 nnnnn ddddd", Opcode::isNarrowShift),
  UQRSHRN_VECTOR("0 q 1 011110 hhhh iii 10011 1 nnnnn ddddd", Opcode::isNarrowShift),
  UQRSHRN_SIMD_SCALAR("01 1 111110 hhhh iii 10011 1 nnnnn ddddd", Opcode::isNarrowShift),
  SSHLL_VECTOR("0 q 0 011110 hhhh iii 10100 1 nnnnn ddddd", Opcode::isNarrowShift),
  USHLL_VECTOR("0 q 1 011110 hhhh iii 10100 1 nnnnn ddddd", Opcode::isNarrowShift),
  SCVTF_FIXED_VECTOR("0 q 0 011110 hhhh iii 11100 1 nnnnn ddddd", Opcode::isFixedPointVector),
  SCVTF_FIXED_SIMD_SCALAR("01 0 111110 hhhh iii 11100 1 nnnnn ddddd", Opcode::isFixedPoint),
  UCVTF_FIXED_VECTOR("0 q 1 011110 hhhh iii 11100 1 nnnnn ddddd", Opcode::isFixedPointVector),
  UCVTF_FIXED_SIMD_SCALAR("01 1 111110 hhhh iii 11100 1 nnnnn ddddd", Opcode::isFixedPoint),
  FCVTZS_FIXED_VECTOR("0 q 0 011110 hhhh iii 11111 1 nnnnn ddddd", Opcode::isFixedPointVector),
  FCVTZS_FIXED_SIMD_SCALAR("01 0 111110 hhhh iii 11111 1 nnnnn ddddd", Opcode::isFixedPoint),
  FCVTZU_FIXED_VECTOR("0 q 1 011110 hhhh iii 11111 1 nnnnn ddddd", Opcode::isFixedPointVector),
  FCVTZU_FIXED_SIMD_SCALAR("01 1 111110 hhhh iii 11111 1 nnnnn ddddd", Opcode::isFixedPoint),
  // three registers alike. z: size
  SHADD_VECTOR("0 q 0 01110 zz 1 mmmmm 00000 1 nnnnn ddddd", Opcode::isNot64),
  UHADD_VECTOR("0 q 1 01110 zz 1 mmmmm 00000 1 nnnnn ddddd", Opcode::isNot64),
  SQADD_VECTOR("0 q 0 01110 zz 1 mmmmm 00001 1 nnnnn ddddd", Opcode::isVector),
  SQADD_SIMD_SCALAR("01 0 11110 zz 1 mmmmm 00001 1 nnnnn ddddd"),
  UQADD_VECTOR("0 q 1 01110 zz 1 mmmmm 00001 1 nnnnn ddddd", Opcode::isVector),
  UQADD_SIMD_SCALAR("01 1 11110 zz 1 mmmmm 00001 1 nnnnn ddddd"),
  SRHADD_VECTOR("0 q 0 01110 zz 1 mmmmm 00010 1 nnnnn ddddd", Opcode::isNot64),
  URHADD_VECTOR("0 q 1 01110 zz 1 mmmmm 00010 1 nnnnn ddddd", Opcode::isNot64),
  SHSUB_VECTOR("0 q 0 01110 zz 1 mmmmm 00100 1 nnnnn ddddd", Opcode::isNot64),
  UHSUB_VECTOR("0 q 1 01110 zz 1 mmmmm 00100 1 nnnnn ddddd", Opcode::isNot64),
  SQSUB_VECTOR("0 q 0 01110 zz 1 mmmmm 00101 1 nnnnn ddddd", Opcode::isVector),
  SQSUB_SIMD_SCALAR("01 0 11110 zz 1 mmmmm 00101 1 nnnnn ddddd"),
  UQSUB_VECTOR("0 q 1 01110 zz 1 mmmmm 00101 1 nnnnn ddddd", Opcode::isVector),
  UQSUB_SIMD_SCALAR("01 1 11110 zz 1 mmmmm 00101 1 nnnnn ddddd"),
  CMGT_VECTOR("0 q 0 01110 zz 1 mmmmm 00110 1 nnnnn ddddd", Opcode::isVector),
  CMGT_SIMD_SCALAR("01 0 11110 11 1 mmmmm 00110 1 nnnnn ddddd"),
  CMHI_VECTOR("0 q 1 01110 zz 1 mmmmm 00110 1 nnnnn ddddd", Opcode::isVector),
  CMHI_SIMD_SCALAR("01 1 11110 11 1 mmmmm 00110 1 nnnnn ddddd"),
  CMGE_VECTOR("0 q 0 01110 zz 1 mmmmm 00111 1 nnnnn ddddd", Opcode::isVector),
  CMGE_SIMD_SCALAR("01 0 11110 11 1 mmmmm 00111 1 nnnnn ddddd"),
  CMHS_VECTOR("0 q 1 01110 zz 1 mmmmm 00111 1 nnnnn ddddd", Opcode::isVector),
  CMHS_SIMD_SCALAR("01 1 11110 11 1 mmmmm 00111 1 nnnnn ddddd"),
  SSHL_VECTOR("0 q 0 01110 zz 1 mmmmm 01000 1 nnnnn ddddd", Opcode::isVector),
  SSHL_SIMD_SCALAR("01 0 11110 11 1 mmmmm 01000 1 nnnnn ddddd"),
  USHL_VECTOR("0 q 1 01110 zz 1 mmmmm 01000 1 nnnnn ddddd", Opcode::isVector),
  USHL_SIMD_SCALAR("01 1 11110 11 1 mmmmm 01000 1 nnnnn ddddd"),
  SQSHL_VECTOR("0 q 0 01110 zz 1 mmmmm 01001 1 nnnnn ddddd", Opcode::isVector),
  SQSHL_SIMD_SCALAR("01 0 11110 zz 1 mmmmm 01001 1 nnnnn ddddd"),
  UQSHL_VECTOR("0 q 1 01110 zz 1 mmmmm 01001 1 nnnnn ddddd", Opcode::isVector),
  UQSHL_SIMD_SCALAR("01 1 11110 zz 1 mmmmm 01001 1 nnnnn ddddd"),
  SRSHL_VECTOR("0 q 0 01110 zz 1 mmmmm 01010 1 nnnnn ddddd", Opcode::isVector),
  SRSHL_SIMD_SCALAR("01 0 11110 11 1 mmmmm 01010 1 nnnnn ddddd"),
  URSHL_VECTOR("0 q 1 01110 zz 1 mmmmm 01010 1 nnnnn ddddd", Opcode::isVector),
  URSHL_SIMD_SCALAR("01 1 11110 11 1 mmmmm 01010 1 nnnnn ddddd"),
  SQRSHL_VECTOR("0 q 0 01110 zz 1 mmmmm 01011 1 nnnnn ddddd", Opcode::isVector),
  SQRSHL_SIMD_SCALAR("01 0 11110 zz 1 mmmmm 01011 1 nnnnn ddddd"),
  UQRSHL_VECTOR("0 q 1 01110 zz 1 mmmmm 01011 1 nnnnn ddddd", Opcode::isVector),
  UQRSHL_SIMD_SCALAR("01 1 11110 zz 1 mmmmm 01011 1 nnnnn ddddd"),
  SMAX_VECTOR("0 q 0 01110 zz 1 mmmmm 01100 1 nnnnn ddddd", Opcode::isNot64),
  UMAX_VECTOR("0 q 1 01110 zz 1 mmmmm 01100 1 nnnnn ddddd", Opcode::isNot64),
  SMIN_VECTOR("0 q 0 01110 zz 1 mmmmm 01101 1 nnnnn ddddd", Opcode::isNot64),
  UMIN_VECTOR("0 q 1 01110 zz 1 mmmmm 01101 1 nnnnn ddddd", Opcode::isNot64),
  SABD_VECTOR("0 q 0 01110 zz 1 mmmmm 01110 1 nnnnn ddddd", Opcode::isNot64),
  UABD_VECTOR("0 q 1 01110 zz 1 mmmmm 01110 1 nnnnn ddddd", Opcode::isNot64),
  SABA_VECTOR("0 q 0 01110 zz 1 mmmmm 01111 1 nnnnn ddddd", Opcode::isNot64),
  UABA_VECTOR("0 q 1 01110 zz 1 mmmmm 01111 1 nnnnn ddddd", Opcode::isNot64),
  ADD_VECTOR("0 q 0 01110 zz 1 mmmmm 10000 1 nnnnn ddddd", Opcode::isVector),
  ADD_SIMD_SCALAR("01 0 11110 11 1 mmmmm 10000 1 nnnnn ddddd"),
  SUB_VECTOR("0 q 1 01110 zz 1 mmmmm 10000 1 nnnnn ddddd", Opcode::isVector),
  SUB_SIMD_SCALAR("01 1 11110 11 1 mmmmm 10000 1 nnnnn ddddd"),
  CMTST_VECTOR("0 q 0 01110 zz 1 mmmmm 10001 1 nnnnn ddddd", Opcode::isVector),
  CMTST_SIMD_SCALAR("01 0 11110 11 1 mmmmm 10001 1 nnnnn ddddd"),
  CMEQ_VECTOR("0 q 1 01110 zz 1 mmmmm 10001 1 nnnnn ddddd", Opcode::isVector),
  CMEQ_SIMD_SCALAR("01 1 11110 11 1 mmmmm 10001 1 nnnnn ddddd"),
  MLA_VECTOR("0 q 0 01110 zz 1 mmmmm 10010 1 nnnnn ddddd", Opcode::isNot64),
  MLS_VECTOR("0 q 1 01110 zz 1 mmmmm 10010 1 nnnnn ddddd", Opcode::isNot64),
  MUL_VECTOR("0 q 0 01110 zz 1 mmmmm 10011 1 nnnnn ddddd", Opcode::isNot64),
  PMUL_VECTOR("0 q 1 01110 00 1 mmmmm 10011 1 nnnnn ddddd"),
  SMAXP_VECTOR("0 q 0 01110 zz 1 mmmmm 10100 1 nnnnn ddddd", Opcode::isNot64),
  UMAXP_VECTOR("0 q 1 01110 zz 1 mmmmm 10100 1 nnnnn ddddd", Opcode::isNot64),
  SMINP_VECTOR("0 q 0 01110 zz 1 mmmmm 10101 1 nnnnn ddddd", Opcode::isNot64),
  UMINP_VECTOR("0 q 1 01110 zz 1 mmmmm 10101 1 nnnnn ddddd", Opcode::isNot64),
  SQDMULH_VECTOR("0 q 0 01110 zz 1 mmmmm 10110 1 nnnnn ddddd", Opcode::is16Or32),
  SQDMULH_SIMD_SCALAR("01 0 11110 zz 1 mmmmm 10110 1 nnnnn ddddd", Opcode::is16Or32),
  SQRDMULH_VECTOR("0 q 1 01110 zz 1 mmmmm 10110 1 nnnnn ddddd", Opcode::is16Or32),
  SQRDMULH_SIMD_SCALAR("01 1 11110 zz 1 mmmmm 10110 1 nnnnn ddddd", Opcode::is16Or32),
  ADDP_VECTOR("0 q 0 01110 zz 1 mmmmm 10111 1 nnnnn ddddd", Opcode::isVector),
  AND_VECTOR("0 q 0 01110 00 1 mmmmm 00011 1 nnnnn ddddd"),
  BIC_VECTOR("0 q 0 01110 01 1 mmmmm 00011 1 nnnnn ddddd"),
  ORR_VECTOR("0 q 0 01110 10 1 mmmmm 00011 1 nnnnn ddddd"),
  ORN_VECTOR("0 q 0 01110 11 1 mmmmm 00011 1 nnnnn ddddd"),
  EOR_VECTOR("0 q 1 01110 00 1 mmmmm 00011 1 nnnnn ddddd"),
  BSL_VECTOR("0 q 1 01110 01 1 mmmmm 00011 1 nnnnn ddddd"),
  BIT_VECTOR("0 q 1 01110 10 1 mmmmm 00011 1 nnnnn ddddd"),
  BIF_VECTOR("0 q 1 01110 11 1 mmmmm 00011 1 nnnnn ddddd"),
  // p: double precision
  FMAXNM_VECTOR("0 q 0 01110 0p 1 mmmmm 11000 1 nnnnn ddddd", Opcode::isFpVector),
  FMINNM_VECTOR("0 q 0 01110 1p 1 mmmmm 11000 1 nnnnn ddddd", Opcode::isFpVector),
  FMLA_VECTOR("0 q 0 01110 0p 1 mmmmm 11001 1 nnnnn ddddd", Opcode::isFpVector),
  FMLS_VECTOR("0 q 0 01110 1p 1 mmmmm 11001 1 nnnnn ddddd", Opcode::isFpVector),
  FADD_VECTOR("0 q 0 01110 0p 1 mmmmm 11010 1 nnnnn ddddd", Opcode::isFpVector),
  FSUB_VECTOR("0 q 0 01110 1p 1 mmmmm 11010 1 nnnnn ddddd", Opcode::isFpVector),
  FMULX_VECTOR("0 q 0 01110 0p 1 mmmmm 11011 1 nnnnn ddddd", Opcode::isFpVector),
  FMULX_SIMD_SCALAR("01 0 11110 0p 1 mmmmm 11011 1 nnnnn ddddd"),
  FCMEQ_VECTOR("0 q 0 01110 0p 1 mmmmm 11100 1 nnnnn ddddd", Opcode::isFpVector),
  FCMEQ_SIMD_SCALAR("01 0 11110 0p 1 mmmmm 11100 1 nnnnn ddddd"),
  FMAX_VECTOR("0 q 0 01110 0p 1 mmmmm 11110 1 nnnnn ddddd", Opcode::isFpVector),
  FMIN_VECTOR("0 q 0 01110 1p 1 mmmmm 11110 1 nnnnn ddddd", Opcode::isFpVector),
  FRECPS_VECTOR("0 q 0 01110 0p 1 mmmmm 11111 1 nnnnn ddddd", Opcode::isFpVector),
  FRECPS_SIMD_SCALAR("01 0 11110 0p 1 mmmmm 11111 1 nnnnn ddddd"),
  FRSQRTS_VECTOR("0 q 0 01110 1p 1 mmmmm 11111 1 nnnnn ddddd", Opcode::isFpVector),
  FRSQRTS_SIMD_SCALAR("01 0 11110 1p 1 mmmmm 11111 1 nnnnn ddddd"),
  FMAXNMP_VECTOR("0 q 1 01110 0p 1 mmmmm 11000 1 nnnnn ddddd", Opcode::isFpVector),
  FMINNMP_VECTOR("0 q 1 01110 1p 1 mmmmm 11000 1 nnnnn ddddd", Opcode::isFpVector),
  FADDP_VECTOR("0 q 1 01110 0p 1 mmmmm 11010 1 nnnnn ddddd", Opcode::isFpVector),
  FABD_VECTOR("0 q 1 01110 1p 1 mmmmm 11010 1 nnnnn ddddd", Opcode::isFpVector),
  FABD_SIMD_SCALAR("01 1 11110 1p 1 mmmmm 11010 1 nnnnn ddddd"),
  FMUL_VECTOR("0 q 1 01110 0p 1 mmmmm 11011 1 nnnnn ddddd", Opcode::isFpVector),
  FCMGE_VECTOR("0 q 1 01110 0p 1 mmmmm 11100 1 nnnnn ddddd", Opcode::isFpVector),
  FCMGE_SIMD_SCALAR("01 1 11110 0p 1 mmmmm 11100 1 nnnnn ddddd"),
  FCMGT_VECTOR("0 q 1 01110 1p 1 mmmmm 11100 1 nnnnn ddddd", Opcode::isFpVector),
  FCMGT_SIMD_SCALAR("01 1 11110 1p 1 mmmmm 11100 1 nnnnn ddddd"),
  FACGE_VECTOR("0 q 1 01110 0p 1 mmmmm 11101 1 nnnnn ddddd", Opcode::isFpVector),
  FACGE_SIMD_SCALAR("01 1 11110 0p 1 mmmmm 11101 1 nnnnn ddddd"),
  FACGT_VECTOR("0 q 1 01110 1p 1 mmmmm 11101 1 nnnnn ddddd", Opcode::isFpVector),
  FACGT_SIMD_SCALAR("01 1 11110 1p 1 mmmmm 11101 1 nnnnn ddddd"),
  FMAXP_VECTOR("0 q 1 01110 0p 1 mmmmm 11110 1 nnnnn ddddd", Opcode::isFpVector),
  FMINP_VECTOR("0 q 1 01110 1p 1 mmmmm 11110 1 nnnnn ddddd", Opcode::isFpVector),
  FDIV_VECTOR("0 q 1 01110 0p 1 mmmmm 11111 1 nnnnn ddddd", Opcode::isFpVector),
  // three registers, of different width
  SADDL_VECTOR("0 q 0 01110 zz 1 mmmmm 0000 00 nnnnn ddddd", Opcode::isNot64),
  UADDL_VECTOR("0 q 1 01110 zz 1 mmmmm 0000 00 nnnnn ddddd", Opcode::isNot64),
  SADDW_VECTOR("0 q 0 01110 zz 1 mmmmm 0001 00 nnnnn ddddd", Opcode::isNot64),
  UADDW_VECTOR("0 q 1 01110 zz 1 mmmmm 0001 00 nnnnn ddddd", Opcode::isNot64),
  SSUBL_VECTOR("0 q 0 01110 zz 1 mmmmm 0010 00 nnnnn ddddd", Opcode::isNot64),
  USUBL_VECTOR("0 q 1 01110 zz 1 mmmmm 0010 00 nnnnn ddddd", Opcode::isNot64),
  SSUBW_VECTOR("0 q 0 01110 zz 1 mmmmm 0011 00 nnnnn ddddd", Opcode::isNot64),
  USUBW_VECTOR("0 q 1 01110 zz 1 mmmmm 0011 00 nnnnn ddddd", Opcode::isNot64),
  ADDHN_VECTOR("0 q 0 01110 zz 1 mmmmm 0100 00 nnnnn ddddd", Opcode::isNot64),
  RADDHN_VECTOR("0 q 1 01110 zz 1 mmmmm 0100 00 nnnnn ddddd", Opcode::isNot64),
  SABAL_VECTOR("0 q 0 01110 zz 1 mmmmm 0101 00 nnnnn ddddd", Opcode::isNot64),
  UABAL_VECTOR("0 q 1 01110 zz 1 mmmmm 0101 00 nnnnn ddddd", Opcode::isNot64),
  SUBHN_VECTOR("0 q 0 01110 zz 1 mmmmm 0110 00 nnnnn ddddd", Opcode::isNot64),
  RSUBHN_VECTOR("0 q 1 01110 zz 1 mmmmm 0110 00 nnnnn ddddd", Opcode::isNot64),
  SABDL_VECTOR("0 q 0 01110 zz 1 mmmmm 0111 00 nnnnn ddddd", Opcode::isNot64),
  UABDL_VECTOR("0 q 1 01110 zz 1 mmmmm 0111 00 nnnnn ddddd", Opcode::isNot64),
  SMLAL_VECTOR("0 q 0 01110 zz 1 mmmmm 1000 00 nnnnn ddddd", Opcode::isNot64),
  UMLAL_VECTOR("0 q 1 01110 zz 1 mmmmm 1000 00 nnnnn ddddd", Opcode::isNot64),
  SQDMLAL_VECTOR("0 q 0 01110 zz 1 mmmmm 1001 00 nnnnn ddddd", Opcode::is16Or32),
  SQDMLAL_SIMD_SCALAR("01 0 11110 zz 1 mmmmm 1001 00 nnnnn ddddd", Opcode::is16Or32),
  SMLSL_VECTOR("0 q 0 01110 zz 1 mmmmm 1010 00 nnnnn ddddd", Opcode::isNot64),
  UMLSL_VECTOR("0 q 1 01110 zz 1 mmmmm 1010 00 nnnnn ddddd", Opcode::isNot64),
  SQDMLSL_VECTOR("0 q 0 01110 zz 1 mmmmm 1011 00 nnnnn ddddd", Opcode::is16Or32),
  SQDMLSL_SIMD_SCALAR("01 0 11110 zz 1 mmmmm 1011 00 nnnnn ddddd", Opcode::is16Or32),
  SMULL_VECTOR("0 q 0 01110 zz 1 mmmmm 1100 00 nnnnn ddddd", Opcode::isNot64),
  UMULL_VECTOR("0 q 1 01110 zz 1 mmmmm 1100 00 nnnnn ddddd", Opcode::isNot64),
  SQDMULL_VECTOR("0 q 0 01110 zz 1 mmmmm 1101 00 nnnnn ddddd", Opcode::is16Or32),
  SQDMULL_SIMD_SCALAR("01 0 11110 zz 1 mmmmm 1101 00 nnnnn ddddd", Opcode::is16Or32),
  PMULL_VECTOR("0 q 0 01110 00 1 mmmmm 1110 00 nnnnn ddddd"),
  // two registers
  REV64_VECTOR("0 q 0 01110 zz 10000 00000 10 nnnnn ddddd", Opcode::isNot64),
  REV32_VECTOR("0 q 1 01110 0z 10000 00000 10 nnnnn ddddd"),
  REV16_VECTOR("0 q 0 01110 00 10000 00001 10 nnnnn ddddd"),
  SADDLP_VECTOR("0 q 0 01110 zz 10000 00010 10 nnnnn ddddd", Opcode::isNot64),
  UADDLP_VECTOR("0 q 1 01110 zz 10000 00010 10 nnnnn ddddd", Opcode::isNot64),
  SUQADD_VECTOR("0 q 0 01110 zz 10000 00011 10 nnnnn ddddd", Opcode::isVector),
  SUQADD_SIMD_SCALAR("01 0 11110 zz 10000 00011 10 nnnnn ddddd"),
  USQADD_VECTOR("0 q 1 01110 zz 10000 00011 10 nnnnn ddddd", Opcode::isVector),
  USQADD_SIMD_SCALAR("01 1 11110 zz 10000 00011 10 nnnnn ddddd"),
  CLS_VECTOR("0 q 0 01110 zz 10000 00100 10 nnnnn ddddd", Opcode::isNot64),
  CLZ_VECTOR("0 q 1 01110 zz 10000 00100 10 nnnnn ddddd", Opcode::isNot64),
  CNT_VECTOR("0 q 0 01110 00 10000 00101 10 nnnnn ddddd"),
  NOT_VECTOR("0 q 1 01110 00 10000 00101 10 nnnnn ddddd"),
  RBIT_VECTOR("0 q 1 01110 01 10000 00101 10 nnnnn ddddd"),
  SADALP_VECTOR("0 q 0 01110 zz 10000 00110 10 nnnnn ddddd", Opcode::isNot64),
  UADALP_VECTOR("0 q 1 01110 zz 10000 00110 10 nnnnn ddddd", Opcode::isNot64),
  SQABS_VECTOR("0 q 0 01110 zz 10000 00111 10 nnnnn ddddd", Opcode::isVector),
  SQABS_SIMD_SCALAR("01 0 11110 zz 10000 00111 10 nnnnn ddddd"),
  SQNEG_VECTOR("0 q 1 01110 zz 10000 00111 10 nnnnn ddddd", Opcode::isVector),
  SQNEG_SIMD_SCALAR("01 1 11110 zz 10000 00111 10 nnnnn ddddd"),
  CMGT_ZERO_VECTOR("0 q 0 01110 zz 10000 01000 10 nnnnn ddddd", Opcode::isVector),
  CMGT_ZERO_SIMD_SCALAR("01 0 11110 11 10000 01000 10 nnnnn ddddd"),
  CMGE_ZERO_VECTOR("0 q 1 01110 zz 10000 01000 10 nnnnn ddddd", Opcode::isVector),
  CMGE_ZERO_SIMD_SCALAR("01 1 11110 11 10000 01000 10 nnnnn ddddd"),
  CMEQ_ZERO_VECTOR("0 q 0 01110 zz 10000 01001 10 nnnnn ddddd", Opcode::isVector),
  CMEQ_ZERO_SIMD_SCALAR("01 0 11110 11 10000 01001 10 nnnnn ddddd"),
  CMLE_ZERO_VECTOR("0 q 1 01110 zz 10000 01001 10 nnnnn ddddd", Opcode::isVector),
  CMLE_ZERO_SIMD_SCALAR("01 1 11110 11 10000 01001 10 nnnnn ddddd"),
  CMLT_ZERO_VECTOR("0 q 0 01110 zz 10000 01010 10 nnnnn ddddd", Opcode::isVector),
  CMLT_ZERO_SIMD_SCALAR("01 0 11110 11 10000 01010 10 nnnnn ddddd"),
  ABS_VECTOR("0 q 0 01110 zz 10000 01011 10 nnnnn ddddd", Opcode::isVector),
  ABS_SIMD_SCALAR("01 0 11110 11 10000 01011 10 nnnnn ddddd"),
  NEG_VECTOR("0 q 1 01110 zz 10000 01011 10 nnnnn ddddd", Opcode::isVector),
  NEG_SIMD_SCALAR("01 1 11110 11 10000 01011 10 nnnnn ddddd"),
  XTN_VECTOR("0 q 0 01110 zz 10000 10010 10 nnnnn ddddd", Opcode::isNot64),
  SQXTUN_VECTOR("0 q 1 01110 zz 10000 10010 10 nnnnn ddddd", Opcode::isNot64),
  SQXTUN_SIMD_SCALAR("01 1 11110 zz 10000 10010 10 nnnnn ddddd", Opcode::isNot64),
  SHLL_VECTOR("0 q 1 01110 zz 10000 10011 10 nnnnn ddddd", Opcode::isNot64),
  SQXTN_VECTOR("0 q 0 01110 zz 10000 10100 10 nnnnn ddddd", Opcode::isNot64),
  SQXTN_SIMD_SCALAR("01 0 11110 zz 10000 10100 10 nnnnn ddddd", Opcode::isNot64),
  UQXTN_VECTOR("0 q 1 01110 zz 10000 10100 10 nnnnn ddddd", Opcode::isNot64),
  UQXTN_SIMD_SCALAR("01 1 11110 zz 10000 10100 10 nnnnn ddddd", Opcode::isNot64),
  FCMGT_ZERO_VECTOR("0 q 0 01110 1p 10000 01100 10 nnnnn ddddd", Opcode::isFpVector),
  FCMGT_ZERO_SIMD_SCALAR("01 0 11110 1p 10000 01100 10 nnnnn ddddd"),
  FCMGE_ZERO_VECTOR("0 q 1 01110 1p 10000 01100 10 nnnnn ddddd", Opcode::isFpVector),
  FCMGE_ZERO_SIMD_SCALAR("01 1 11110 1p 10000 01100 10 nnnnn ddddd"),
  FCMEQ_ZERO_VECTOR("0 q 0 01110 1p 10000 01101 10 nnnnn ddddd", Opcode::isFpVector),
  FCMEQ_ZERO_SIMD_SCALAR("01 0 11110 1p 10000 01101 10 nnnnn ddddd"),
  FCMLE_ZERO_VECTOR("0 q 1 01110 1p 10000 01101 10 nnnnn ddddd", Opcode::isFpVector),
  FCMLE_ZERO_SIMD_SCALAR("01 1 11110 1p 10000 01101 10 nnnnn ddddd"),
  FCMLT_ZERO_VECTOR("0 q 0 01110 1p 10000 01110 10 nnnnn ddddd", Opcode::isFpVector),
  FCMLT_ZERO_SIMD_SCALAR("01 0 11110 1p 10000 01110 10 nnnnn ddddd"),
  FABS_VECTOR("0 q 0 01110 1p 10000 01111 10 nnnnn ddddd", Opcode::isFpVector),
  FNEG_VECTOR("0 q 1 01110 1p 10000 01111 10 nnnnn ddddd", Opcode::isFpVector),
  FCVTN_VECTOR("0 q 0 01110 0p 10000 10110 10 nnnnn ddddd"),
  FCVTXN_VECTOR("0 q 1 01110 01 10000 10110 10 nnnnn ddddd"),
  FCVTXN_SIMD_SCALAR("01 1 11110 01 10000 10110 10 nnnnn ddddd"),
  FCVTL_VECTOR("0 q 0 01110 0p 10000 10111 10 nnnnn ddddd"),
  FRINTN_VECTOR("0 q 0 01110 0p 10000 11000 10 nnnnn ddddd", Opcode::isFpVector),
  FRINTA_VECTOR("0 q 1 01110 0p 10000 11000 10 nnnnn ddddd", Opcode::isFpVector),
  FRINTP_VECTOR("0 q 0 01110 1p 10000 11000 10 nnnnn ddddd", Opcode::isFpVector),
  FRINTM_VECTOR("0 q 0 01110 0p 10000 11001 10 nnnnn ddddd", Opcode::isFpVector),
  FRINTX_VECTOR("0 q 1 01110 0p 10000 11001 10 nnnnn ddddd", Opcode::isFpVector),
  FRINTZ_VECTOR("0 q 0 01110 1p 10000 11001 10 nnnnn ddddd", Opcode::isFpVector),
  FRINTI_VECTOR("0 q 1 01110 1p 10000 11001 10 nnnnn ddddd", Opcode::isFpVector),
  FCVTNS_VECTOR("0 q 0 01110 0p 10000 11010 10 nnnnn ddddd", Opcode::isFpVector),
  FCVTNS_SIMD_SCALAR("01 0 11110 0p 10000 11010 10 nnnnn ddddd"),
  FCVTNU_VECTOR("0 q 1 01110 0p 10000 11010 10 nnnnn ddddd", Opcode::isFpVector),
  FCVTNU_SIMD_SCALAR("01 1 11110 0p 10000 11010 10 nnnnn ddddd"),
  FCVTPS_VECTOR("0 q 0 01110 1p 10000 11010 10 nnnnn ddddd", Opcode::isFpVector),
  FCVTPS_SIMD_SCALAR("01 0 11110 1p 10000 11010 10 nnnnn ddddd"),
  FCVTPU_VECTOR("0 q 1 01110 1p 10000 11010 10 nnnnn ddddd", Opcode::isFpVector),
  FCVTPU_SIMD_SCALAR("01 1 11110 1p 10000 11010 10 nnnnn ddddd"),
  FCVTMS_VECTOR("0 q 0 01110 0p 10000 11011 10 nnnnn ddddd", Opcode::isFpVector),
  FCVTMS_SIMD_SCALAR("01 0 11110 0p 10000 11011 10 nnnnn ddddd"),
  FCVTMU_VECTOR("0 q 1 01110 0p 10000 11011 10 nnnnn ddddd", Opcode::isFpVector),
  FCVTMU_SIMD_SCALAR("01 1 11110 0p 10000 11011 10 nnnnn ddddd"),
  FCVTZS_VECTOR("0 q 0 01110 1p 10000 11011 10 nnnnn ddddd", Opcode::isFpVector),
  FCVTZS_SIMD_SCALAR("01 0 11110 1p 10000 11011 10 nnnnn ddddd"),
  FCVTZU_VECTOR("0 q 1 01110 1p 10000 11011 10 nnnnn ddddd", Opcode::isFpVector),
  FCVTZU_SIMD_SCALAR("01 1 11110 1p 10000 11011 10 nnnnn ddddd"),
  FCVTAS_VECTOR("0 q 0 01110 0p 10000 11100 10 nnnnn ddddd", Opcode::isFpVector),
  FCVTAS_SIMD_SCALAR("01 0 11110 0p 10000 11100 10 nnnnn ddddd"),
  FCVTAU_VECTOR("0 q 1 01110 0p 10000 11100 10 nnnnn ddddd", Opcode::isFpVector),
  FCVTAU_SIMD_SCALAR("01 1 11110 0p 10000 11100 10 nnnnn ddddd"),
  SCVTF_VECTOR("0 q 0 01110 0p 10000 11101 10 nnnnn ddddd", Opcode::isFpVector),
  SCVTF_SIMD_SCALAR("01 0 11110 0p 10000 11101 10 nnnnn ddddd"),
  UCVTF_VECTOR("0 q 1 01110 0p 10000 11101 10 nnnnn ddddd", Opcode::isFpVector),
  UCVTF_SIMD_SCALAR("01 1 11110 0p 10000 11101 10 nnnnn ddddd"),
  FRECPE_VECTOR("0 q 0 01110 1p 10000 11101 10 nnnnn ddddd", Opcode::isFpVector),
  FRECPE_SIMD_SCALAR("01 0 11110 1p 10000 11101 10 nnnnn ddddd"),
  FRSQRTE_VECTOR("0 q 1 01110 1p 10000 11101 10 nnnnn ddddd", Opcode::isFpVector),
  FRSQRTE_SIMD_SCALAR("01 1 11110 1p 10000 11101 10 nnnnn ddddd"),
  FSQRT_VECTOR("0 q 1 01110 1p 10000 11111 10 nnnnn ddddd", Opcode::isFpVector),
  URECPE_VECTOR("0 q 0 01110 10 10000 11100 10 nnnnn ddddd"),
  URSQRTE_VECTOR("0 q 1 01110 10 10000 11100 10 nnnnn ddddd"),
  FRECPX_SIMD_SCALAR("01 0 11110 1p 10000 11111 10 nnnnn ddddd"),
  // across the lanes, and pairs to a scalar
  SADDLV("0 q 0 01110 zz 11000 00011 10 nnnnn ddddd", Opcode::isAcross),
  UADDLV("0 q 1 01110 zz 11000 00011 10 nnnnn ddddd", Opcode::isAcross),
  SMAXV("0 q 0 01110 zz 11000 01010 10 nnnnn ddddd", Opcode::isAcross),
  UMAXV("0 q 1 01110 zz 11000 01010 10 nnnnn ddddd", Opcode::isAcross),
  SMINV("0 q 0 01110 zz 11000 11010 10 nnnnn ddddd", Opcode::isAcross),
  UMINV("0 q 1 01110 zz 11000 11010 10 nnnnn ddddd", Opcode::isAcross),
  ADDV("0 q 0 01110 zz 11000 11011 10 nnnnn ddddd", Opcode::isAcross),
  FMAXNMV("0 1 1 01110 00 11000 01100 10 nnnnn ddddd"),
  FMINNMV("0 1 1 01110 10 11000 01100 10 nnnnn ddddd"),
  FMAXV("0 1 1 01110 00 11000 01111 10 nnnnn ddddd"),
  FMINV("0 1 1 01110 10 11000 01111 10 nnnnn ddddd"),
  ADDP_SIMD_SCALAR("01 0 11110 11 11000 11011 10 nnnnn ddddd"),
  FMAXNMP_SIMD_SCALAR("01 1 11110 0p 11000 01100 10 nnnnn ddddd"),
  FMINNMP_SIMD_SCALAR("01 1 11110 1p 11000 01100 10 nnnnn ddddd"),
  FADDP_SIMD_SCALAR("01 1 11110 0p 11000 01101 10 nnnnn ddddd"),
  FMAXP_SIMD_SCALAR("01 1 11110 0p 11000 01111 10 nnnnn ddddd"),
  FMINP_SIMD_SCALAR("01 1 11110 1p 11000 01111 10 nnnnn ddddd"),
  // by an element. L M H: its index; M belongs to the register where the size is not 16 bits
  MLA_VECTOR_ELEMENT("0 q 1 01111 zz L M mmmm 0000 H 0 nnnnn ddddd", Opcode::is16Or32),
  MLS_VECTOR_ELEMENT("0 q 1 01111 zz L M mmmm 0100 H 0 nnnnn ddddd", Opcode::is16Or32),
  SMLAL_VECTOR_ELEMENT("0 q 0 01111 zz L M mmmm 0010 H 0 nnnnn ddddd", Opcode::is16Or32),
  UMLAL_VECTOR_ELEMENT("0 q 1 01111 zz L M mmmm 0010 H 0 nnnnn ddddd", Opcode::is16Or32),
  SQDMLAL_VECTOR_ELEMENT("0 q 0 01111 zz L M mmmm 0011 H 0 nnnnn ddddd", Opcode::is16Or32),
  SQDMLAL_SIMD_SCALAR_ELEMENT("01 0 11111 zz L M mmmm 0011 H 0 nnnnn ddddd", Opcode::is16Or32),
  SMLSL_VECTOR_ELEMENT("0 q 0 01111 zz L M mmmm 0110 H 0 nnnnn ddddd", Opcode::is16Or32),
  UMLSL_VECTOR_ELEMENT("0 q 1 01111 zz L M mmmm 0110 H 0 nnnnn ddddd", Opcode::is16Or32),
  SQDMLSL_VECTOR_ELEMENT("0 q 0 01111 zz L M mmmm 0111 H 0 nnnnn ddddd", Opcode::is16Or32),
  SQDMLSL_SIMD_SCALAR_ELEMENT("01 0 11111 zz L M mmmm 0111 H 0 nnnnn ddddd", Opcode::is16Or32),
  MUL_VECTOR_ELEMENT("0 q 0 01111 zz L M mmmm 1000 H 0 nnnnn ddddd", Opcode::is16Or32),
  SMULL_VECTOR_ELEMENT("0 q 0 01111 zz L M mmmm 1010 H 0 nnnnn ddddd", Opcode::is16Or32),
  UMULL_VECTOR_ELEMENT("0 q 1 01111 zz L M mmmm 1010 H 0 nnnnn ddddd", Opcode::is16Or32),
  SQDMULL_VECTOR_ELEMENT("0 q 0 01111 zz L M mmmm 1011 H 0 nnnnn ddddd", Opcode::is16Or32),
  SQDMULL_SIMD_SCALAR_ELEMENT("01 0 11111 zz L M mmmm 1011 H 0 nnnnn ddddd", Opcode::is16Or32),
  SQDMULH_VECTOR_ELEMENT("0 q 0 01111 zz L M mmmm 1100 H 0 nnnnn ddddd", Opcode::is16Or32),
  SQDMULH_SIMD_SCALAR_ELEMENT("01 0 11111 zz L M mmmm 1100 H 0 nnnnn ddddd", Opcode::is16Or32),
  SQRDMULH_VECTOR_ELEMENT("0 q 0 01111 zz L M mmmm 1101 H 0 nnnnn ddddd", Opcode::is16Or32),
  SQRDMULH_SIMD_SCALAR_ELEMENT("01 0 11111 zz L M mmmm 1101 H 0 nnnnn ddddd", Opcode::is16Or32),
  FMLA_VECTOR_ELEMENT("0 q 0 01111 1p L M mmmm 0001 H 0 nnnnn ddddd", Opcode::isFpVectorElement),
  FMLA_SIMD_SCALAR_ELEMENT("01 0 11111 1p L M mmmm 0001 H 0 nnnnn ddddd", Opcode::isFpElement),
  FMLS_VECTOR_ELEMENT("0 q 0 01111 1p L M mmmm 0101 H 0 nnnnn ddddd", Opcode::isFpVectorElement),
  FMLS_SIMD_SCALAR_ELEMENT("01 0 11111 1p L M mmmm 0101 H 0 nnnnn ddddd", Opcode::isFpElement),
  FMUL_VECTOR_ELEMENT("0 q 0 01111 1p L M mmmm 1001 H 0 nnnnn ddddd", Opcode::isFpVectorElement),
  FMUL_SIMD_SCALAR_ELEMENT("01 0 11111 1p L M mmmm 1001 H 0 nnnnn ddddd", Opcode::isFpElement),
  FMULX_VECTOR_ELEMENT("0 q 1 01111 1p L M mmmm 1001 H 0 nnnnn ddddd", Opcode::isFpVectorElement),
  FMULX_SIMD_SCALAR_ELEMENT("01 1 11111 1p L M mmmm 1001 H 0 nnnnn ddddd", Opcode::isFpElement),
  // floating point, scalar. f: 64-bit general register; s: 64 less the fraction bits
  SCVTF_GENERAL_FIXED("f 00 11110 0p 0 00 010 ssssss nnnnn ddddd", Opcode::isScale),
  UCVTF_GENERAL_FIXED("f 00 11110 0p 0 00 011 ssssss nnnnn ddddd", Opcode::isScale),
  FCVTZS_GENERAL_FIXED("f 00 11110 0p 0 11 000 ssssss nnnnn ddddd", Opcode::isScale),
  FCVTZU_GENERAL_FIXED("f 00 11110 0p 0 11 001 ssssss nnnnn ddddd", Opcode::isScale),
  SCVTF_GENERAL("f 00 11110 0p 1 00 010 000000 nnnnn ddddd"),
  UCVTF_GENERAL("f 00 11110 0p 1 00 011 000000 nnnnn ddddd"),
  FCVTNS_GENERAL("f 00 11110 0p 1 00 000 000000 nnnnn ddddd"),
  FCVTNU_GENERAL("f 00 11110 0p 1 00 001 000000 nnnnn ddddd"),
  FCVTPS_GENERAL("f 00 11110 0p 1 01 000 000000 nnnnn ddddd"),
  FCVTPU_GENERAL("f 00 11110 0p 1 01 001 000000 nnnnn ddddd"),
  FCVTMS_GENERAL("f 00 11110 0p 1 10 000 000000 nnnnn ddddd"),
  FCVTMU_GENERAL("f 00 11110 0p 1 10 001 000000 nnnnn ddddd"),
  FCVTZS_GENERAL("f 00 11110 0p 1 11 000 000000 nnnnn ddddd"),
  FCVTZU_GENERAL("f 00 11110 0p 1 11 001 000000 nnnnn ddddd"),
  FCVTAS_GENERAL("f 00 11110 0p 1 00 100 000000 nnnnn ddddd"),
  FCVTAU_GENERAL("f 00 11110 0p 1 00 101 000000 nnnnn ddddd"),
  FMOV_TO_GENERAL("f 00 11110 0p 1 00 110 000000 nnnnn ddddd", Opcode::isSameWidth),
  FMOV_FROM_GENERAL("f 00 11110 0p 1 00 111 000000 nnnnn ddddd", Opcode::isSameWidth),
  FMOV_TOP_TO_GENERAL("1 00 11110 10 1 01 110 000000 nnnnn ddddd"),
  FMOV_TOP_FROM_GENERAL("1 00 11110 10 1 01 111 000000 nnnnn ddddd"),
  FMOV_SCALAR("00011110 0p 1 000000 10000 nnnnn ddddd"),
  FABS_SCALAR("00011110 0p 1 000001 10000 nnnnn ddddd"),
  FNEG_SCALAR("00011110 0p 1 000010 10000 nnnnn ddddd"),
  FSQRT_SCALAR("00011110 0p 1 000011 10000 nnnnn ddddd"),
  FRINTN_SCALAR("00011110 0p 1 001000 10000 nnnnn ddddd"),
  FRINTP_SCALAR("00011110 0p 1 001001 10000 nnnnn ddddd"),
  FRINTM_SCALAR("00011110 0p 1 001010 10000 nnnnn ddddd"),
  FRINTZ_SCALAR("00011110 0p 1 001011 10000 nnnnn ddddd"),
  FRINTA_SCALAR("00011110 0p 1 001100 10000 nnnnn ddddd"),
  FRINTX_SCALAR("00011110 0p 1 001110 10000 nnnnn ddddd"),
  FRINTI_SCALAR("00011110 0p 1 001111 10000 nnnnn ddddd"),
  FCVT_SCALAR("00011110 yy 1 0001oo 10000 nnnnn ddddd", Opcode::isFpConversion), // y o: types
  // c: the condition, v: the flags where it is false
  FCMP("00011110 0p 1 mmmmm 00 1000 nnnnn 00 000"),
  FCMP_ZERO("00011110 0p 1 xxxxx 00 1000 nnnnn 01 000"),
  FCMPE("00011110 0p 1 mmmmm 00 1000 nnnnn 10 000"),
  FCMPE_ZERO("00011110 0p 1 xxxxx 00 1000 nnnnn 11 000"),
  FMOV_SCALAR_IMM("00011110 0p 1 iiiiiiii 100 00000 ddddd"),
  FCCMP("00011110 0p 1 mmmmm cccc 01 nnnnn 0 vvvv"),
  FCCMPE("00011110 0p 1 mmmmm cccc 01 nnnnn 1 vvvv"),
  FMUL_SCALAR("00011110 0p 1 mmmmm 0000 10 nnnnn ddddd"),
  FDIV_SCALAR("00011110 0p 1 mmmmm 0001 10 nnnnn ddddd"),
  FADD_SCALAR("00011110 0p 1 mmmmm 0010 10 nnnnn ddddd"),
  FSUB_SCALAR("00011110 0p 1 mmmmm 0011 10 nnnnn ddddd"),
  FMAX_SCALAR("00011110 0p 1 mmmmm 0100 10 nnnnn ddddd"),
  FMIN_SCALAR("00011110 0p 1 mmmmm 0101 10 nnnnn ddddd"),
  FMAXNM_SCALAR("00011110 0p 1 mmmmm 0110 10 nnnnn ddddd"),
  FMINNM_SCALAR("00011110 0p 1 mmmmm 0111 10 nnnnn ddddd"),
  FNMUL_SCALAR("00011110 0p 1 mmmmm 1000 10 nnnnn ddddd"),
  FCSEL("00011110 0p 1 mmmmm cccc 11 nnnnn ddddd"),
  FMADD("00011111 0p 0 mmmmm 0 aaaaa nnnnn ddddd"),
  FMSUB("00011111 0p 0 mmmmm 1 aaaaa nnnnn ddddd"),
  FNMADD("00011111 0p 1 mmmmm 0 aaaaa nnnnn ddddd"),
  FNMSUB("00011111 0p 1 mmmmm 1 aaaaa nnnnn ddddd"),

  // Not an instruction of v8.0-A: raises UNDEFINED.
  UNDEFINED("xxxxxxxx xxxxxxxx xxxxxxxx xxxxxxxx");

  private final String pattern;
  private final int mask;
  private final int value;

  @SuppressWarnings("ImmutableEnumChecker") // all are references to pure functions
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
  public int mask() {
    return mask;
  }

  /** The values of the bits that are fixed. */
  public int value() {
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

  private static boolean isQ(int word) {
    return (word >>> 30 & 1) == 1;
  }

  private static int vectorSize(int word) {
    return word >>> 22 & 3;
  }

  /** Not a vector of one 64-bit element. */
  private static boolean isVector(int word) {
    return isQ(word) || vectorSize(word) != 3;
  }

  private static boolean isNot64(int word) {
    return vectorSize(word) != 3;
  }

  private static boolean is16Or32(int word) {
    return vectorSize(word) == 1 || vectorSize(word) == 2;
  }

  private static boolean isFpVector(int word) {
    return isQ(word) || (word >>> 22 & 1) == 0;
  }

  /** An element of 64 bits has an index of one bit, H. */
  private static boolean isFpElement(int word) {
    return (word >>> 22 & 1) == 0 || (word >>> 21 & 1) == 0;
  }

  private static boolean isFpVectorElement(int word) {
    return isFpVector(word) && isFpElement(word);
  }

  private static boolean isAcross(int word) {
    return vectorSize(word) < 2 || (vectorSize(word) == 2 && isQ(word));
  }

  /** LD1 and ST1 of 1 to 4 registers. */
  private static boolean isLd1(int word) {
    int registers = word >>> 12 & 15;
    return registers == 2 || registers == 6 || registers == 7 || registers == 10;
  }

  private static boolean isStructureSize(int word) {
    return isQ(word) || (word >>> 10 & 3) != 3;
  }

  private static boolean isElement(int word) {
    int size = word >>> 10 & 3;
    return switch (word >>> 14 & 3) {
      case 0 -> true;
      case 1 -> (size & 1) == 0;
      case 2 -> size == 0 || (size == 1 && (word >>> 12 & 1) == 0);
      default -> false;
    };
  }

  private static boolean isCopy(int word) {
    return (word >>> 16 & 15) != 0;
  }

  private static boolean isCopyVector(int word) {
    return isCopy(word) && (isQ(word) || (word >>> 16 & 15) != 8);
  }

  private static boolean isSmov(int word) {
    return (word >>> 16 & 3) != 0 || (isQ(word) && (word >>> 16 & 7) != 0);
  }

  private static boolean isUmov(int word) {
    return isQ(word) ? (word >>> 16 & 15) == 8 : (word >>> 16 & 7) != 0;
  }

  private static boolean isExtract(int word) {
    return isQ(word) || (word >>> 14 & 1) == 0;
  }

  private static boolean isShiftVector(int word) {
    return isShiftScalar(word) && (isQ(word) || !isShift64(word));
  }

  private static boolean isShiftScalar(int word) {
    return (word >>> 19 & 15) != 0;
  }

  private static boolean isShift64(int word) {
    return (word >>> 22 & 1) == 1;
  }

  private static boolean isNarrowShift(int word) {
    return isShiftScalar(word) && !isShift64(word);
  }

  private static boolean isFixedPoint(int word) {
    return (word >>> 21 & 3) != 0;
  }

  private static boolean isFixedPointVector(int word) {
    return isFixedPoint(word) && (isQ(word) || !isShift64(word));
  }

  /** The fraction of a 32-bit register has up to 32 bits. */
  private static boolean isScale(int word) {
    return is64(word) || (word >>> 15 & 1) == 1;
  }

  private static boolean isSameWidth(int word) {
    return is64(word) == ((word >>> 22 & 1) == 1);
  }

  private static boolean isFpConversion(int word) {
    int from = word >>> 22 & 3;
    int to = word >>> 15 & 3;
    return from != 2 && to != 2 && from != to;
  }
}
