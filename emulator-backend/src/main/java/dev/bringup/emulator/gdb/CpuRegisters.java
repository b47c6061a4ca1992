package dev.bringup.emulator.gdb;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The registers of one CPU at one instant: a copy, in the order and form in which GDB's protocol
 * has them by its features {@code org.gnu.gdb.aarch64.core} and {@code .fpu}: little-endian, X0 to
 * X30, SP, PC, CPSR (32 bit), V0 to V31 (128 bit), FPSR, FPCR (32 bit each).
 */
public final class CpuRegisters {
  static final int SP = 31;
  static final int PC = 32;
  static final int CPSR = 33;
  static final int V0 = 34;
  static final int FPSR = 66;
  static final int FPCR = 67;

  /** How many registers there are. */
  static final int COUNT = 68;

  private static final int VECTORS = 33 * 8 + 4;
  private static final int STATUS = VECTORS + 32 * 16;

  /** How many bytes all of them take. */
  static final int SIZE = STATUS + 8;

  private final ByteBuffer image = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);

  /** Where a register begins; of {@link #COUNT}: where all end. */
  static int offset(int register) {
    if (register <= CPSR) {
      return register * 8;
    }
    return register <= FPSR ? VECTORS + (register - V0) * 16 : STATUS + (register - FPSR) * 4;
  }

  /** How many bytes a register has. */
  static int size(int register) {
    return offset(register + 1) - offset(register);
  }

  /** All registers; what is written into it is written to them. */
  byte[] image() {
    return image.array();
  }

  /** X0 to X30. */
  public long x(int number) {
    return image.getLong(8 * checked(number, 31));
  }

  public void x(int number, long value) {
    image.putLong(8 * checked(number, 31), value);
  }

  /** The stack pointer in use. */
  public long sp() {
    return image.getLong(offset(SP));
  }

  public void sp(long value) {
    image.putLong(offset(SP), value);
  }

  public long pc() {
    return image.getLong(offset(PC));
  }

  public void pc(long value) {
    image.putLong(offset(PC), value);
  }

  /** PSTATE as SPSR has it. */
  public int cpsr() {
    return image.getInt(offset(CPSR));
  }

  public void cpsr(int value) {
    image.putInt(offset(CPSR), value);
  }

  /** Bits 63 to 0 of V0 to V31. */
  public long vectorLow(int number) {
    return image.getLong(VECTORS + 16 * checked(number, 32));
  }

  /** Bits 127 to 64 of V0 to V31. */
  public long vectorHigh(int number) {
    return image.getLong(VECTORS + 16 * checked(number, 32) + 8);
  }

  public void vector(int number, long high, long low) {
    image.putLong(VECTORS + 16 * checked(number, 32), low);
    image.putLong(VECTORS + 16 * number + 8, high);
  }

  public int fpsr() {
    return image.getInt(offset(FPSR));
  }

  public void fpsr(int value) {
    image.putInt(offset(FPSR), value);
  }

  public int fpcr() {
    return image.getInt(offset(FPCR));
  }

  public void fpcr(int value) {
    image.putInt(offset(FPCR), value);
  }

  private static int checked(int number, int count) {
    return java.util.Objects.checkIndex(number, count);
  }
}
