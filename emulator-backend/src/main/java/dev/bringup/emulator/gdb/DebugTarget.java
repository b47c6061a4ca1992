package dev.bringup.emulator.gdb;

import java.util.List;
import java.util.Map;

/**
 * A machine that a debugger looks into. CPUs are numbered from 0 and all stop together. The
 * debugger's threads call it, one at a time but for {@link #interrupt} and {@link #awaitStop},
 * which may come while another call is at work; a machine with a thread of its own hands each call
 * over to it.
 *
 * <p>But for {@link #interrupt} and {@link #awaitStop}, everything is asked of a machine that
 * stands. What cannot be done may throw any {@link RuntimeException}: the debugger is told so, and
 * goes on.
 */
public interface DebugTarget {

  /** Why the machine stands. {@code cpu} is whom the debugger should look at. */
  sealed interface Stop {
    int cpu();

    /** The CPU was about to execute an instruction with a breakpoint. */
    record Breakpoint(int cpu) implements Stop {}

    /** The CPU has accessed watched memory, at {@code address}. */
    record Watchpoint(int cpu, Access access, long address) implements Stop {}

    /** The CPU has executed the one instruction asked for, or taken an exception instead. */
    record Stepped(int cpu) implements Stop {}

    /** Somebody asked for it, or it has not begun yet. */
    record Interrupted(int cpu) implements Stop {}

    /** The machine is off, or gone. */
    record PoweredOff() implements Stop {
      @Override
      public int cpu() {
        return 0;
      }
    }
  }

  /** What a watchpoint looks for. */
  enum Access {
    WRITE,
    READ,
    ANY
  }

  /** How many CPUs there are, at least 1; constant. */
  int cpus();

  /** A copy of a CPU's registers. */
  CpuRegisters registers(int cpu);

  /** Changes all of a CPU's registers. */
  void registers(int cpu, CpuRegisters values);

  /**
   * Reads memory at a virtual address as the CPU has it mapped now, without side effects: devices
   * need not answer.
   *
   * @return the bytes from {@code address} up to the first that is not there, at most {@code
   *     length}
   */
  byte[] readMemory(int cpu, long address, int length);

  /**
   * Writes memory at a virtual address as the CPU has it mapped now, even where the program may
   * not.
   *
   * @return how many bytes there was a place for, from the first
   */
  int writeMemory(int cpu, long address, byte[] bytes);

  /**
   * All CPUs go on; returns at once. A CPU that stands at a breakpoint stops there again, at once:
   * debuggers step over their breakpoints before they go on.
   */
  void resume();

  /**
   * The CPU executes one instruction, whether it has a breakpoint or not; returns at once. If it
   * has none to execute, as it is off or waits for what may never come, it stops all the same.
   *
   * @param alone the others stand still; else they go on until the CPU has done it
   */
  void step(int cpu, boolean alone);

  /** Makes a machine that goes on stop soon; of no effect on one that stands. */
  void interrupt();

  /** Waits while the machine goes on; then, and of one that stands, why it stopped. */
  Stop awaitStop() throws InterruptedException;

  /** Stops each CPU that is about to execute at this virtual address. Guest memory is unchanged. */
  void setBreakpoint(long address);

  /** Takes back what {@link #setBreakpoint} did; of no effect if there is none. */
  void removeBreakpoint(long address);

  /**
   * Stops a CPU that has accessed a byte of this range of virtual addresses.
   *
   * @return false if the machine cannot
   */
  default boolean setWatchpoint(Access access, long address, long length) {
    return false;
  }

  /** Takes back what {@link #setWatchpoint} did; of no effect if there is none. */
  default void removeWatchpoint(Access access, long address, long length) {}

  /** Names of system registers that can be looked at, each 64 bit; constant. */
  default List<String> systemRegisters() {
    return List.of();
  }

  /** The value of one of {@link #systemRegisters}. */
  default long systemRegister(int cpu, int index) {
    throw new IndexOutOfBoundsException(index);
  }

  /** Changes one of {@link #systemRegisters}. */
  default void systemRegister(int cpu, int index, long value) {
    throw new UnsupportedOperationException("system registers cannot be changed");
  }

  /** What can be said to {@link #monitor}: first words, each with a line of help; constant. */
  default Map<String, String> monitorCommands() {
    return Map.of();
  }

  /**
   * Does what somebody asked for with GDB's command {@code monitor}. The machine stands, before and
   * after.
   *
   * @param command begins with one of {@link #monitorCommands}
   * @return what to show, lines with their ends
   */
  default String monitor(String command) {
    throw new UnsupportedOperationException(command);
  }

  /** The debugger wants the machine gone. */
  default void kill() {}
}
