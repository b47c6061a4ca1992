package dev.bringup.emulator.builtin;

import dev.bringup.board.BoardFile;
import dev.bringup.emulator.aarch64.Cpu;
import dev.bringup.emulator.device.VirtioFunction;
import dev.bringup.emulator.device.VirtualTime;
import dev.bringup.emulator.gdb.DebugTarget;
import dev.bringup.emulator.machine.SnapshotFile;
import dev.bringup.emulator.machine.VirtMachine;
import dev.bringup.emulator.trace.Profile;
import dev.bringup.emulator.trace.Symbols;
import dev.bringup.emulator.trace.Tracer;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A machine alone with a person: as fast as it goes, or in step with the host's time. Input arrives
 * when it arrives, so such a run does not repeat.
 */
public final class Emulator implements AutoCloseable {
  private static final long SLICE_NANOS = 1_000_000;

  /** A machine that is so far behind the host's time does not try to catch up. */
  private static final long LAG_NANOS = 100_000_000;

  /** So many instructions before a trace begins the machine goes carefully: a poll takes more. */
  private static final int TRACE_LEAD = 4096;

  private static final int WINDOW = 16;

  private final VirtMachine machine;
  private final Optional<MachineLan> lan;
  private final VirtualClock clock = new VirtualClock();
  private final OutputStream console;
  private final boolean realtime;
  private final BlockingQueue<Runnable> requests = new LinkedBlockingQueue<>();
  private final MachineDebug debug;
  private final Profile profile;
  private @Nullable Tracer tracer;
  private boolean said;
  private boolean stopped;

  /** What the machine starts with. */
  public sealed interface Program {
    /**
     * Code at the reset vector, in flash.
     *
     * @param name for messages
     */
    record Firmware(String name, Content content) implements Program {}

    /**
     * An arm64 Image, started as a boot loader would.
     *
     * @param arguments its command line
     */
    record Kernel(Content image, Content ramdisk, String arguments) implements Program {}

    /** Nothing: it goes on from where another one was saved. */
    record Snapshot(SnapshotFile file) implements Program {}

    /** Bytes of a file. */
    interface Content {
      byte[] bytes();
    }
  }

  /**
   * What is plugged in.
   *
   * @param served the folder that a LAN serves by TFTP; empty for no NIC
   * @param functions further virtio devices
   */
  public record Equipment(Optional<Path> served, List<VirtioFunction> functions) {
    public Equipment {
      functions = List.copyOf(functions);
    }
  }

  /**
   * A machine with power, that stands until {@link #run}.
   *
   * @param console takes what the UART sends, and is flushed when it pauses
   * @param realtime whether virtual time goes no faster than the host's
   * @param waits whether it stands until a debugger lets it go
   */
  public Emulator(
      VirtMachine.Configuration configuration,
      Program program,
      Equipment equipment,
      OutputStream console,
      boolean realtime,
      boolean waits) {
    this.console = console;
    this.realtime = realtime;
    var flash =
        switch (program) {
          case Program.Firmware(String name, Program.Content content) ->
              new VirtMachine.Flash(name, content.bytes());
          case Program.Kernel _, Program.Snapshot _ ->
              new VirtMachine.Flash("nothing", new byte[0]);
        };
    lan =
        equipment.served.map(folder -> {
          var network = new BoardFile.Network("tftpboot", WINDOW, "boot.scr", null);
          MachineLan opened =
              MachineLan.open(network, clock, Optional.empty(), problem -> {}, _ -> null);
          stage(opened, folder);
          return opened;
        });
    machine =
        new VirtMachine(
            configuration,
            flash,
            lan.map(MachineLan::mac).orElse(null),
            equipment.functions,
            new Wires());
    profile = new Profile(machine);
    lan.ifPresent(present -> present.plug(machine, 0));
    switch (program) {
      case Program.Firmware _ -> machine.bootFirmware();
      case Program.Kernel(Program.Content image, Program.Content ramdisk, String arguments) ->
          machine.bootKernel(image.bytes(), ramdisk.bytes(), arguments);
      case Program.Snapshot _ -> {
        // It knows what it was started with.
      }
    }
    machine.powerOn();
    if (program instanceof Program.Snapshot(SnapshotFile file)) {
      file.restore(machine);
    }
    debug = new MachineDebug(machine, this::counters, this::submit, () -> stopped = true, waits);
  }

  private static void stage(MachineLan lan, Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        lan.network().stage(folder.relativize(file).toString(), file);
      }
    } catch (IOException e) {
      throw BringupException.configuration(
          "the folder " + folder + " cannot be read: " + e.getMessage());
    }
  }

  private final class Wires implements VirtMachine.Outside {
    @Override
    public void console(int value) {
      try {
        console.write(value);
        said = true;
      } catch (IOException e) {
        stopped = true; // nobody reads any more
      }
    }

    @Override
    public void frame(byte[] frame) {
      lan.ifPresent(present -> present.frame(frame));
    }

    @Override
    public void reset() {
      // The console shows it.
    }
  }

  /** Bytes arrive at the UART, soon. Thread-safe. */
  public void type(byte[] bytes) {
    byte[] typed = bytes.clone();
    submit(() -> machine.type(typed));
  }

  /** Makes {@link #run} return. Thread-safe. */
  public void stop() {
    submit(() -> stopped = true);
  }

  /** For a debugger, which may come and go while the machine runs. */
  public DebugTarget debugTarget() {
    return debug;
  }

  private void submit(Runnable request) {
    requests.add(request);
    machine.pause();
  }

  /**
   * Runs the machine on the calling thread, until it switches itself off or until {@link #stop}.
   */
  public void run() throws InterruptedException {
    try {
      runWhileOn();
    } finally {
      debug.end();
      for (Runnable left = requests.poll(); left != null; left = requests.poll()) {
        left.run();
      }
    }
  }

  private void runWhileOn() throws InterruptedException {
    clock.follow(machine::nanos);
    BoardClock host = BoardClock.system();
    long start = host.nanos() - machine.nanos();
    while (machine.isOn() && !stopped) {
      Runnable request = requests.poll();
      if (request != null) {
        request.run();
        continue;
      }
      if (debug.stands()) {
        requests.take().run();
        continue;
      }
      runUntil(machine.nanos() + SLICE_NANOS);
      flush();
      long ahead = machine.nanos() - (host.nanos() - start);
      if (ahead < -LAG_NANOS) {
        start -= ahead;
      } else if (realtime && ahead > SLICE_NANOS) {
        request = requests.poll(ahead, TimeUnit.NANOSECONDS);
        if (request != null) {
          request.run();
        }
      }
    }
    flush();
  }

  private void runUntil(long nanos) {
    Predicate<Cpu> watch = debug.watch();
    long end = nanos;
    if (tracer != null) {
      long distance = tracer.distance();
      if (distance < TRACE_LEAD) {
        watch = traced(tracer, watch);
      } else if (distance < SLICE_NANOS) {
        long until = machine.nanos() + (distance - TRACE_LEAD + 1) * VirtualTime.NANOS_PER_TICK;
        end = Math.min(end, until);
      }
    }
    if (watch == null) {
      machine.runUntil(end);
    } else if (machine.runUntil(end, watch)) {
      debug.ran();
    } else {
      debug.refused();
    }
  }

  private static Predicate<Cpu> traced(Tracer tracer, @Nullable Predicate<Cpu> watch) {
    return cpu -> {
      boolean permitted = watch == null || watch.test(cpu);
      if (permitted) {
        tracer.trace(cpu);
      }
      return permitted;
    };
  }

  private void flush() {
    if (!said) {
      return;
    }
    said = false;
    try {
      console.flush();
    } catch (IOException e) {
      stopped = true;
    }
  }

  /**
   * Writes the machine's state, for {@link Program.Snapshot}; when it does not run. What a LAN has
   * in flight is not part of it.
   *
   * @throws BringupException (infrastructure) if the file cannot be written
   */
  public void save(Path file) {
    SnapshotFile.save(machine, file);
  }

  /** What the machine has done, one line each; when it does not run. */
  public List<String> counters() {
    var lines = new ArrayList<String>(CounterText.lines(machine.counters(), profile));
    if (tracer != null) {
      lines.add("machine: " + tracer.summary());
    }
    return List.copyOf(lines);
  }

  /** Where the machine was most often, the most frequent first; when it does not run. */
  public List<String> hottest(Symbols symbols, int most) {
    return profile.hottest(symbols, most);
  }

  /**
   * Writes what is executed, instruction by instruction; what a debugger steps is not written. To
   * be called before {@link #run}.
   *
   * @param from how many instructions are executed before the first that is written, or a little
   *     more
   * @param count how many are written at the most
   */
  public void trace(Appendable out, Symbols symbols, long from, long count) {
    tracer = new Tracer(machine, out, symbols, from, count);
  }

  @Override
  public void close() {
    machine.close();
    lan.ifPresent(MachineLan::close);
  }
}
