package dev.bringup.emulator.aarch64;

import static dev.bringup.emulator.aarch64.SystemRegister.*;

/**
 * MRS and MSR: who may access which register, who traps it, and what an access does (D13, D12.11).
 */
final class SystemRegisters {
  // HCR_EL2
  private static final int TID1 = 16;
  private static final int TID2 = 17;
  private static final int TID3 = 18;
  private static final int TACR = 21;
  private static final int TVM = 26;
  private static final int TRVM = 30;

  /** EL1 is AArch64 always. */
  private static final long HCR_RW = 1L << 31;

  /** What v8.0 has. */
  private static final long HCR_BITS = 0x3_ffff_ffffL;

  // CPTR_EL2, MDCR_EL2
  private static final int TCPAC = 31;
  private static final int TDE = 8;
  private static final int TDA = 9;
  private static final int TDOSA = 10;
  private static final int TDRA = 11;

  // SCTLR_EL1, MDSCR_EL1
  private static final int UMA = 9;
  private static final int UCT = 15;
  private static final int TDCC = 12;

  private static final long FPCR_BITS = 0x07c0_0000;
  private static final long FPSR_BITS = 0x0800_009f;
  private static final long CLAIM_TAGS = 0xff;
  private static final long OS_LOCKED = 2;

  private final Interpreter s;
  private final SystemUnit system;
  private final GenericTimer timer;

  SystemRegisters(Interpreter cpu, SystemUnit system, GenericTimer timer) {
    this.s = cpu;
    this.system = system;
    this.timer = timer;
  }

  /** MRS. */
  long read(int word) {
    SystemRegister register = SystemRegister.of(SystemRegister.key(word));
    if (register == null) {
      return readUnnamed(word);
    }
    if (s.el < register.readableFrom()) {
      throw system.undefined(word);
    }
    check(register, word, true);
    return value(register, word);
  }

  /** Registers that are not in the table: those that read as zero, or none at all. */
  private long readUnnamed(int word) {
    int key = SystemRegister.key(word);
    int crn = key >>> 7 & 15;
    int crm = key >>> 3 & 15;
    boolean isId = key >>> 11 == 0b11_000 && crn == 0 && crm >= 1 && crm <= 7;
    if (isId) {
      system.requireEl1(word);
      system.trapToEl2(TID3, word, true);
      return 0;
    }
    if (key >>> 14 == 3 && (crn == 11 || crn == 15)) {
      system.implementationDefined(word, true);
      return 0;
    }
    throw system.undefined(word);
  }

  /** MSR. */
  void write(int word, long value) {
    SystemRegister register = SystemRegister.of(SystemRegister.key(word));
    if (register == null) {
      int crn = word >>> 12 & 15;
      if ((word >>> 19 & 3) != 3 || (crn != 11 && crn != 15)) {
        throw system.undefined(word);
      }
      system.implementationDefined(word, false);
      return;
    }
    if (s.el < register.writableFrom()) {
      throw system.undefined(word);
    }
    check(register, word, false);
    set(register, word, value);
  }

  // Traps

  private void check(SystemRegister register, int word, boolean read) {
    switch (register) {
      case FPCR, FPSR -> s.requireVectors();
      case DAIF -> system.requireUserControl(UMA, word, read);
      case CTR_EL0 -> {
        system.requireUserControl(UCT, word, read);
        system.trapToEl2(TID2, word, read);
      }
      case CNTFRQ_EL0,
          CNTPCT_EL0,
          CNTVCT_EL0,
          CNTP_TVAL_EL0,
          CNTP_CTL_EL0,
          CNTP_CVAL_EL0,
          CNTV_TVAL_EL0,
          CNTV_CTL_EL0,
          CNTV_CVAL_EL0 ->
          checkTimer(register, word, read);
      case MDCCSR_EL0 -> {
        if (s.el == 0 && (s.sys(MDSCR_EL1) >>> TDCC & 1) == 1) {
          throw system.trap(1, word, read);
        }
        checkDebug(register, word, read);
      }
      case CPACR_EL1 -> {
        if (s.el < 2 && s.hasEl2 && (s.sys(CPTR_EL2) >>> TCPAC & 1) == 1) {
          throw system.trap(2, word, read);
        }
      }
      default -> {
        if (s.el < 2 && s.hasEl2) {
          if (register.isDebug()) {
            checkDebug(register, word, read);
          } else {
            int bit = hypervisorTrap(register, read);
            if (bit != 0) {
              system.trapToEl2(bit, word, read);
            }
          }
        }
      }
    }
  }

  /** The bit of HCR_EL2 that traps an access, 0 if none does. */
  private static int hypervisorTrap(SystemRegister register, boolean read) {
    return switch (register) {
      case SCTLR_EL1,
          TTBR0_EL1,
          TTBR1_EL1,
          TCR_EL1,
          ESR_EL1,
          FAR_EL1,
          AFSR0_EL1,
          AFSR1_EL1,
          MAIR_EL1,
          AMAIR_EL1,
          CONTEXTIDR_EL1 ->
          read ? TRVM : TVM;
      case ACTLR_EL1 -> TACR;
      case REVIDR_EL1, AIDR_EL1 -> TID1;
      case CCSIDR_EL1, CLIDR_EL1, CSSELR_EL1 -> TID2;
      case ID_AA64PFR0_EL1, ID_AA64DFR0_EL1, ID_AA64ISAR0_EL1, ID_AA64MMFR0_EL1 -> TID3;
      default -> 0;
    };
  }

  private void checkDebug(SystemRegister register, int word, boolean read) {
    if (s.el == 2 || !s.hasEl2) {
      return;
    }
    int bit =
        switch (register) {
          case OSLAR_EL1, OSLSR_EL1, OSDLR_EL1, DBGPRCR_EL1 -> TDOSA;
          case MDRAR_EL1 -> TDRA;
          default -> TDA;
        };
    if ((s.sys(MDCR_EL2) & (1L << bit | 1L << TDE)) != 0) {
      throw system.trap(2, word, read);
    }
  }

  private void checkTimer(SystemRegister register, int word, boolean read) {
    long kernel = s.sys(CNTKCTL_EL1);
    if (s.el == 0) {
      long allowing =
          switch (register) {
            case CNTFRQ_EL0 -> 3;
            case CNTPCT_EL0 -> 1;
            case CNTVCT_EL0 -> 2;
            case CNTV_TVAL_EL0, CNTV_CTL_EL0, CNTV_CVAL_EL0 -> 1 << 8;
            default -> 1 << 9;
          };
      if (!system.hcr(27) && (kernel & allowing) == 0) {
        throw system.trap(1, word, read);
      }
    }
    if (s.el < 2 && s.hasEl2) {
      int bit =
          switch (register) {
            case CNTPCT_EL0 -> 0;
            case CNTP_TVAL_EL0, CNTP_CTL_EL0, CNTP_CVAL_EL0 -> 1;
            default -> -1;
          };
      if (bit >= 0 && (s.sys(CNTHCTL_EL2) >>> bit & 1) == 0) {
        throw system.trap(2, word, read);
      }
    }
  }

  // Values

  private long value(SystemRegister register, int word) {
    return switch (register) {
      case MIDR_EL1 -> s.el == 1 && s.hasEl2 ? s.sys(VPIDR_EL2) : Identification.value(register, s);
      case MPIDR_EL1 ->
          s.el == 1 && s.hasEl2 ? s.sys(VMPIDR_EL2) : Identification.value(register, s);
      case REVIDR_EL1,
          AIDR_EL1,
          ID_AA64PFR0_EL1,
          ID_AA64DFR0_EL1,
          ID_AA64ISAR0_EL1,
          ID_AA64MMFR0_EL1,
          CTR_EL0,
          CLIDR_EL1,
          CCSIDR_EL1 ->
          Identification.value(register, s);
      case DCZID_EL0 -> 4 | (zeroingTraps() ? 1 << 4 : 0);
      case NZCV -> (long) s.nzcv() << 28;
      case DAIF -> s.daif;
      case SPSEL -> s.spSel ? 1 : 0;
      case CURRENTEL -> s.el << 2;
      case SP_EL0 -> {
        requireOtherSp(word);
        yield s.sys(SP_EL0);
      }
      case FPCR -> s.vectors.fpcr & 0xffff_ffffL;
      case FPSR -> s.vectors.fpsr & 0xffff_ffffL;
      case ISR_EL1 -> pending();
      case CNTPCT_EL0 -> timer.physicalCount();
      case CNTVCT_EL0 -> timer.virtualCount();
      case CNTP_TVAL_EL0,
          CNTP_CTL_EL0,
          CNTP_CVAL_EL0,
          CNTV_TVAL_EL0,
          CNTV_CTL_EL0,
          CNTV_CVAL_EL0,
          CNTHP_TVAL_EL2,
          CNTHP_CTL_EL2,
          CNTHP_CVAL_EL2 ->
          timer.read(register);
      case DBGCLAIMSET_EL1 -> CLAIM_TAGS;
      default -> s.sys(register);
    };
  }

  /** For a debugger: a register's value, without traps, and without polling. */
  long look(SystemRegister register) {
    s.storeSp();
    return switch (register) {
      case SP_EL0 -> s.sys(SP_EL0);
      case CNTPCT_EL0, CNTVCT_EL0 -> {
        int cost = s.pollCost;
        long latest = s.latestPoll;
        long count = value(register, 0);
        s.pollCost = cost;
        s.latestPoll = latest;
        yield count;
      }
      default -> value(register, 0);
    };
  }

  /** For a debugger: changes a register that can be written, without traps. */
  void change(SystemRegister register, long value) {
    s.storeSp();
    switch (register) {
      case SP_EL0, CNTFRQ_EL0 -> s.sys(register, value);
      default -> set(register, 0, value);
    }
    s.loadSp();
    s.mmu.checkSp();
  }

  private boolean zeroingTraps() {
    boolean el0 = s.el == 0 && (s.sys(SCTLR_EL1) >>> 14 & 1) == 0 && !system.hcr(27);
    return el0 || (s.el < 2 && system.hcr(28));
  }

  private void requireOtherSp(int word) {
    if (!s.spSel) {
      throw system.undefined(word);
    }
  }

  private long pending() {
    long hcr = s.hasEl2 ? s.sys(HCR_EL2) : 0;
    boolean below = s.el < 2;
    boolean irq = (below && (hcr & SystemUnit.HCR_IMO) != 0) ? s.virq : s.irq;
    boolean fiq = (below && (hcr & SystemUnit.HCR_FMO) != 0) ? s.vfiq : s.fiq;
    boolean serror = below && (hcr & SystemUnit.HCR_AMO) != 0 && s.vserror;
    return (irq ? 1 << 7 : 0) | (fiq ? 1 << 6 : 0) | (serror ? 1 << 8 : 0);
  }

  private void set(SystemRegister register, int word, long value) {
    switch (register) {
      case NZCV -> s.nzcv((int) (value >>> 28) & 15);
      case DAIF -> {
        s.daif = (int) value & 0x3c0;
        system.unmasked();
      }
      case SPSEL -> system.selectSp((int) value & 1);
      case SP_EL0 -> {
        requireOtherSp(word);
        s.sys(SP_EL0, value);
      }
      case FPCR -> s.vectors.fpcr = (int) (value & FPCR_BITS);
      case FPSR -> s.vectors.fpsr = (int) (value & FPSR_BITS);
      case SCTLR_EL1,
          TCR_EL1,
          TTBR0_EL1,
          TTBR1_EL1,
          MAIR_EL1,
          SCTLR_EL2,
          TCR_EL2,
          TTBR0_EL2,
          MAIR_EL2,
          VTCR_EL2,
          VTTBR_EL2 -> {
        s.sys(register, value);
        s.mmu.registersChanged();
      }
      case HCR_EL2 -> {
        s.sys(HCR_EL2, (value & HCR_BITS) | HCR_RW);
        s.updateVirtualInterrupts();
        s.mmu.registersChanged();
        system.unmasked();
      }
      case CPACR_EL1, CPTR_EL2 -> {
        s.sys(register, value);
        s.updateVectorTrap();
      }
      case VBAR_EL1, VBAR_EL2 -> s.sys(register, value & ~0x7ffL);
      case ESR_EL1, ESR_EL2, SPSR_EL1, SPSR_EL2 -> s.sys(register, value & 0xffff_ffffL);
      case CSSELR_EL1 -> s.sys(register, value & 15);
      case ACTLR_EL1,
          ACTLR_EL2,
          HACR_EL2,
          AFSR0_EL1,
          AFSR1_EL1,
          AFSR0_EL2,
          AFSR1_EL2,
          AMAIR_EL1,
          AMAIR_EL2,
          RMR_EL2 -> {
        // Writes have no effect on this CPU.
      }
      case CNTFRQ_EL0 -> {
        if (s.el < (s.hasEl2 ? 2 : 1)) {
          throw system.undefined(word);
        }
        s.sys(register, value & 0xffff_ffffL);
      }
      case CNTP_TVAL_EL0,
          CNTP_CTL_EL0,
          CNTP_CVAL_EL0,
          CNTV_TVAL_EL0,
          CNTV_CTL_EL0,
          CNTV_CVAL_EL0,
          CNTHP_TVAL_EL2,
          CNTHP_CTL_EL2,
          CNTHP_CVAL_EL2 ->
          timer.write(register, value);
      case CNTVOFF_EL2 -> {
        s.sys(register, value);
        timer.update();
      }
      case OSLAR_EL1 ->
          s.sys(OSLSR_EL1, (s.sys(OSLSR_EL1) & ~OS_LOCKED) | ((value & 1) == 1 ? OS_LOCKED : 0));
      case DBGCLAIMSET_EL1 -> s.sys(DBGCLAIMCLR_EL1, s.sys(DBGCLAIMCLR_EL1) | (value & CLAIM_TAGS));
      case DBGCLAIMCLR_EL1 -> s.sys(DBGCLAIMCLR_EL1, s.sys(DBGCLAIMCLR_EL1) & ~value);
      default -> s.sys(register, value);
    }
  }
}
