package dev.bringup.emulator.aarch64;

import java.util.Arrays;
import java.util.List;

/**
 * What a debugger sees of a CPU that stands, and may change. Looking changes nothing that the
 * program could notice. Used by the machine's one thread only.
 */
public final class CpuView {
  /** Those of external debug hold nothing, and the rest is part of PSTATE or of the vectors. */
  private static final List<SystemRegister> SHOWN =
      Arrays.stream(SystemRegister.values())
          .filter(register -> !register.isDebug() && register.readableFrom() <= 2)
          .filter(register ->
              switch (register) {
                case NZCV, DAIF, SPSEL, CURRENTEL, FPCR, FPSR -> false;
                default -> true;
              })
          .toList();

  private final Interpreter s;

  CpuView(Interpreter interpreter) {
    this.s = interpreter;
  }

  /** Names of the system registers, as the manual has them; constant. */
  public static List<String> systemRegisters() {
    return SHOWN.stream().map(Enum::name).toList();
  }

  /** The value of one of {@link #systemRegisters}, whoever may read it. */
  public long systemRegister(int index) {
    return s.system().registers().look(SHOWN.get(index));
  }

  /**
   * Changes one of {@link #systemRegisters}, as MSR would.
   *
   * @throws IllegalArgumentException if it is read-only
   */
  public void systemRegister(int index, long value) {
    SystemRegister register = SHOWN.get(index);
    if (register.writableFrom() > 2) {
      throw new IllegalArgumentException(register + " is read-only");
    }
    s.system().registers().change(register, value);
  }

  /**
   * Changes PSTATE.
   *
   * @param value as SPSR has it (C5.2.18)
   * @throws IllegalArgumentException if this CPU has no such state: AArch32, EL3, an absent EL2
   */
  public void pstate(long value) {
    int mode = (int) value & 0x1f;
    int level = mode >>> 2;
    if ((mode & 0x12) != 0 || mode == 1 || level > (s.hasEl2 ? 2 : 1)) {
      throw new IllegalArgumentException("no state 0x%08x".formatted(value));
    }
    s.storeSp();
    s.nzcv((int) (value >>> 28) & 15);
    s.daif = (int) value & 0x3c0;
    s.illegal = (value >>> 20 & 1) == 1;
    s.el = level;
    s.spSel = (mode & 1) == 1;
    s.loadSp();
    s.mmu.levelChanged();
  }

  /** Bits 63 to 0 of V0 to V31. */
  public long vectorLow(int number) {
    return s.vectors.low[number];
  }

  /** Bits 127 to 64 of V0 to V31. */
  public long vectorHigh(int number) {
    return s.vectors.high[number];
  }

  public void vector(int number, long high, long low) {
    s.vectors.high[number] = high;
    s.vectors.low[number] = low;
  }

  public int fpsr() {
    return s.vectors.fpsr;
  }

  public int fpcr() {
    return s.vectors.fpcr;
  }

  public void fpsr(int value) {
    s.system().registers().change(SystemRegister.FPSR, value);
  }

  public void fpcr(int value) {
    s.system().registers().change(SystemRegister.FPCR, value);
  }
}
