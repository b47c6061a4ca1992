package dev.bringup.emulator.aarch64;

import dev.bringup.emulator.lockstep.CoreState;
import java.util.Optional;

/**
 * A CPU that a peer leads: it takes interrupts when it is told to, not when its wires say so, and
 * no time passes.
 */
public final class SteppedCpu {
  private final Cpu cpu;

  /** What the architecture calls IRQ, FIQ and SError, by the offset of its vector. */
  public record Interrupt(int target, int vector) {}

  public SteppedCpu(Cpu cpu) {
    this.cpu = cpu;
  }

  public void step() {
    Interpreter s = cpu.interpreter;
    s.irq = false;
    s.fiq = false;
    s.virq = false;
    s.vfiq = false;
    s.vserror = false;
    int _ = cpu.run(1);
    s.waiting = false;
  }

  /** The interrupt that goes on at {@code pc} if it is taken now; empty if none does. */
  public Optional<Interrupt> interruptTo(long pc) {
    Interpreter s = cpu.interpreter;
    for (int target = Math.max(s.el, 1); target <= (s.hasEl2 ? 2 : 1); target++) {
      long base = s.sys(target == 2 ? SystemRegister.VBAR_EL2 : SystemRegister.VBAR_EL1) & ~0x7ffL;
      int from = s.el < target ? 0x400 : s.spSel ? 0x200 : 0;
      for (int vector = 0x80; vector < 0x200; vector += 0x80) {
        if (pc == base + from + vector) {
          return Optional.of(new Interrupt(target, vector));
        }
      }
    }
    return Optional.empty();
  }

  public void take(Interrupt interrupt) {
    cpu.interpreter.faults.interrupt(interrupt.target, interrupt.vector);
  }

  /** Puts a value into X0 to X30; nothing happens for number 31. */
  public void set(int register, long value) {
    if (register < 31) {
      cpu.interpreter.x[register] = value;
    }
  }

  /** Registers and flags of the peer's CPU. */
  public void adopt(CoreState state) {
    System.arraycopy(state.x, 0, cpu.interpreter.x, 0, 31);
    flags(state);
  }

  /** N, Z, C and V of the peer's CPU. */
  public void flags(CoreState state) {
    cpu.interpreter.nzcv((int) (state.pstate >>> 28) & 15);
  }

  public CoreState state(boolean withVectors) {
    var state = new CoreState();
    System.arraycopy(cpu.interpreter.x, 0, state.x, 0, 31);
    state.sp = cpu.register(31);
    state.pc = cpu.pc();
    state.pstate = cpu.pstate();
    if (withVectors) {
      state.hasVectors = true;
      for (int i = 0; i < 32; i++) {
        state.vectors[2 * i] = cpu.interpreter.vectors.low[i];
        state.vectors[2 * i + 1] = cpu.interpreter.vectors.high[i];
      }
    }
    return state;
  }
}
