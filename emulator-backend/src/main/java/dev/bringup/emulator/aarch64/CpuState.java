package dev.bringup.emulator.aarch64;

import dev.bringup.emulator.aarch64.fp.VectorUnit;
import dev.bringup.emulator.device.StateReader;
import dev.bringup.emulator.device.StateWriter;
import dev.bringup.emulator.memory.PhysicalMemory;
import java.util.Arrays;

/**
 * What one CPU remembers: registers, process state, translations. The units of the CPU share it;
 * the interpreter is a subclass, so that its fields are at hand. Used by the machine's one thread
 * only.
 */
class CpuState {
  static final int TLB_SIZE = 4096;
  static final int TLB_MASK = TLB_SIZE - 1;

  /** Bits of {@code DAIF} in PSTATE's place. */
  static final int DAIF_D = 1 << 9;

  static final int DAIF_A = 1 << 8;
  static final int DAIF_I = 1 << 7;
  static final int DAIF_F = 1 << 6;

  final int number;
  final boolean hasEl2;
  final PhysicalMemory memory;

  /** Slots as {@link MicroOp} numbers them; 64 of them, so that no index can be out of range. */
  final long[] x = new long[64];

  final VectorUnit vectors = new VectorUnit();

  /** By the ordinal of {@link SystemRegister}. */
  final long[] sys = new long[SystemRegister.values().length];

  /** The instruction that is executed, or is next. */
  long pc;

  // N is the sign of flagN, Z is set where flagZ is 0, C and V are the signs of theirs.
  long flagN;
  long flagZ = 1;
  long flagC;
  long flagV;

  int el;
  boolean spSel;
  int daif;
  boolean illegal;

  /** Stack pointers that are not in use. SP_EL0 and SP_EL1 are system registers. */
  long spEl2;

  /** The local monitor: host address and size of the last load exclusive; 0 when open. */
  long exclusiveHost;

  int exclusiveSize;

  /** WFI waits for an interrupt, or PSCI has switched the CPU off. */
  boolean waiting;

  boolean off;

  // Levels of the wires from the interrupt controller
  boolean irq;
  boolean fiq;
  boolean virqWire;
  boolean vfiqWire;

  // Virtual interrupts, from these wires or from HCR_EL2
  boolean virq;
  boolean vfiq;

  /** Ticks that the next read of a counter takes, and when the latest was: see SystemRegisters. */
  int pollCost = 1;

  long latestPoll;

  /** Instructions that may still be executed before {@link Interpreter#run} returns. */
  int remaining;

  /** Taken out of {@link #remaining} for a while so that the loop stops soon. */
  int deferred;

  /** What {@link #remaining} began with. */
  int slice;

  /** The loop must look anew where it is: translations, the level or {@link #pc} have changed. */
  boolean flow;

  /** Together with {@link #flow}: go on at {@link #pc}, not behind the instruction. */
  boolean jumped;

  /** The CPU has nothing better to do than to let others run. */
  boolean yields;

  /** Somebody asked for {@link Interpreter#run} to return. */
  boolean interrupted;

  /** SEV or an event was noticed since the last WFE. */
  boolean event;

  /** A virtual SError is pending: HCR_EL2.VSE. */
  boolean vserror;

  /** At the present level: 0, or the exception level that a use of vector registers traps to. */
  int vectorTrap;

  /** The stack pointer is misaligned and that matters: see {@link Interpreter}. */
  boolean spMisaligned;

  /** The lowest level whose registers MRS may give without asking; see {@link MicroOp}. */
  int plainLevel;

  final GuestFault fault = new GuestFault();

  // The software TLB. A tag is a virtual page and, in its low 12 bits, a context: which regime,
  // address space, virtual machine and privilege it is for.
  final long[] readTag = new long[TLB_SIZE];
  final long[] writeTag = new long[TLB_SIZE];
  final long[] fetchTag = new long[TLB_SIZE];

  /** What makes a host address of a virtual one. */
  final long[] delta = new long[TLB_SIZE];

  final long[][] fetchCode = new long[TLB_SIZE][];

  /** The context of the present exception level. */
  long context;

  /** The context of EL0, for unprivileged loads and stores from EL1. */
  long userContext;

  // Counters for reports
  long exceptions;

  /** By the class that ESR has them under. */
  final long[] exceptionClasses = new long[64];

  long interrupts;
  long tlbMisses;
  long undefined;

  CpuState(int number, boolean hasEl2, PhysicalMemory memory) {
    this.number = number;
    this.hasEl2 = hasEl2;
    this.memory = memory;
  }

  @SuppressWarnings("EnumOrdinal") // the index into sys
  final long sys(SystemRegister register) {
    return sys[register.ordinal()];
  }

  @SuppressWarnings("EnumOrdinal")
  final void sys(SystemRegister register, long value) {
    sys[register.ordinal()] = value;
  }

  final void logicFlags(long result) {
    flagN = result;
    flagZ = result;
    flagC = 0;
    flagV = 0;
  }

  /** The flags, N in bit 3 to V in bit 0. */
  final int nzcv() {
    return (int) (flagN >>> 63) << 3
        | (flagZ == 0 ? 4 : 0)
        | (int) (flagC >>> 63) << 1
        | (int) (flagV >>> 63);
  }

  final void nzcv(int flags) {
    flagN = (flags & 8) != 0 ? -1 : 0;
    flagZ = (flags & 4) != 0 ? 0 : 1;
    flagC = (flags & 2) != 0 ? -1 : 0;
    flagV = (flags & 1) != 0 ? -1 : 0;
  }

  /** ConditionHolds of the manual. */
  final boolean holds(int condition) {
    return switch (condition) {
      case 0 -> flagZ == 0;
      case 1 -> flagZ != 0;
      case 2 -> flagC < 0;
      case 3 -> flagC >= 0;
      case 4 -> flagN < 0;
      case 5 -> flagN >= 0;
      case 6 -> flagV < 0;
      case 7 -> flagV >= 0;
      case 8 -> flagC < 0 && flagZ != 0;
      case 9 -> flagC >= 0 || flagZ == 0;
      case 10 -> (flagN ^ flagV) >= 0;
      case 11 -> (flagN ^ flagV) < 0;
      case 12 -> flagZ != 0 && (flagN ^ flagV) >= 0;
      case 13 -> flagZ == 0 || (flagN ^ flagV) < 0;
      default -> true;
    };
  }

  /** PSTATE as SPSR has it (C5.2.18). */
  final long pstate() {
    return (long) nzcv() << 28 | (illegal ? 1 << 20 : 0) | daif | el << 2 | (spSel ? 1 : 0);
  }

  /** Whether an interrupt waits to be taken, masked or not. */
  final boolean isPending() {
    return irq || fiq || virq || vfiq || vserror;
  }

  /** Takes the virtual interrupts from their wires and from HCR_EL2 (VF, VI and VSE). */
  final void updateVirtualInterrupts() {
    long hcr = hasEl2 ? sys(SystemRegister.HCR_EL2) : 0;
    vfiq = vfiqWire || (hcr >>> 6 & 1) == 1;
    virq = virqWire || (hcr >>> 7 & 1) == 1;
    vserror = (hcr >>> 8 & 1) == 1;
  }

  /** Makes the interpreter's loop return soon, to look at interrupts and the time anew. */
  final void stopLoop() {
    deferred += remaining;
    remaining = 0;
  }

  /** The program goes on at {@link #pc}. */
  final void jumped() {
    flow = true;
    jumped = true;
  }

  /** Cycles of this slice that have passed, the instruction that is executed included. */
  final int consumed() {
    return slice - remaining - deferred;
  }

  /** Faults if the vector registers must not be used now (D1.14.1: CPACR_EL1, CPTR_EL2). */
  final void requireVectors() {
    if (vectorTrap != 0) {
      throw fault.of(Exceptions.FP_TRAP, 0x1e0_0000).to(vectorTrap);
    }
  }

  /** Takes the trap of vector registers from the system registers. */
  final void updateVectorTrap() {
    boolean tge = hasEl2 && (sys(SystemRegister.HCR_EL2) >>> 27 & 1) == 1;
    int fpen = (int) (sys(SystemRegister.CPACR_EL1) >>> 20) & 3;
    boolean trapped = el == 0 ? fpen != 3 && !tge : el == 1 && (fpen & 1) == 0;
    boolean tfp = hasEl2 && (sys(SystemRegister.CPTR_EL2) >>> 10 & 1) == 1;
    vectorTrap = trapped ? 1 : tfp ? 2 : 0;
  }

  /** Forgets all translations. */
  final void flushTlb() {
    Arrays.fill(readTag, -1);
    Arrays.fill(writeTag, -1);
    Arrays.fill(fetchTag, -1);
    flow = true;
  }

  /** Where the stack pointer that is not in use is kept. */
  final void storeSp() {
    switch (spSel ? el : 0) {
      case 0 -> sys(SystemRegister.SP_EL0, x[MicroOp.SP]);
      case 1 -> sys(SystemRegister.SP_EL1, x[MicroOp.SP]);
      default -> spEl2 = x[MicroOp.SP];
    }
  }

  final void loadSp() {
    x[MicroOp.SP] =
        switch (spSel ? el : 0) {
          case 0 -> sys(SystemRegister.SP_EL0);
          case 1 -> sys(SystemRegister.SP_EL1);
          default -> spEl2;
        };
  }

  final void save(StateWriter out) {
    out.part("cpu" + number);
    storeSp();
    out.put(x);
    out.put(pc);
    out.put(pstate());
    out.put(spEl2);
    out.put(exclusiveHost == 0 ? 0 : exclusiveHost - memory.host(memory.ramBase()) + 1);
    out.put(exclusiveSize);
    out.put(waiting);
    out.put(off);
    out.put(irq);
    out.put(fiq);
    out.put(virqWire);
    out.put(vfiqWire);
    out.put(event);
    out.put(pollCost);
    out.put(latestPoll);
    out.put(sys);
    out.put(vectors.low);
    out.put(vectors.high);
    out.put(vectors.fpcr);
    out.put(vectors.fpsr);
  }

  final void restore(StateReader in) {
    in.part("cpu" + number);
    in.get(x);
    pc = in.get();
    long pstate = in.get();
    nzcv((int) (pstate >>> 28) & 15);
    illegal = (pstate >>> 20 & 1) == 1;
    daif = (int) pstate & 0x3c0;
    el = (int) pstate >>> 2 & 3;
    spSel = (pstate & 1) == 1;
    spEl2 = in.get();
    long exclusive = in.get();
    exclusiveHost = exclusive == 0 ? 0 : exclusive - 1 + memory.host(memory.ramBase());
    exclusiveSize = (int) in.get();
    waiting = in.getBoolean();
    off = in.getBoolean();
    irq = in.getBoolean();
    fiq = in.getBoolean();
    virqWire = in.getBoolean();
    vfiqWire = in.getBoolean();
    event = in.getBoolean();
    pollCost = (int) in.get();
    latestPoll = in.get();
    in.get(sys);
    in.get(vectors.low);
    in.get(vectors.high);
    vectors.fpcr = (int) in.get();
    vectors.fpsr = (int) in.get();
    flow = true;
  }
}
