package dev.bringup.emulator.aarch64;

/** Takes exceptions and returns from them (D1.10, D1.11). */
final class Exceptions {
  // Exception classes, bits 31 to 26 of ESR (D13.2.37)
  static final int UNKNOWN = 0x00;
  static final int WFX = 0x01;
  static final int FP_TRAP = 0x07;
  static final int ILLEGAL_STATE = 0x0e;
  static final int SVC = 0x15;
  static final int HVC = 0x16;
  static final int SMC = 0x17;
  static final int SYSTEM_TRAP = 0x18;
  static final int INSTRUCTION_ABORT_LOWER = 0x20;
  static final int PC_ALIGNMENT = 0x22;
  static final int DATA_ABORT_LOWER = 0x24;
  static final int SP_ALIGNMENT = 0x26;
  static final int BREAKPOINT_INSTRUCTION = 0x3c;

  private static final long HCR_TGE = 1L << 27;

  private final CpuState s;
  private final Mmu mmu;

  Exceptions(CpuState s, Mmu mmu) {
    this.s = s;
    this.mmu = mmu;
  }

  /** Takes the fault that the CPU carries; {@code returnTo} is what ELR gets. */
  void take(GuestFault fault, long returnTo) {
    int target = Math.max(fault.target, Math.max(s.el, 1));
    if (s.el == 0 && s.hasEl2 && (s.sys(SystemRegister.HCR_EL2) & HCR_TGE) != 0) {
      target = 2;
    }
    if (fault.exceptionClass == UNKNOWN && fault.syndrome == 0) {
      s.undefined++;
    }
    int exceptionClass = fault.exceptionClass;
    if (exceptionClass == INSTRUCTION_ABORT_LOWER || exceptionClass == DATA_ABORT_LOWER) {
      exceptionClass += target == s.el ? 1 : 0;
    }
    long esr = (long) exceptionClass << 26 | 1L << 25 | fault.syndrome;
    if (target == 2) {
      s.sys(SystemRegister.ESR_EL2, esr);
      if (fault.hasAddress) {
        s.sys(SystemRegister.FAR_EL2, fault.address);
      }
      if (fault.intermediate >= 0) {
        s.sys(SystemRegister.HPFAR_EL2, fault.intermediate >>> 12 << 4);
      }
    } else {
      s.sys(SystemRegister.ESR_EL1, esr);
      if (fault.hasAddress) {
        s.sys(SystemRegister.FAR_EL1, fault.address);
      }
    }
    s.exceptions++;
    s.exceptionClasses[exceptionClass]++;
    enter(target, 0, returnTo);
  }

  /** Takes an interrupt: IRQ at 0x80, FIQ at 0x100, SError at 0x180 of its vectors. */
  void interrupt(int target, int vector) {
    s.interrupts++;
    enter(target, vector, s.pc);
  }

  private void enter(int target, int vector, long returnTo) {
    long spsr = s.pstate();
    int from = s.el < target ? 0x400 : s.spSel ? 0x200 : 0;
    s.storeSp();
    if (target == 2) {
      s.sys(SystemRegister.SPSR_EL2, spsr);
      s.sys(SystemRegister.ELR_EL2, returnTo);
      s.pc = (s.sys(SystemRegister.VBAR_EL2) & ~0x7ffL) + from + vector;
    } else {
      s.sys(SystemRegister.SPSR_EL1, spsr);
      s.sys(SystemRegister.ELR_EL1, returnTo);
      s.pc = (s.sys(SystemRegister.VBAR_EL1) & ~0x7ffL) + from + vector;
    }
    s.el = target;
    s.spSel = true;
    s.illegal = false;
    s.daif = CpuState.DAIF_D | CpuState.DAIF_A | CpuState.DAIF_I | CpuState.DAIF_F;
    s.loadSp();
    s.jumped();
    mmu.levelChanged();
  }

  /** ERET (C6.2.72, AArch64.ExceptionReturn). */
  void eret() {
    boolean fromEl2 = s.el == 2;
    long spsr = s.sys(fromEl2 ? SystemRegister.SPSR_EL2 : SystemRegister.SPSR_EL1);
    long elr = s.sys(fromEl2 ? SystemRegister.ELR_EL2 : SystemRegister.ELR_EL1);
    s.exclusiveHost = 0;
    s.storeSp();
    s.nzcv((int) (spsr >>> 28) & 15);
    s.daif = (int) spsr & 0x3c0;
    s.illegal = (spsr >>> 20 & 1) == 1;
    if (isLegal(spsr)) {
      s.el = (int) spsr >>> 2 & 3;
      s.spSel = (spsr & 1) == 1;
    } else {
      s.illegal = true;
    }
    s.loadSp();
    s.pc = mmu.branchAddress(elr);
    s.jumped();
    mmu.levelChanged();
    s.stopLoop(); // interrupts may be unmasked
  }

  /** IllegalExceptionReturn: AArch32, a reserved or higher level, or EL1 while TGE rules. */
  private boolean isLegal(long spsr) {
    int mode = (int) spsr & 31;
    int level = mode >>> 2;
    boolean reserved = (mode & 0x10) != 0 || (mode & 2) != 0 || mode == 1 || level == 3;
    if (reserved || level > s.el || (level == 2 && !s.hasEl2)) {
      return false;
    }
    return !(level == 1 && s.hasEl2 && (s.sys(SystemRegister.HCR_EL2) & HCR_TGE) != 0);
  }
}
