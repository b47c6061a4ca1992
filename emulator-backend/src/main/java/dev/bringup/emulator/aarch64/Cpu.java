package dev.bringup.emulator.aarch64;

import dev.bringup.emulator.device.InterruptLine;
import dev.bringup.emulator.device.StateReader;
import dev.bringup.emulator.device.StateWriter;
import dev.bringup.emulator.device.VirtualTime;
import dev.bringup.emulator.memory.PhysicalMemory;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * A CPU of Armv8.0-A with EL0, EL1 and, if asked for, EL2, all AArch64; it takes itself for a
 * Cortex-A72. Sections in these packages are of the Arm ARM (DDI 0487). Used by the machine's one
 * thread only.
 */
public final class Cpu {
  private static final long SCTLR_EL1_RESET = 0x00c5_0838;
  private static final long SCTLR_EL2_RESET = 0x30c5_0830;
  private static final int ALL_MASKED = 0x3c0;

  final Interpreter interpreter;
  private final GenericTimer timer;
  private final CpuView view;

  /** The timers' wires to the interrupt controller: EL1 physical, EL1 virtual, EL2 physical. */
  public record TimerLines(
      InterruptLine physical, InterruptLine virtual, InterruptLine hypervisor) {}

  /** What a CPU has done since power-on. */
  public record Counters(long exceptions, long interrupts, long tlbMisses, long undefined) {}

  public Cpu(
      int number,
      boolean hasEl2,
      PhysicalMemory memory,
      VirtualTime time,
      TimerLines lines,
      Surroundings around) {
    this.interpreter = new Interpreter(number, hasEl2, memory);
    this.timer = new GenericTimer(interpreter, time, lines);
    interpreter.attach(new SystemUnit(interpreter, around, timer));
    this.view = new CpuView(interpreter);
    reset();
    interpreter.off = number != 0;
  }

  public int number() {
    return interpreter.number;
  }

  /** Registers as after power-on; runs from address 0 at the highest exception level. */
  public void reset() {
    CpuState s = interpreter;
    Arrays.fill(s.x, 0);
    Arrays.fill(s.sys, 0);
    Arrays.fill(s.vectors.low, 0);
    Arrays.fill(s.vectors.high, 0);
    s.vectors.fpcr = 0;
    s.vectors.fpsr = 0;
    s.sys(SystemRegister.SCTLR_EL1, SCTLR_EL1_RESET);
    s.sys(SystemRegister.SCTLR_EL2, SCTLR_EL2_RESET);
    s.sys(SystemRegister.HCR_EL2, 1L << 31);
    s.sys(SystemRegister.VPIDR_EL2, Identification.value(SystemRegister.MIDR_EL1, s));
    s.sys(SystemRegister.VMPIDR_EL2, Identification.mpidr(s.number));
    s.sys(SystemRegister.CNTFRQ_EL0, GenericTimer.FREQUENCY);
    s.sys(SystemRegister.OSLSR_EL1, 0xa);
    s.sys(SystemRegister.RMR_EL2, 1);
    s.pc = 0;
    s.nzcv(0);
    s.el = s.hasEl2 ? 2 : 1;
    s.spSel = true;
    s.daif = ALL_MASKED;
    s.illegal = false;
    s.spEl2 = 0;
    s.exclusiveHost = 0;
    s.event = false;
    s.waiting = false;
    s.off = false;
    s.pollCost = 1;
    s.latestPoll = 0;
    s.updateVirtualInterrupts();
    interpreter.mmu.reset();
    timer.update();
  }

  /** Starts a CPU that is off, as PSCI's CPU_ON does: at the highest level. */
  public void start(long entry, long context) {
    reset();
    interpreter.pc = entry;
    interpreter.x[0] = context;
  }

  /** Stops it until {@link #start}. */
  public void stop() {
    interpreter.off = true;
    interpreter.stopLoop();
  }

  public boolean isOff() {
    return interpreter.off;
  }

  /** Nothing is executed before an interrupt is pending. */
  public boolean isWaiting() {
    return interpreter.waiting && !interpreter.isPending();
  }

  /**
   * Executes.
   *
   * @param cycles how many ticks of virtual time at the most, at least 1; one instruction is one
   *     tick, but for a polled counter
   * @return how many passed; more than {@code cycles} by up to 1,024 after a poll, fewer if the CPU
   *     waits, yields or is interrupted by {@link #interrupt}
   */
  public int run(int cycles) {
    return interpreter.run(cycles);
  }

  /**
   * Takes an interrupt that is pending and not masked; {@link #run} begins with that.
   *
   * @return whether there was one
   */
  public boolean takeInterrupt() {
    long before = interpreter.interrupts + interpreter.exceptions;
    interpreter.interruptIfPending();
    return interpreter.interrupts + interpreter.exceptions != before;
  }

  /** While {@link #run} is at work: ticks that have passed in it. */
  public int consumed() {
    return interpreter.consumed();
  }

  /** Makes {@link #run} return after the instruction that is executed. */
  public void interrupt() {
    interpreter.interrupted = true;
    interpreter.stopLoop();
  }

  /** Whether {@link #run} returned because of WFE. */
  public boolean hasYielded() {
    return interpreter.yields;
  }

  /** Another CPU had its turn: a store exclusive must fail. */
  public void openMonitor() {
    interpreter.exclusiveHost = 0;
  }

  public InterruptLine irq() {
    return level -> {
      if (interpreter.irq != level) {
        interpreter.irq = level;
        interpreter.stopLoop();
      }
    };
  }

  public InterruptLine fiq() {
    return level -> {
      if (interpreter.fiq != level) {
        interpreter.fiq = level;
        interpreter.stopLoop();
      }
    };
  }

  public InterruptLine virtualIrq() {
    return level -> {
      if (interpreter.virqWire != level) {
        interpreter.virqWire = level;
        virtualWireChanged();
      }
    };
  }

  public InterruptLine virtualFiq() {
    return level -> {
      if (interpreter.vfiqWire != level) {
        interpreter.vfiqWire = level;
        virtualWireChanged();
      }
    };
  }

  private void virtualWireChanged() {
    interpreter.updateVirtualInterrupts();
    interpreter.stopLoop();
  }

  /** X0 to X30, 31 is the stack pointer in use. */
  public long register(int number) {
    return interpreter.x[number == 31 ? MicroOp.SP : number];
  }

  public void register(int number, long value) {
    interpreter.x[number == 31 ? MicroOp.SP : number] = value;
    interpreter.mmu.checkSp();
  }

  public long pc() {
    return interpreter.pc;
  }

  public void pc(long value) {
    interpreter.pc = value;
  }

  /** PSTATE as SPSR has it. */
  public long pstate() {
    return interpreter.pstate();
  }

  public int exceptionLevel() {
    return interpreter.el;
  }

  /** For debuggers. */
  public CpuView view() {
    return view;
  }

  /** The physical address of a virtual one at the present level, -1 if it is not mapped. */
  public long physical(long va) {
    return interpreter.mmu.peek(va);
  }

  public Counters counters() {
    return new Counters(
        interpreter.exceptions,
        interpreter.interrupts,
        interpreter.tlbMisses,
        interpreter.undefined);
  }

  /** How many exceptions there were of each class that ESR knows (D13.2.37), and that occurred. */
  public Map<Integer, Long> exceptionClasses() {
    var classes = new TreeMap<Integer, Long>();
    for (int n = 0; n < interpreter.exceptionClasses.length; n++) {
      if (interpreter.exceptionClasses[n] > 0) {
        classes.put(n, interpreter.exceptionClasses[n]);
      }
    }
    return classes;
  }

  /** Instruction words that were UNDEFINED, and how often. */
  public Map<Integer, Long> undefinedWords() {
    return interpreter.system().undefinedWords();
  }

  public void save(StateWriter out) {
    interpreter.save(out);
  }

  public void restore(StateReader in) {
    interpreter.restore(in);
    interpreter.updateVirtualInterrupts();
    interpreter.mmu.reset();
    interpreter.loadSp();
  }
}
