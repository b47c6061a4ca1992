package dev.bringup.emulator.machine;

import dev.bringup.emulator.aarch64.Cpu;
import dev.bringup.emulator.device.StateReader;
import dev.bringup.emulator.device.StateWriter;
import dev.bringup.emulator.device.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Shares virtual time out among the CPUs, which take turns, and rings the alarms. What runs when is
 * a function of the program and of the instants at which input arrives, of nothing else. Used by
 * the machine's one thread only.
 */
final class Scheduler implements VirtualTime {
  /** A turn of one of several CPUs: long enough for its monitor to be of use. */
  private static final int TURN = 10_000;

  /** A slice has a bound even when nothing is due. */
  private static final int LONGEST_SLICE = 1 << 20;

  private final List<Event> events = new ArrayList<>();
  private List<Cpu> cpus = List.of();

  /** At the start of the slice. */
  private long sliceStart;

  private long sliceEnd;
  private boolean running;

  /** Whose turn it is. */
  private int turn;

  private int turnLeft = TURN;
  private long instructions;

  /** Who looks at the CPU every so many instructions; nobody unless asked. */
  private Consumer<Cpu> sampler = cpu -> {};

  private int samplePeriod;
  private long nextSample = Long.MAX_VALUE;
  private long skipped;

  /** Somebody else, on any thread, wants the machine's owner to look up. */
  private volatile boolean paused;

  /** The machine itself wants what runs to end. */
  private boolean stopped;

  /** An alarm: see {@link VirtualTime.Alarm}. */
  private final class Event implements Alarm {
    private final String name;
    private final Runnable action;
    private long deadline = Long.MAX_VALUE;

    private Event(String name, Runnable action) {
      this.name = name;
      this.action = action;
    }

    @Override
    public void at(long nanos) {
      deadline = nanos;
      if (running && nanos < sliceEnd) {
        cpus.get(turn).interrupt();
      }
    }

    @Override
    public void cancel() {
      deadline = Long.MAX_VALUE;
    }

    @Override
    public long deadline() {
      return deadline;
    }
  }

  /**
   * Has {@code with} look at the CPU whose turn it is every {@code period} instructions, which has
   * no influence on what happens.
   */
  void sample(int period, Consumer<Cpu> with) {
    sampler = with;
    samplePeriod = period;
    nextSample = instructions + period;
  }

  void cpus(List<Cpu> all) {
    cpus = List.copyOf(all);
  }

  @Override
  public long nanos() {
    return running ? sliceStart + cpus.get(turn).consumed() * NANOS_PER_TICK : sliceStart;
  }

  @Override
  public Alarm alarm(String name, Runnable action) {
    var event = new Event(name, action);
    events.add(event);
    return event;
  }

  /** The CPU whose turn it is; devices ask who accesses them. */
  int current() {
    return turn;
  }

  /** Ticks in which a CPU executed, and nanoseconds in which none had anything to do. */
  long instructions() {
    return instructions;
  }

  long skippedNanos() {
    return skipped;
  }

  /** Makes {@link #runUntil} return soon, and at once until {@link #resume}. For any thread. */
  void pause() {
    paused = true;
  }

  boolean isPaused() {
    return paused;
  }

  void resume() {
    paused = false;
  }

  /** Makes {@link #runUntil} return after the instruction that is executed. */
  void stop() {
    stopped = true;
    if (running) {
      cpus.get(turn).interrupt();
    }
  }

  /**
   * Goes on until virtual time {@code end}, {@link #stop}, or until nothing can ever happen again.
   */
  void runUntil(long end) {
    stopped = false;
    ring();
    while (!paused && !stopped && sliceStart < end) {
      if (!chooseCpu()) {
        if (!skip(end)) {
          break;
        }
      } else {
        slice(Math.min(nextDeadline(), end));
      }
      ring();
    }
  }

  /**
   * As {@link #runUntil(long)}, and comes to the same, but slowly.
   *
   * @param watch asked before each instruction, with the CPU that is about to execute it
   * @return whether the watch has not forbidden an instruction; with one that it has, nothing else
   *     is executed
   */
  boolean runUntil(long end, Predicate<Cpu> watch) {
    stopped = false;
    ring();
    boolean permitted = true;
    while (permitted && !paused && !stopped && sliceStart < end) {
      if (!chooseCpu()) {
        if (!skip(end)) {
          break;
        }
      } else {
        // An interrupt comes first, or the watch would not see where its handler begins.
        var _ = cpus.get(turn).takeInterrupt();
        permitted = watch.test(cpus.get(turn));
        if (permitted) {
          slice(sliceStart + 1);
        }
      }
      ring();
    }
    return permitted;
  }

  /** Nobody has anything to do: time passes up to the next alarm; false if there is no end. */
  private boolean skip(long end) {
    long next = Math.min(nextDeadline(), end);
    if (next == Long.MAX_VALUE) {
      return false;
    }
    skipped += Math.max(next - sliceStart, 0);
    sliceStart = Math.max(next, sliceStart);
    return true;
  }

  /**
   * A CPU executes one instruction, or takes an interrupt instead, while the others stand still.
   *
   * @param patience how many nanoseconds may pass while the CPU waits
   */
  void step(int number, long patience) {
    ring();
    Cpu cpu = cpus.get(number);
    if (turn != number) {
      turn = number;
      turnLeft = TURN;
      cpu.openMonitor();
    }
    long end = sliceStart + patience;
    while (!cpu.isOff() && cpu.isWaiting() && sliceStart < end) {
      var _ = skip(end);
      ring();
    }
    if (cpu.isOff() || cpu.isWaiting() || cpu.takeInterrupt()) {
      return;
    }
    slice(sliceStart + 1);
    ring();
  }

  /** Executes one instruction of the CPU whose turn it is, or lets time pass if all wait. */
  void step() {
    ring();
    if (chooseCpu()) {
      slice(sliceStart + 1);
    } else {
      var _ = skip(Long.MAX_VALUE);
    }
    ring();
  }

  private void slice(long end) {
    Cpu cpu = cpus.get(turn);
    long ticks = (end - sliceStart + NANOS_PER_TICK - 1) / NANOS_PER_TICK;
    int limit = cpus.size() > 1 ? turnLeft : LONGEST_SLICE;
    int cycles = (int) Math.min(Math.min(ticks, limit), nextSample - instructions);
    sliceEnd = sliceStart + cycles * NANOS_PER_TICK;
    running = true;
    int used = cpu.run(cycles);
    running = false;
    sliceStart += used * NANOS_PER_TICK;
    instructions += used;
    if (cpus.size() > 1) { // else it would tell of slices only
      turnLeft -= used;
    }
    if (instructions >= nextSample) {
      nextSample = instructions + samplePeriod;
      sampler.accept(cpu);
    }
    if (turnLeft <= 0 || cpu.hasYielded()) {
      pass();
    }
  }

  /** The next CPU has its turn. */
  private void pass() {
    turnLeft = TURN;
    if (cpus.size() > 1) {
      turn = (turn + 1) % cpus.size();
      cpus.get(turn).openMonitor();
    }
  }

  /** Gives the turn to a CPU that has something to do; false if all wait. */
  private boolean chooseCpu() {
    for (int n = 0; n < cpus.size(); n++) {
      Cpu cpu = cpus.get(turn);
      if (!cpu.isOff() && !cpu.isWaiting()) {
        return true;
      }
      pass();
    }
    return false;
  }

  private long nextDeadline() {
    long next = Long.MAX_VALUE;
    for (Event event : events) {
      next = Math.min(next, event.deadline);
    }
    return next;
  }

  private void ring() {
    for (Event event = due(); event != null; event = due()) {
      event.deadline = Long.MAX_VALUE;
      event.action.run();
    }
  }

  /** The earliest alarm that is due, of several the first made. */
  private @Nullable Event due() {
    Event earliest = null;
    for (Event event : events) {
      if (event.deadline <= sliceStart
          && (earliest == null || event.deadline < earliest.deadline)) {
        earliest = event;
      }
    }
    return earliest;
  }

  /** Time passes in which no CPU executes; when none does. */
  void elapse(long nanos) {
    skipped += nanos;
    sliceStart += nanos;
  }

  /** The names of all alarms, in the order in which they were made. */
  List<String> alarms() {
    return events.stream().map(event -> event.name).toList();
  }

  void save(StateWriter out) {
    out.part("time");
    out.put(sliceStart);
    out.put(turn);
    out.put(turnLeft);
    out.put(instructions);
    out.put(skipped);
    for (Event event : events) {
      out.part(event.name);
      out.put(event.deadline);
    }
  }

  void restore(StateReader in) {
    in.part("time");
    sliceStart = in.get();
    turn = (int) in.get();
    turnLeft = (int) in.get();
    instructions = in.get();
    nextSample = nextSample == Long.MAX_VALUE ? nextSample : instructions + samplePeriod;
    skipped = in.get();
    for (Event event : events) {
      in.part(event.name);
      event.deadline = in.get();
    }
  }
}
