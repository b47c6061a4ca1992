package dev.bringup.emulator.gdb;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A pretended machine with two CPUs that know four instructions, and 4 KiB of memory. Its thread
 * lives while it goes on.
 */
final class FakeTarget implements DebugTarget {
  static final long MEMORY = 0x4000_0000L;
  static final int SIZE = 4096;
  static final int ADD_X0_1 = 0x9100_0400;
  static final int NOP = 0xd503_201f;
  static final int HLT = 0xd440_0000;
  static final int B_SELF = 0x1400_0000;
  static final int B_MINUS_4 = 0x17ff_ffff;
  static final int B_MINUS_8 = 0x17ff_fffe;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition stopped = lock.newCondition();
  private final ByteBuffer memory = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
  private final List<CpuRegisters> cpus = List.of(new CpuRegisters(), new CpuRegisters());
  private final Set<Long> breakpoints = new TreeSet<>();
  private final List<String> calls = new ArrayList<>();
  private Stop stop = new Stop.Interrupted(0);
  private boolean running;
  private boolean interrupted;
  private long system = 0x30d0_0800;

  FakeTarget(int... program) {
    for (int i = 0; i < program.length; i++) {
      memory.putInt(4 * i, program[i]);
    }
    // The second CPU has a place of its own to go round in.
    memory.putInt(0x800, NOP);
    memory.putInt(0x804, B_MINUS_4);
    cpus.get(0).pc(MEMORY);
    cpus.get(0).sp(MEMORY + SIZE);
    cpus.get(0).cpsr(0x3c9);
    cpus.get(1).pc(MEMORY + 0x800);
    cpus.get(1).cpsr(0x3c9);
  }

  private <T> T locked(java.util.function.Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  private void standing(String call) {
    calls.add(call);
    if (running) {
      throw new IllegalStateException(call + " while the machine goes on");
    }
  }

  /** What was asked of it, but for reading. */
  List<String> calls() {
    return locked(() -> List.copyOf(calls));
  }

  /** Breakpoints that are set. */
  Set<Long> breakpoints() {
    return locked(() -> Set.copyOf(breakpoints));
  }

  boolean isRunning() {
    return locked(() -> running);
  }

  int word(long address) {
    return locked(() -> memory.getInt((int) (address - MEMORY)));
  }

  @Override
  public int cpus() {
    return cpus.size();
  }

  @Override
  public CpuRegisters registers(int cpu) {
    return locked(() -> {
      if (running) {
        throw new IllegalStateException("registers while the machine goes on");
      }
      return copy(cpus.get(cpu));
    });
  }

  private static CpuRegisters copy(CpuRegisters from) {
    var copy = new CpuRegisters();
    System.arraycopy(from.image(), 0, copy.image(), 0, CpuRegisters.SIZE);
    return copy;
  }

  @Override
  public void registers(int cpu, CpuRegisters values) {
    locked(() -> {
      standing("registers of " + cpu);
      System.arraycopy(values.image(), 0, cpus.get(cpu).image(), 0, CpuRegisters.SIZE);
      return true;
    });
  }

  @Override
  public byte[] readMemory(int cpu, long address, int length) {
    return locked(() -> {
      int there = there(address, length);
      int from = (int) (address - MEMORY);
      return there == 0 ? new byte[0] : Arrays.copyOfRange(memory.array(), from, from + there);
    });
  }

  private static int there(long address, int length) {
    long offset = address - MEMORY;
    return offset < 0 || offset >= SIZE ? 0 : (int) Math.min(length, SIZE - offset);
  }

  @Override
  public int writeMemory(int cpu, long address, byte[] bytes) {
    return locked(() -> {
      standing("write of " + bytes.length);
      int there = there(address, bytes.length);
      if (there > 0) {
        memory.put((int) (address - MEMORY), bytes, 0, there);
      }
      return there;
    });
  }

  @Override
  public void resume() {
    locked(() -> {
      standing("resume");
      go(() -> new Stop.Interrupted(0));
      return true;
    });
  }

  @Override
  public void step(int cpu, boolean alone) {
    locked(() -> {
      standing("step " + cpu + (alone ? " alone" : ""));
      execute(cpu);
      stop = stop instanceof Stop.PoweredOff ? stop : new Stop.Stepped(cpu);
      return true;
    });
  }

  /** Both CPUs in turn, until one has a breakpoint, somebody interrupts, or all is off. */
  private void go(java.util.function.Supplier<Stop> whenInterrupted) {
    running = true;
    interrupted = false;
    var _ =
        Thread.ofPlatform()
            .daemon()
            .name("fake machine")
            .start(() -> {
              while (locked(() -> advance(whenInterrupted))) {
                Thread.onSpinWait();
              }
            });
  }

  private boolean advance(java.util.function.Supplier<Stop> whenInterrupted) {
    Stop reason = null;
    if (interrupted) {
      reason = whenInterrupted.get();
    }
    for (int cpu = 0; cpu < cpus.size() && reason == null; cpu++) {
      if (breakpoints.contains(cpus.get(cpu).pc())) {
        reason = new Stop.Breakpoint(cpu);
      } else {
        execute(cpu);
        reason = stop instanceof Stop.PoweredOff ? stop : null;
      }
    }
    if (reason != null) {
      running = false;
      stop = reason;
      stopped.signalAll();
    }
    return reason == null;
  }

  private void execute(int number) {
    CpuRegisters cpu = cpus.get(number);
    long offset = cpu.pc() - MEMORY;
    int word = offset < 0 || offset > SIZE - 4 ? HLT : memory.getInt((int) offset);
    switch (word) {
      case ADD_X0_1 -> {
        cpu.x(0, cpu.x(0) + 1);
        cpu.pc(cpu.pc() + 4);
      }
      case NOP -> cpu.pc(cpu.pc() + 4);
      case B_SELF -> {}
      case B_MINUS_4 -> cpu.pc(cpu.pc() - 4);
      case B_MINUS_8 -> cpu.pc(cpu.pc() - 8);
      default -> stop = new Stop.PoweredOff();
    }
  }

  @Override
  public void interrupt() {
    locked(() -> interrupted = true);
  }

  @Override
  public Stop awaitStop() throws InterruptedException {
    lock.lock();
    try {
      while (running) {
        stopped.await();
      }
      return stop;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void setBreakpoint(long address) {
    locked(() -> {
      standing("break " + Long.toHexString(address));
      return breakpoints.add(address);
    });
  }

  @Override
  public void removeBreakpoint(long address) {
    locked(() -> {
      standing("unbreak " + Long.toHexString(address));
      return breakpoints.remove(address);
    });
  }

  @Override
  public List<String> systemRegisters() {
    return List.of("SCTLR_EL1", "MIDR_EL1");
  }

  @Override
  public long systemRegister(int cpu, int index) {
    return index == 0 ? locked(() -> system) : 0x410f_d083;
  }

  @Override
  public void systemRegister(int cpu, int index, long value) {
    if (index != 0) {
      throw new UnsupportedOperationException("MIDR_EL1 cannot be changed");
    }
    locked(() -> system = value);
  }

  @Override
  public Map<String, String> monitorCommands() {
    return Map.of("reset", "restarts the machine", "fail", "always fails");
  }

  @Override
  public String monitor(String command) {
    if (command.startsWith("fail")) {
      throw new IllegalStateException("as it should");
    }
    locked(() -> calls.add("monitor " + command));
    return "done: " + command + "\n";
  }

  @Override
  public void kill() {
    locked(() -> calls.add("kill"));
  }
}
