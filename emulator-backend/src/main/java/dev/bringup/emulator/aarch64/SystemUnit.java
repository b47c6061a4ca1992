package dev.bringup.emulator.aarch64;

import dev.bringup.emulator.aarch64.isa.Opcode;
import java.util.Map;
import java.util.TreeMap;

/**
 * Instructions that are not arithmetic: exceptions, hints, PSTATE, and the way to the units for
 * system registers, system instructions, exclusives and vectors. Left out: debug exceptions other
 * than BRK (MDSCR_EL1.SS and MDE have no effect), HLT, DCPS and DRPS, which are UNDEFINED.
 */
final class SystemUnit {
  static final long HCR_FMO = 1 << 3;
  static final long HCR_IMO = 1 << 4;
  static final long HCR_AMO = 1 << 5;
  static final long HCR_VSE = 1 << 8;
  static final long HCR_TGE = 1 << 27;

  private static final Opcode[] OPCODES = Opcode.values();

  /** So many different words are named; more are a program gone astray. */
  private static final int NAMED = 256;

  private static final int HCR_TWI = 13;
  private static final int HCR_TWE = 14;
  private static final int HCR_TSC = 19;
  private static final int HCR_TIDCP = 20;
  private static final int HCR_HCD = 29;
  private static final int SCTLR_UMA = 9;
  private static final int SCTLR_NTWI = 16;
  private static final int SCTLR_NTWE = 18;
  private static final int MDCR_TDE = 8;
  private static final int WFX_ISS = 0x1e0_0000;
  private static final int SERROR = 0x2f;

  private final Interpreter s;
  private final Surroundings around;
  private final SystemRegisters registers;
  private final Maintenance maintenance;
  private final Exclusives exclusives;

  /** How often each word was UNDEFINED. */
  private final Map<Integer, Long> undefined = new TreeMap<>(Integer::compareUnsigned);

  SystemUnit(Interpreter cpu, Surroundings around, GenericTimer timer) {
    this.s = cpu;
    this.around = around;
    this.registers = new SystemRegisters(cpu, this, timer);
    this.maintenance = new Maintenance(cpu, this, around);
    this.exclusives = new Exclusives(cpu);
  }

  SystemRegisters registers() {
    return registers;
  }

  Map<Integer, Long> undefinedWords() {
    return undefined;
  }

  /** MRS of a plain register that the interpreter must not read without asking. */
  void readPlain(long op) {
    int word = s.instruction(s.pc);
    s.x[MicroOp.rd(op)] = registers.read(word);
  }

  /** Executes a {@link MicroOp#COLD}. */
  void execute(long op) {
    int word = (int) op;
    Opcode opcode = OPCODES[(int) (op >>> 36) & 0x3_ffff];
    switch (opcode) {
      case MRS -> {
        long value = registers.read(word);
        int t = word & 31;
        s.x[t == 31 ? MicroOp.SINK : t] = value;
      }
      case MSR_REG -> registers.write(word, s.x[word & 31]);
      case MSR_IMM -> setPstate(word);
      case SYS -> maintenance.execute(word);
      case SYSL -> {
        int crn = word >>> 12 & 15;
        if (crn != 11 && crn != 15) {
          throw undefined(word);
        }
        implementationDefined(word, true);
        s.x[(word & 31) == 31 ? MicroOp.SINK : word & 31] = 0;
      }
      case HINT -> hint(word);
      case CLREX -> s.exclusiveHost = 0;
      case STXR, STLXR, STXP, STLXP, LDXR, LDAXR, LDXP, LDAXP, STLR, LDAR ->
          exclusives.execute(opcode, word);
      case SVC -> takeAfter(s.fault.of(Exceptions.SVC, word >>> 5 & 0xffff));
      case HVC -> hypervisorCall(word);
      case SMC -> firmwareCall(word);
      case BRK -> {
        boolean debugged = s.hasEl2 && (s.sys(SystemRegister.MDCR_EL2) >>> MDCR_TDE & 1) == 1;
        throw s.fault
            .of(Exceptions.BREAKPOINT_INSTRUCTION, word >>> 5 & 0xffff)
            .to(debugged ? 2 : 0);
      }
      case ERET -> {
        requireEl1(word);
        s.faults.eret();
      }
      case UNDEFINED, HLT, DCPS1, DCPS2, DCPS3, DRPS -> throw undefined(word);
      default -> vector(opcode, word);
    }
  }

  private void vector(Opcode opcode, int word) {
    s.requireVectors();
    boolean transfers = (word >>> 25 & 5) == 4;
    if (transfers) {
      int n = word >>> 5 & 31;
      int register = n == 31 ? MicroOp.SP : n;
      long base = s.x[register];
      long after = s.vectors.transfer(opcode, word, base, s.x, s);
      if (after != base) {
        s.x[register] = after;
        s.mmu.checkSp();
      }
      return;
    }
    int before = s.nzcv();
    int after = s.vectors.execute(opcode, word, s.x, before);
    if (after != before) {
      s.nzcv(after);
    }
  }

  // Faults that other units raise as well

  /** The exception of a word that is no instruction here; counted and named. */
  GuestFault undefined(int word) {
    if (undefined.size() < NAMED || undefined.containsKey(word)) {
      undefined.merge(word, 1L, Long::sum);
    }
    return s.fault.of(Exceptions.UNKNOWN, 0);
  }

  void requireEl1(int word) {
    if (s.el == 0) {
      throw undefined(word);
    }
  }

  void requireEl2(int word) {
    if (s.el < 2) {
      throw undefined(word);
    }
  }

  /** At EL0, traps to EL1 unless a bit of SCTLR_EL1 allows the instruction. */
  void requireUserControl(int bit, int word, boolean read) {
    if (s.el == 0 && !tge() && (s.sys(SystemRegister.SCTLR_EL1) >>> bit & 1) == 0) {
      throw trap(1, word, read);
    }
  }

  /** Below EL2, traps to it if a bit of HCR_EL2 says so. */
  void trapToEl2(int hcrBit, int word, boolean read) {
    if (s.el < 2 && hcr(hcrBit)) {
      throw trap(2, word, read);
    }
  }

  boolean hcr(int bit) {
    return s.hasEl2 && (s.sys(SystemRegister.HCR_EL2) >>> bit & 1) == 1;
  }

  private boolean tge() {
    return hcr(27);
  }

  /** A trapped MRS, MSR or system instruction (ISS of exception class 0x18). */
  GuestFault trap(int target, int word, boolean read) {
    int op0 = word >>> 19 & 3;
    int op1 = word >>> 16 & 7;
    int crn = word >>> 12 & 15;
    int crm = word >>> 8 & 15;
    int op2 = word >>> 5 & 7;
    int t = word & 31;
    int syndrome =
        op0 << 20 | op2 << 17 | op1 << 14 | crn << 10 | t << 5 | crm << 1 | (read ? 1 : 0);
    return s.fault.of(Exceptions.SYSTEM_TRAP, syndrome).to(target);
  }

  /** Registers and instructions that each implementation has for itself: none here. */
  void implementationDefined(int word, boolean read) {
    requireEl1(word);
    trapToEl2(HCR_TIDCP, word, read);
  }

  // Exceptions

  /** Takes an exception whose preferred return is the next instruction. */
  private void takeAfter(GuestFault fault) {
    s.faults.take(fault, s.pc + 4);
  }

  private void hypervisorCall(int word) {
    requireEl1(word);
    if (!s.hasEl2) {
      around.firmwareCall(around.cpus().get(s.number));
    } else if (hcr(HCR_HCD)) {
      throw undefined(word);
    } else {
      takeAfter(s.fault.of(Exceptions.HVC, word >>> 5 & 0xffff).to(2));
    }
  }

  private void firmwareCall(int word) {
    requireEl1(word);
    if (!s.hasEl2) {
      throw undefined(word);
    }
    if (s.el == 1 && hcr(HCR_TSC)) {
      throw s.fault.of(Exceptions.SMC, word >>> 5 & 0xffff).to(2);
    }
    around.firmwareCall(around.cpus().get(s.number));
  }

  void takeVirtualSerror() {
    s.sys(SystemRegister.HCR_EL2, s.sys(SystemRegister.HCR_EL2) & ~HCR_VSE);
    s.vserror = false;
    s.sys(SystemRegister.ESR_EL1, (long) SERROR << 26 | 1L << 25);
    s.faults.interrupt(1, 0x180);
  }

  // PSTATE and hints

  private void setPstate(int word) {
    int immediate = word >>> 8 & 15;
    switch ((word >>> 16 & 7) << 4 | (word >>> 5 & 7)) {
      case 0x05 -> {
        requireEl1(word);
        selectSp(immediate & 1);
      }
      case 0x36 -> {
        requireUserControl(SCTLR_UMA, word, false);
        s.daif |= immediate << 6;
      }
      case 0x37 -> {
        requireUserControl(SCTLR_UMA, word, false);
        s.daif &= ~(immediate << 6);
        unmasked();
      }
      default -> throw undefined(word);
    }
  }

  void selectSp(int which) {
    s.storeSp();
    s.spSel = which == 1;
    s.loadSp();
    s.mmu.levelChanged();
  }

  /** What was masked may be taken before the next instruction. */
  void unmasked() {
    if (s.isPending()) {
      s.stopLoop();
    }
  }

  private void hint(int word) {
    switch (word >>> 5 & 0x7f) {
      case 2 -> waitForEvent();
      case 3 -> waitForInterrupt();
      case 4 -> around.cpus().forEach(cpu -> cpu.interpreter.event = true);
      case 5 -> s.event = true;
      default -> throw new IllegalStateException("a hint that does nothing was not lowered so");
    }
  }

  private void waitForEvent() {
    if (s.event) {
      s.event = false;
      return;
    }
    trapWait(1, SCTLR_NTWE, HCR_TWE);
    s.yields = true;
    s.stopLoop();
  }

  private void waitForInterrupt() {
    if (s.isPending()) {
      return;
    }
    trapWait(0, SCTLR_NTWI, HCR_TWI);
    s.waiting = true;
    s.stopLoop();
  }

  private void trapWait(int ti, int sctlrBit, int hcrBit) {
    boolean allowed = tge() || (s.sys(SystemRegister.SCTLR_EL1) >>> sctlrBit & 1) == 1;
    if (s.el == 0 && !allowed) {
      throw s.fault.of(Exceptions.WFX, WFX_ISS | ti).to(1);
    }
    if (s.el < 2 && hcr(hcrBit)) {
      throw s.fault.of(Exceptions.WFX, WFX_ISS | ti).to(2);
    }
  }
}
