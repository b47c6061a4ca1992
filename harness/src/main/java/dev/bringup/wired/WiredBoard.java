package dev.bringup.wired;

import dev.bringup.board.Board;
import dev.bringup.board.BoardFaults;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardSite;
import dev.bringup.board.Console;
import dev.bringup.board.PowerControl;
import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.Recording;
import dev.bringup.power.ConfirmedPower;
import dev.bringup.power.PowerState;
import dev.bringup.power.PowerSwitch;
import dev.bringup.time.BoardClock;
import dev.bringup.transport.Transport;
import dev.bringup.verdict.BringupException;
import dev.bringup.wire.WireHealth;
import dev.bringup.wire.WireRecorder;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A board that is reached over wires. */
public final class WiredBoard implements Board {
  /** A board without power is silent; adapters hold bytes back for up to 16 ms. */
  private static final Duration QUIET = Duration.ofMillis(100);

  private static final Duration QUIET_LIMIT = Duration.ofSeconds(5);
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(2);

  private final BoardFile file;
  private final BoardClock clock;
  private final Recording recording;
  private final BoardSite site;
  private final WireRecorder wire;
  private final BoardFaults faults;
  private final WiredConsole console;
  private final Optional<HostNetwork> network;
  private final Power power;

  private WiredBoard(
      BoardFile file,
      BoardClock clock,
      BoardSite site,
      WireRecorder wire,
      BoardFaults faults,
      boolean poweredByBoard,
      Optional<HostNetwork> network,
      PowerSwitch outlet) {
    this.file = file;
    this.clock = clock;
    this.site = site;
    this.wire = wire;
    this.faults = faults;
    this.network = network;
    recording = wire.recording();
    console = new WiredConsole(poweredByBoard);
    power = new Power(new ConfirmedPower(outlet, ConfirmedPower.USUAL_LIMIT, clock));
    outlet.watch(power::notice);
    faults.cutBy(() -> Thread.ofVirtual().name("power fault of " + file.name()).start(power::cut));
  }

  /**
   * Opens a board over the console driver of its file and records its console from now on.
   *
   * @param network closed with the board, as {@code outlet} is, also when this fails
   * @throws BringupException (configuration) if the file's settings are wrong, (infrastructure) if
   *     the wire cannot be opened
   */
  public static WiredBoard open(
      BoardFile file, BoardSite site, PowerSwitch outlet, Optional<HostNetwork> network) {
    BoardClock clock = BoardClock.system();
    @Nullable Recording recording = null;
    try {
      BoardFile.Driver driver = file.require(file.drivers().get("console"), "drivers.console");
      Transport transport = ConsoleDrivers.transport(driver, file.console().baud());
      boolean poweredByBoard = ConsoleDrivers.poweredByBoard(driver);
      recording =
          site.recording()
              .map(path -> Recording.toFile(file.name(), clock, path, site.problems()))
              .orElseGet(() -> Recording.inMemory(file.name(), clock));
      WireHealth.name(recording, transport.name(), poweredByBoard);
      var faults = new BoardFaults(recording, file.faults(), false);
      network.ifPresent(opened -> opened.inject(faults));
      var faulty = new FaultyTransport(transport, faults);
      WireRecorder wire =
          poweredByBoard
              ? WireRecorder.startWhenThere(faulty, recording)
              : WireRecorder.start(faulty, recording);
      return new WiredBoard(file, clock, site, wire, faults, poweredByBoard, network, outlet);
    } catch (RuntimeException e) {
      if (recording != null) {
        recording.close();
      }
      network.ifPresent(HostNetwork::close);
      outlet.close();
      throw e;
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
    if (capability.isInstance(wire)) {
      return Optional.of(capability.cast(wire));
    }
    if (capability.isInstance(faults)) {
      return Optional.of(capability.cast(faults));
    }
    return network.filter(capability::isInstance).map(capability::cast);
  }

  @Override
  public void close() {
    if (power.isClosed()) {
      return;
    }
    try {
      power.offForGood();
    } finally {
      faults.powerOff();
      network.ifPresent(HostNetwork::close);
      wire.close();
    }
  }

  private final class WiredConsole implements Console {
    private final boolean poweredByBoard;

    private WiredConsole(boolean poweredByBoard) {
      this.poweredByBoard = poweredByBoard;
    }

    @Override
    public Recording recording() {
      return recording;
    }

    @Override
    public void write(byte[] bytes) {
      if (poweredByBoard && wire.lost().isPresent() && !power.isOn()) {
        recording.typed(bytes); // and gone, as the wire is
        return;
      }
      wire.write(bytes);
    }
  }

  private final class Power implements PowerControl {
    private final ConfirmedPower outlet;
    private final ReentrantLock switching = new ReentrantLock();

    /** What the recording says; guarded by switching. */
    private PowerState noted = PowerState.UNKNOWN;

    private boolean closed; // guarded by switching

    private Power(ConfirmedPower outlet) {
      this.outlet = outlet;
    }

    @Override
    public PowerState get() {
      switching.lock();
      try {
        return closed ? PowerState.OFF : outlet.read();
      } finally {
        switching.unlock();
      }
    }

    private boolean isOn() {
      switching.lock();
      try {
        return noted == PowerState.ON;
      } finally {
        switching.unlock();
      }
    }

    private boolean isClosed() {
      switching.lock();
      try {
        return closed;
      } finally {
        switching.unlock();
      }
    }

    @Override
    public void on() {
      switching.lock();
      try {
        if (closed) {
          throw BringupException.cancelled(file.name() + " was closed before it was switched on");
        }
        if (noted == PowerState.ON) {
          return;
        }
        if (wire.lost().isEmpty()) {
          var _ = wire.drain(DRAIN_LIMIT); // what was typed before belongs to the time before
        }
        outlet.awaitRest(); // before the mark, from which stages are timed
        faults.powerOn();
        recording.mark(ConsoleEvent.Mark.POWER_ON);
        noted = PowerState.ON;
        try {
          outlet.set(true);
        } catch (RuntimeException e) {
          recording.mark(ConsoleEvent.Mark.POWER_OFF);
          noted = PowerState.UNKNOWN;
          throw e;
        }
      } finally {
        switching.unlock();
      }
    }

    @Override
    public void off() {
      switching.lock();
      try {
        if (closed || noted == PowerState.OFF) {
          return;
        }
        boolean already = noted == PowerState.UNKNOWN && outlet.read() == PowerState.OFF;
        if (!already) {
          outlet.set(false);
          faults.powerOff();
          noteOff();
        }
        noted = PowerState.OFF;
      } finally {
        switching.unlock();
      }
    }

    /** A fault cuts the power, unless it was switched in the meantime. */
    private void cut() {
      switching.lock();
      try {
        if (faults.isCut()) {
          off();
        }
      } catch (BringupException e) {
        site.problems().accept(e);
      } finally {
        switching.unlock();
      }
    }

    /** The outlet has switched without being told. */
    private void notice() {
      switching.lock();
      try {
        if (!closed && noted == PowerState.ON && outlet.read() == PowerState.OFF) {
          noteOff();
          noted = PowerState.OFF;
        }
      } finally {
        switching.unlock();
      }
    }

    /** Lets all that is under way on the wire arrive first. */
    private void noteOff() {
      long limit = clock.nanos() + QUIET_LIMIT.toNanos();
      long end = recording.end();
      while (limit - clock.nanos() > 0
          && recording.awaitBeyond(end, clock.nanos() + QUIET.toNanos())) {
        end = recording.end();
      }
      recording.mark(ConsoleEvent.Mark.POWER_OFF);
    }

    private void offForGood() {
      switching.lock();
      try {
        off();
      } finally {
        closed = true;
        outlet.close();
        switching.unlock();
      }
    }
  }
}
