package dev.bringup.emulator.aarch64.fp;

import dev.bringup.emulator.aarch64.isa.Opcode;

/**
 * The SIMD and floating-point registers of one CPU, and the instructions on them. Used by the
 * machine's one thread only.
 */
public final class VectorUnit {
  /** Bits 63 to 0 of V0 to V31. */
  public final long[] low = new long[32];

  /** Bits 127 to 64 of V0 to V31. */
  public final long[] high = new long[32];

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
    throw new IllegalStateException(opcode + " is not an instruction of the vector unit");
  }

  /**
   * Executes a load or store of one or more structures (LD1 to LD4, ST1 to ST4, LDnR).
   *
   * @param base the value of Xn or SP
   * @param x the general registers, for the post-index
   * @return the base register after the instruction, {@code base} if it has no write-back
   */
  public long transfer(Opcode opcode, int word, long base, long[] x, VectorMemory memory) {
    throw new IllegalStateException(opcode + " is not a structure load or store");
  }
}
