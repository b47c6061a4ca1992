package dev.bringup.emulator.builtin;

import dev.bringup.emulator.aarch64.Cpu;
import dev.bringup.emulator.aarch64.CpuView;
import dev.bringup.emulator.gdb.CpuRegisters;
import dev.bringup.emulator.gdb.DebugTarget;
import dev.bringup.emulator.machine.VirtMachine;
import dev.bringup.emulator.memory.PhysicalMemory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A machine as a debugger sees it. The debugger's threads hand over what they ask to the machine's
 * thread, which calls {@link #stands}, {@link #watch}, {@link #refused}, {@link #ran} and {@link
 * #end}.
 */
final class MachineDebug implements DebugTarget {
  /** A CPU that is to execute one instruction waits so long for an interrupt at the most. */
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private static final String COUNTERS = "counters";
  private static final String HASH = "hash";
  private static final String TIME = "time";

  private final VirtMachine machine;
  private final Supplier<List<String>> counters;
  private final Consumer<Runnable> submit;
  private final Runnable kill;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition stopped = lock.newCondition();

  /** Why the machine stands, if it does and the debugger has not told it to go on. */
  private @Nullable Stop stop; // guarded by lock

  private boolean ended; // guarded by lock
  private volatile long[] breakpoints = {};

  // For the machine's thread
  private boolean stands;
  private @Nullable Step step;
  private Stop next = new Stop.Interrupted(0);

  /** An instruction of one CPU that is to be executed while the others go on. */
  private static final class Step {
    private final int cpu;
    private final long end;
    private boolean done;

    private Step(int cpu, long end) {
      this.cpu = cpu;
      this.end = end;
    }
  }

  /**
   * @param counters what the machine has done, in lines
   * @param submit hands something over to the machine's thread
   * @param kill makes the machine end; called by that thread
   * @param stands whether it stands until a debugger lets it go
   */
  MachineDebug(
      VirtMachine machine,
      Supplier<List<String>> counters,
      Consumer<Runnable> submit,
      Runnable kill,
      boolean stands) {
    this.machine = machine;
    this.counters = counters;
    this.submit = submit;
    this.kill = kill;
    this.stands = stands;
    this.stop = stands ? next : null;
  }

  // For the machine's thread

  /** Whether the machine must not go on now. */
  boolean stands() {
    return stands;
  }

  /** To be asked before each instruction; null if nobody needs to. */
  @Nullable Predicate<Cpu> watch() {
    Step stepping = step;
    if (stepping != null) {
      return cpu -> permits(stepping, cpu);
    }
    return breakpoints.length == 0 ? null : cpu -> isPermitted(cpu, -1);
  }

  private boolean permits(Step stepping, Cpu cpu) {
    if (stepping.done || isOver(stepping)) {
      next = new Stop.Stepped(stepping.cpu);
      return false;
    }
    stepping.done = cpu.number() == stepping.cpu;
    return isPermitted(cpu, stepping.cpu);
  }

  private boolean isOver(Step stepping) {
    return machine.nanos() >= stepping.end || machine.cpus().get(stepping.cpu).isOff();
  }

  /** Whether a CPU has no breakpoint, or is exempt. */
  private boolean isPermitted(Cpu cpu, int exempt) {
    long pc = cpu.pc();
    for (long breakpoint : breakpoints) {
      if (breakpoint == pc && cpu.number() != exempt) {
        next = new Stop.Breakpoint(cpu.number());
        return false;
      }
    }
    return true;
  }

  /** The {@link #watch} has forbidden an instruction: the machine stands. */
  void refused() {
    stand(next);
  }

  /** The machine has run for a while, nothing forbidden. */
  void ran() {
    Step stepping = step;
    if (stepping != null && isOver(stepping)) {
      stand(new Stop.Stepped(stepping.cpu));
    }
  }

  private void stand(Stop why) {
    stands = true;
    step = null;
    lock.lock();
    try {
      if (!ended) {
        stop = why;
        stopped.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The machine is off or gone; what was handed over must be executed after this. */
  void end() {
    lock.lock();
    try {
      ended = true;
      stop = new Stop.PoweredOff();
      stopped.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // For the debugger

  /** Has the machine's thread do something and waits for that. */
  private <T extends @Nullable Object> T call(Supplier<T> request) {
    var result = new CompletableFuture<T>();
    lock.lock();
    try {
      if (ended) {
        throw new IllegalStateException("the machine is off");
      }
      submit.accept(() -> {
        try {
          result.complete(request.get());
        } catch (RuntimeException | Error e) {
          result.completeExceptionally(e);
        }
      });
    } finally {
      lock.unlock();
    }
    return result.join();
  }

  private void execute(Runnable request) {
    var _ =
        call(() -> {
          request.run();
          return true;
        });
  }

  private Cpu cpu(int number) {
    return machine.cpus().get(number);
  }

  @Override
  public int cpus() {
    return machine.cpus().size();
  }

  @Override
  public CpuRegisters registers(int cpu) {
    return call(() -> {
      var registers = new CpuRegisters();
      Cpu from = cpu(cpu);
      CpuView view = from.view();
      for (int n = 0; n < 31; n++) {
        registers.x(n, from.register(n));
      }
      registers.sp(from.register(31));
      registers.pc(from.pc());
      registers.cpsr((int) from.pstate());
      for (int n = 0; n < 32; n++) {
        registers.vector(n, view.vectorHigh(n), view.vectorLow(n));
      }
      registers.fpsr(view.fpsr());
      registers.fpcr(view.fpcr());
      return registers;
    });
  }

  @Override
  public void registers(int cpu, CpuRegisters values) {
    execute(() -> {
      Cpu to = cpu(cpu);
      CpuView view = to.view();
      // PSTATE first, as it says which stack pointer is meant
      if (values.cpsr() != (int) to.pstate()) {
        view.pstate(Integer.toUnsignedLong(values.cpsr()));
      }
      for (int n = 0; n < 31; n++) {
        to.register(n, values.x(n));
      }
      to.register(31, values.sp());
      to.pc(values.pc());
      for (int n = 0; n < 32; n++) {
        view.vector(n, values.vectorHigh(n), values.vectorLow(n));
      }
      view.fpsr(values.fpsr());
      view.fpcr(values.fpcr());
    });
  }

  /** What is done with a part of memory within one page; false if there is none. */
  private interface PageAccess {
    boolean at(long physical, int from, int length);
  }

  /** How many bytes, from the first, {@code access} was there for. */
  private int byPages(int cpu, long address, int length, PageAccess access) {
    int done = 0;
    while (done < length) {
      long at = address + done;
      int part =
          (int) Math.min(length - done, PhysicalMemory.PAGE_SIZE - (at & PhysicalMemory.PAGE_MASK));
      long physical = cpu(cpu).physical(at);
      if (physical == -1 || !access.at(physical, done, part)) {
        break;
      }
      done += part;
    }
    return done;
  }

  @Override
  public byte[] readMemory(int cpu, long address, int length) {
    return call(() -> {
      var bytes = new byte[length];
      int there =
          byPages(
              cpu,
              address,
              length,
              (physical, from, part) -> machine.look(physical, bytes, from, part));
      return Arrays.copyOf(bytes, there);
    });
  }

  @Override
  public int writeMemory(int cpu, long address, byte[] bytes) {
    return call(() ->
        byPages(
            cpu,
            address,
            bytes.length,
            (physical, from, part) -> {
              if (!machine.memory().isRam(physical, part)) {
                return false;
              }
              machine.memory().write(physical, bytes, from, part);
              return true;
            }));
  }

  @Override
  public void resume() {
    go(() -> {});
  }

  @Override
  public void step(int cpu, boolean alone) {
    if (!alone) {
      go(() -> step = new Step(cpu, machine.nanos() + PATIENCE_NANOS));
      return;
    }
    go(() -> {
      machine.step(cpu, PATIENCE_NANOS);
      if (machine.isOn()) {
        stand(new Stop.Stepped(cpu));
      }
    });
  }

  private void go(Runnable how) {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      stop = null;
      submit.accept(() -> {
        stands = false;
        how.run();
      });
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void interrupt() {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      submit.accept(() -> {
        if (!stands) {
          stand(new Stop.Interrupted(machine.turn()));
        }
      });
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Stop awaitStop() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (stop == null) {
        stopped.await();
      }
      return stop;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void setBreakpoint(long address) {
    lock.lock();
    try {
      removeBreakpoint(address);
      long[] more = Arrays.copyOf(breakpoints, breakpoints.length + 1);
      more[breakpoints.length] = address;
      breakpoints = more;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void removeBreakpoint(long address) {
    lock.lock();
    try {
      breakpoints = Arrays.stream(breakpoints).filter(at -> at != address).toArray();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<String> systemRegisters() {
    return CpuView.systemRegisters();
  }

  @Override
  public long systemRegister(int cpu, int index) {
    return call(() -> cpu(cpu).view().systemRegister(index));
  }

  @Override
  public void systemRegister(int cpu, int index, long value) {
    execute(() -> cpu(cpu).view().systemRegister(index, value));
  }

  @Override
  public Map<String, String> monitorCommands() {
    return Map.of(
        COUNTERS, "what the machine has done since power-on",
        HASH, "a hash of all state that its future depends on",
        TIME, "its instant: virtual nanoseconds and executed instructions");
  }

  @Override
  public String monitor(String command) {
    return call(() ->
        switch (command) {
          case COUNTERS -> String.join("\n", counters.get()) + "\n";
          case HASH -> machine.stateHash() + "\n";
          case TIME ->
              "%,d ns, %,d instructions\n".formatted(machine.nanos(), machine.instructions());
          default -> throw new IllegalArgumentException("it takes no arguments");
        });
  }

  @Override
  public void kill() {
    lock.lock();
    try {
      if (!ended) {
        submit.accept(kill);
      }
    } finally {
      lock.unlock();
    }
  }
}
