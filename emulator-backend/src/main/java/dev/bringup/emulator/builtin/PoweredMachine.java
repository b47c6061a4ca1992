package dev.bringup.emulator.builtin;

import dev.bringup.board.BoardFaults;
import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.Recording;
import dev.bringup.emulator.device.VirtualTime;
import dev.bringup.emulator.machine.VirtMachine;
import dev.bringup.emulator.trace.Profile;
import dev.bringup.fault.LineFaults.Piece;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A machine with a power switch: each power-on makes a new one, which begins at its own instant 0;
 * only flash keeps what it has. Used by the machine's thread, but for {@link #isOn} and {@link
 * #pause}.
 */
final class PoweredMachine implements MachineThread.Work {
  /** What the UART says in so much time is seen as one piece. */
  private static final long PIECE_NANOS = 1_000_000;

  private final VirtMachine.Configuration configuration;
  private final VirtMachine.Flash flash;
  private final VirtualClock clock;
  private final Recording recording;
  private final BoardFaults faults;
  private final Optional<MachineLan> lan;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private volatile @Nullable Powered powered;

  /** While there is no machine. */
  private long unpoweredNanos;

  private List<String> latestCounters = List.of();

  /**
   * @param faults between the UART and the recording
   */
  PoweredMachine(
      VirtMachine.Configuration configuration,
      VirtMachine.Flash flash,
      VirtualClock clock,
      Recording recording,
      BoardFaults faults,
      Optional<MachineLan> lan) {
    this.configuration = configuration;
    this.flash = flash;
    this.clock = clock;
    this.recording = recording;
    this.faults = faults;
    this.lan = lan;
    faults.cutBy(this::pause);
  }

  /** From power-on to power-off. */
  private final class Powered implements VirtMachine.Outside {
    private final long start;
    private final VirtMachine machine;
    private final Profile profile;
    private final VirtualTime.Alarm piece;

    private Powered(long start) {
      this.start = start;
      machine =
          new VirtMachine(
              configuration, flash, lan.map(MachineLan::mac).orElse(null), List.of(), this);
      profile = new Profile(machine);
      piece = machine.time().alarm("console piece", machine::pause);
      lan.ifPresent(present -> present.plug(machine, start));
    }

    @Override
    public void console(int value) {
      if (said.size() == 0) {
        piece.at(machine.nanos() + PIECE_NANOS);
      }
      said.write(value);
    }

    @Override
    public void frame(byte[] frame) {
      lan.ifPresent(present -> present.frame(frame));
    }

    @Override
    public void reset() {
      // What the reset is to whoever watches, the console tells.
    }
  }

  /** Thread-safe. */
  boolean isOn() {
    return powered != null;
  }

  void on() {
    if (powered != null) {
      return;
    }
    faults.powerOn();
    recording.mark(ConsoleEvent.Mark.POWER_ON);
    var now = new Powered(unpoweredNanos);
    VirtMachine machine = now.machine;
    machine.bootFirmware();
    machine.powerOn();
    powered = now;
  }

  void off() {
    Powered was = powered;
    if (was == null) {
      return;
    }
    faults.powerOff();
    publish();
    unpoweredNanos = was.start + was.machine.nanos();
    latestCounters = CounterText.lines(was.machine.counters(), was.profile);
    powered = null;
    lan.ifPresent(MachineLan::unplug);
    recording.mark(ConsoleEvent.Mark.POWER_OFF);
    was.machine.close();
  }

  /** Bytes arrive at the UART, if there is power. */
  void type(byte[] bytes) {
    Powered on = powered;
    if (on != null) {
      on.machine.type(bytes);
    }
  }

  String stateHash() {
    Powered on = powered;
    return on == null ? "" : on.machine.stateHash();
  }

  List<String> counters() {
    Powered on = powered;
    return on == null ? latestCounters : CounterText.lines(on.machine.counters(), on.profile);
  }

  @Override
  public long nanos() {
    Powered on = powered;
    return on == null ? unpoweredNanos : on.start + on.machine.nanos();
  }

  @Override
  public void runUntil(long nanos) {
    Powered on = powered;
    if (on == null) {
      unpoweredNanos = nanos;
      clock.advance(nanos, false);
      return;
    }
    on.machine.runUntil(Math.min(nanos, faults.deadline()) - on.start);
    clock.reach(nanos());
    boolean news = publish();
    if (faults.isCut() || !on.machine.isOn()) {
      off();
      news = true;
    }
    clock.advance(nanos(), news);
  }

  /** Records what comes of what the UART said; false if there is nothing new. */
  private boolean publish() {
    if (said.size() > 0) {
      faults.say(said.toByteArray(), 0, said.size());
      said.reset();
    }
    Piece first = faults.due();
    if (first == null) {
      return false;
    }
    recording.together(() -> {
      for (Piece piece = first; piece != null; piece = faults.due()) {
        faults.record(piece);
      }
    });
    return true;
  }

  @Override
  public void pause() {
    Powered on = powered;
    if (on != null) {
      on.machine.pause();
    }
  }

  @Override
  public void failed(Throwable why) {
    recording.mark("emulator ended: " + why);
    off();
    clock.advance(nanos(), true);
  }
}
