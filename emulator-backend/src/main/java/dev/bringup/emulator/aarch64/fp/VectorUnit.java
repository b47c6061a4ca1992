package dev.bringup.emulator.aarch64.fp;

import dev.bringup.emulator.aarch64.isa.Opcode;

/**
 * The SIMD and floating-point registers of one CPU, and the instructions on them. Used by the
 * machine's one thread only.
 */
public final class VectorUnit {
  private static final int ZERO_REGISTER = 31;
  private static final int WRITE_SINK = 33;

  /** Bits 63 to 0 of V0 to V31. */
  public final long[] low = new long[32];

  /** Bits 127 to 64 of V0 to V31. */
  public final long[] high = new long[32];

  private final Lanes lanes = new Lanes(low, high);
  private final Status status = new Status();
  private final FloatingPoint floats = new FloatingPoint(status);
  private final Conversion conversion = new Conversion(status, floats);
  private final Saturating saturating = new Saturating(status);
  private final ScalarFp scalarFp = new ScalarFp(lanes, status, floats, conversion);
  private final VectorFp vectorFp =
      new VectorFp(lanes, status, floats, conversion, new Estimates(status, floats));
  private final VectorInteger vectorInteger = new VectorInteger(lanes, saturating);
  private final Widening widening = new Widening(lanes, saturating);
  private final ShiftImmediate shiftImmediate = new ShiftImmediate(lanes, saturating);
  private final Permute permute = new Permute(lanes);
  private final StructureTransfer structureTransfer = new StructureTransfer(lanes);

  /** Rounding mode and modes of operation (Arm ARM, C5.2.8). */
  public int fpcr;

  /** Cumulative exception flags and QC (Arm ARM, C5.2.10). */
  public int fpsr;

  /**
   * Executes an instruction that neither loads nor stores.
   *
   * @param x the general registers: 0 to 30; 31 reads as zero and is never written; writes to
   *     register 31 go to slot 33
   * @param nzcv the flags, N in bit 3 to V in bit 0
   * @return the flags after the instruction
   */
  public int execute(Opcode opcode, int word, long[] x, int nzcv) {
    status.begin(fpcr, fpsr);
    int flags = nzcv;
    if ((word & 1 << 30) == 0 && Fields.isScalar(word)) {
      flags = scalarFp.execute(opcode, word, x, nzcv);
    } else if ((word & 1 << 24) == 0) {
      registers(opcode, word, x);
    } else if ((word & 1 << 10) == 0) {
      byElement(opcode, word);
    } else {
      immediates(opcode, word);
    }
    fpsr = status.flags();
    return flags;
  }

  /**
   * Executes a load or store of one or more structures (LD1 to LD4, ST1 to ST4, LDnR).
   *
   * @param base the value of Xn or SP
   * @param x the general registers, for the post-index
   * @return the base register after the instruction, {@code base} if it has no write-back
   */
  public long transfer(Opcode opcode, int word, long base, long[] x, VectorMemory memory) {
    return structureTransfer.execute(opcode, word, base, x, memory);
  }

  static void setGeneral(long[] x, int register, long value) {
    x[register == ZERO_REGISTER ? WRITE_SINK : register] = value;
  }

  /** Instructions on registers alone: the groups of the table "Advanced SIMD" in C4. */
  private void registers(Opcode opcode, int word, long[] x) {
    boolean bit21 = (word & 1 << 21) != 0;
    switch (word >>> 10 & 3) {
      case 0 -> {
        if (bit21) {
          widening.threeDifferent(opcode, word);
        } else if (Fields.u(word)) {
          permute.extract(word);
        } else {
          permute.table(opcode, word);
        }
      }
      case 2 -> {
        if (bit21) {
          twoRegisters(opcode, word);
        } else if (Fields.u(word)) {
          permute.extract(word);
        } else {
          permute.interleave(opcode, word);
        }
      }
      default -> {
        if (!bit21) {
          permute.copy(opcode, word, x);
        } else if ((word >>> 14 & 3) == 3) {
          vectorFp.threeSame(opcode, word);
        } else {
          vectorInteger.threeSame(opcode, word);
        }
      }
    }
  }

  private void twoRegisters(Opcode opcode, int word) {
    switch (opcode) {
      case ADDV, SADDLV, UADDLV, SMAXV, UMAXV, SMINV, UMINV, ADDP_SIMD_SCALAR ->
          vectorInteger.across(opcode, word);
      case FMAXNMV, FMINNMV, FMAXV, FMINV -> vectorFp.across(opcode, word);
      case FADDP_SIMD_SCALAR,
          FMAXP_SIMD_SCALAR,
          FMINP_SIMD_SCALAR,
          FMAXNMP_SIMD_SCALAR,
          FMINNMP_SIMD_SCALAR ->
          vectorFp.pairToScalar(opcode, word);
      case REV16_VECTOR, REV32_VECTOR, REV64_VECTOR -> permute.reverse(opcode, word);
      case XTN_VECTOR,
          SQXTN_VECTOR,
          SQXTN_SIMD_SCALAR,
          SQXTUN_VECTOR,
          SQXTUN_SIMD_SCALAR,
          UQXTN_VECTOR,
          UQXTN_SIMD_SCALAR ->
          widening.narrow(opcode, word);
      case SHLL_VECTOR -> widening.shiftLeftLong(word);
      case SADDLP_VECTOR, UADDLP_VECTOR, SADALP_VECTOR, UADALP_VECTOR ->
          widening.addPairsLong(opcode, word);
      case CMGT_ZERO_VECTOR,
          CMGT_ZERO_SIMD_SCALAR,
          CMGE_ZERO_VECTOR,
          CMGE_ZERO_SIMD_SCALAR,
          CMEQ_ZERO_VECTOR,
          CMEQ_ZERO_SIMD_SCALAR,
          CMLE_ZERO_VECTOR,
          CMLE_ZERO_SIMD_SCALAR,
          CMLT_ZERO_VECTOR,
          CMLT_ZERO_SIMD_SCALAR,
          ABS_VECTOR,
          ABS_SIMD_SCALAR,
          NEG_VECTOR,
          NEG_SIMD_SCALAR,
          NOT_VECTOR,
          CNT_VECTOR,
          CLZ_VECTOR,
          CLS_VECTOR,
          SQABS_VECTOR,
          SQABS_SIMD_SCALAR,
          SQNEG_VECTOR,
          SQNEG_SIMD_SCALAR,
          SUQADD_VECTOR,
          SUQADD_SIMD_SCALAR,
          USQADD_VECTOR,
          USQADD_SIMD_SCALAR ->
          vectorInteger.twoRegisters(opcode, word);
      case RBIT_VECTOR -> vectorInteger.reverseBits(word);
      default -> vectorFp.twoRegisters(opcode, word);
    }
  }

  private void byElement(Opcode opcode, int word) {
    switch (opcode) {
      case FMLA_VECTOR_ELEMENT,
          FMLA_SIMD_SCALAR_ELEMENT,
          FMLS_VECTOR_ELEMENT,
          FMLS_SIMD_SCALAR_ELEMENT,
          FMUL_VECTOR_ELEMENT,
          FMUL_SIMD_SCALAR_ELEMENT,
          FMULX_VECTOR_ELEMENT,
          FMULX_SIMD_SCALAR_ELEMENT ->
          vectorFp.byElement(opcode, word);
      default -> widening.byElement(opcode, word);
    }
  }

  private void immediates(Opcode opcode, int word) {
    switch (opcode) {
      case SCVTF_FIXED_VECTOR,
          SCVTF_FIXED_SIMD_SCALAR,
          UCVTF_FIXED_VECTOR,
          UCVTF_FIXED_SIMD_SCALAR,
          FCVTZS_FIXED_VECTOR,
          FCVTZS_FIXED_SIMD_SCALAR,
          FCVTZU_FIXED_VECTOR,
          FCVTZU_FIXED_SIMD_SCALAR ->
          vectorFp.fixedPoint(opcode, word);
      default -> {
        if ((word >>> 19 & 15) == 0) {
          permute.immediate(opcode, word);
        } else {
          shiftImmediate.execute(opcode, word);
        }
      }
    }
  }
}
