package dev.bringup.emulator.builtin;

import dev.bringup.board.Board;
import dev.bringup.board.BoardFaults;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardSite;
import dev.bringup.board.Console;
import dev.bringup.board.MachineInspection;
import dev.bringup.board.PowerControl;
import dev.bringup.console.Recording;
import dev.bringup.emulator.machine.VirtMachine;
import dev.bringup.power.PowerState;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/** A board that is a machine in this JVM, plugged into a recording and a bench LAN. */
final class BuiltinBoard implements Board {
  private final BoardFile file;
  private final VirtualClock clock;
  private final Recording recording;
  private final BoardFaults faults;
  private final Optional<MachineLan> lan;
  private final PoweredMachine machine;
  private final MachineThread thread;
  private final Power power = new Power();
  private final Uart console = new Uart();
  private final Inspection inspection = new Inspection();
  private final Random marks;
  private final AtomicBoolean closed = new AtomicBoolean();

  private BuiltinBoard(
      BoardFile file,
      VirtualClock clock,
      Recording recording,
      BoardFaults faults,
      Optional<MachineLan> lan,
      PoweredMachine machine) {
    this.file = file;
    this.clock = clock;
    this.recording = recording;
    this.faults = faults;
    this.lan = lan;
    this.machine = machine;
    this.marks = new Random(file.name().hashCode());
    this.thread = MachineThread.start(file.name(), clock, machine);
  }

  static BuiltinBoard open(BoardFile file, BuiltinSettings settings, BoardSite site) {
    Path firmware = site.bootSets().file(settings.firmwareSet(), settings.firmwareFile());
    var configuration =
        new VirtMachine.Configuration(
            file.cpus(), file.memory().bytes(), settings.virtualization(), false, settings.start());
    var flash = new VirtMachine.Flash(firmware.toString(), content(firmware));
    VirtualClock clock =
        site.hostTime() ? VirtualClock.inStepWith(BoardClock.system()) : new VirtualClock();
    Recording recording =
        site.recording()
            .map(path -> Recording.toFile(file.name(), clock, path, site.problems()))
            .orElseGet(() -> Recording.inMemory(file.name(), clock));
    try {
      var faults = new BoardFaults(recording, file.faults(), true);
      Optional<MachineLan> lan =
          Optional.ofNullable(file.network())
              .map(network ->
                  MachineLan.open(network, clock, site.capture(), site.problems(), faults::path));
      var machine = new PoweredMachine(configuration, flash, clock, recording, faults, lan);
      return new BuiltinBoard(file, clock, recording, faults, lan, machine);
    } catch (RuntimeException e) {
      recording.close();
      throw e;
    }
  }

  private static byte[] content(Path firmware) {
    try {
      return Files.readAllBytes(firmware);
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot read the firmware " + firmware + ": " + e.getMessage(),
          "fetch it again with ./bringup artifacts fetch",
          e);
    }
  }

  @Override
  public BoardFile file() {
    return file;
  }

  @Override
  public BoardClock clock() {
    return clock;
  }

  @Override
  public PowerControl power() {
    return power;
  }

  @Override
  public Console console() {
    return console;
  }

  @Override
  public <C> Optional<C> capability(Class<C> capability) {
    if (capability.isInstance(inspection)) {
      return Optional.of(capability.cast(inspection));
    }
    if (capability.isInstance(faults)) {
      return Optional.of(capability.cast(faults));
    }
    return lan.map(MachineLan::network).filter(capability::isInstance).map(capability::cast);
  }

  @Override
  public Random marks() {
    return marks;
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    thread.call(machine::off);
    thread.close();
    lan.ifPresent(MachineLan::close);
    recording.close();
  }

  private final class Inspection implements MachineInspection {
    @Override
    public String stateHash() {
      var hash = new StringBuilder();
      thread.call(() -> hash.append(machine.stateHash()));
      return hash.toString();
    }

    @Override
    public List<String> counters() {
      var lines = new ArrayList<String>();
      thread.call(() -> lines.addAll(machine.counters()));
      return List.copyOf(lines);
    }
  }

  private final class Power implements PowerControl {
    @Override
    public PowerState get() {
      return machine.isOn() ? PowerState.ON : PowerState.OFF;
    }

    @Override
    public void on() {
      if (closed.get()) {
        throw BringupException.cancelled(file.name() + " was closed before it was switched on");
      }
      thread.call(machine::on);
    }

    @Override
    public void off() {
      thread.call(machine::off);
    }
  }

  private final class Uart implements Console {
    @Override
    public Recording recording() {
      return recording;
    }

    @Override
    public void write(byte[] bytes) {
      if (recording.isClosed()) {
        throw BringupException.cancelled(file.name() + " was closed while somebody typed");
      }
      if (machine.isOn()) {
        faults.type(
            bytes,
            left -> {
              var _ = thread.submit(() -> machine.type(left));
            });
      } else {
        recording.typed(bytes);
      }
    }
  }
}
