package dev.bringup.wired;

import dev.bringup.board.BoardFile;
import dev.bringup.console.Recording;
import dev.bringup.power.ConfirmedPower;
import dev.bringup.power.PowerDrivers;
import dev.bringup.power.PowerState;
import dev.bringup.power.PowerSwitch;
import dev.bringup.time.BoardClock;
import dev.bringup.transport.Transport;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import dev.bringup.wire.WireRecorder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a real board and all that connects it, one thing after the other, and says of each
 * whether it is fit. Opens what it needs itself, so no run may use the board meanwhile; whoever has
 * the console open keeps the check from touching anything. Use once, from one thread.
 */
public final class HealthCheck {
  private static final Duration POWER_LIMIT = Duration.ofSeconds(15);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration QUIET = Duration.ofSeconds(2);

  /** Enough bytes to judge a baud rate by. */
  private static final int ENOUGH_BYTES = 64;

  private static final long ENOUGH_DISK = 1L << 30;
  private static final int[] USUAL_BAUDS = {
    115_200, 9_600, 57_600, 38_400, 19_200, 230_400, 460_800, 921_600, 1_500_000
  };
  private static final Pattern SHELL_PROMPT = Pattern.compile("[#$>] $");

  private final BoardFile file;
  private final IntFunction<Transport> console;
  private final boolean poweredByBoard;
  private final Supplier<PowerSwitch> outlets;
  private final boolean powerCycle;
  private final Limits limits;
  private final BoardClock clock = BoardClock.system();
  private final List<Check> checks = new ArrayList<>();

  /** What a check found. */
  public enum Result {
    OK,
    /** It may be the reason of failures. */
    SUSPECT,
    FAILED,
    /** Nothing is known, and the fact says why. */
    NOT_CHECKED;

    /** The result's word for people and files. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * One thing that was looked at.
   *
   * @param name in one word
   * @param fact what was found, in one line
   * @param next what to try; null if nothing needs to be done
   */
  public record Check(String name, Result result, String fact, @Nullable String next) {}

  /**
   * How long a board may take.
   *
   * @param firstByte from power-on to the first byte of the console
   * @param boot from its first byte to a prompt or silence
   * @param echo of a typed character
   * @param trial from power-on to enough bytes at another baud rate
   */
  record Limits(Duration firstByte, Duration boot, Duration echo, Duration trial) {
    static final Limits USUAL =
        new Limits(
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(3),
            Duration.ofSeconds(10));
  }

  /**
   * @param console the way to the UART at a baud rate
   * @param outlets opens the switch
   */
  HealthCheck(
      BoardFile file,
      IntFunction<Transport> console,
      boolean poweredByBoard,
      Supplier<PowerSwitch> outlets,
      boolean powerCycle,
      Limits limits) {
    this.file = file;
    this.console = console;
    this.poweredByBoard = poweredByBoard;
    this.outlets = outlets;
    this.powerCycle = powerCycle;
    this.limits = limits;
  }

  /**
   * The check of a board whose file names drivers.
   *
   * @param powerCycle whether the board may be switched off and on; afterwards it has power if it
   *     had some before
   * @throws BringupException (configuration) if the file's settings are wrong
   */
  public static HealthCheck of(BoardFile file, boolean powerCycle) {
    BoardFile.Driver console = file.require(file.drivers().get("console"), "drivers.console");
    BoardFile.Driver power = file.require(file.drivers().get("power"), "drivers.power");
    return new HealthCheck(
        file,
        baud -> ConsoleDrivers.transport(console, baud),
        ConsoleDrivers.poweredByBoard(console),
        () -> PowerDrivers.open(power.driver(), power.settings()),
        powerCycle,
        Limits.USUAL);
  }

  /** Whether a board with these results is fit for runs. */
  public static boolean isHealthy(List<Check> checks) {
    return checks.stream()
        .noneMatch(check -> check.result() == Result.FAILED || check.result() == Result.SUSPECT);
  }

  /**
   * Looks at everything.
   *
   * @throws BringupException (configuration) if the board file is wrong, (cancelled) if the thread
   *     is interrupted
   */
  public List<Check> run() {
    @Nullable PowerSwitch outlet = null;
    try {
      outlet = outlets.get();
    } catch (BringupException e) {
      checks.add(failed("power", e));
    }
    try {
      PowerState power = outlet == null ? PowerState.UNKNOWN : read(outlet);
      wires(outlet, power);
    } finally {
      if (outlet != null) {
        outlet.close();
      }
    }
    new NetworkCheck(file).run(checks);
    disk();
    return List.copyOf(checks);
  }

  /** What went wrong as a check; a mistake of the person's or an interruption is none. */
  static Check failed(String name, BringupException e) {
    if (e.kind() == FailureKind.CONFIGURATION || e.kind() == FailureKind.CANCELLED) {
      throw e;
    }
    return new Check(name, Result.FAILED, String.valueOf(e.getMessage()), e.hint().orElse(null));
  }

  private void add(String name, Result result, String fact, @Nullable String next) {
    checks.add(new Check(name, result, fact, next));
  }

  private void notChecked(String why, String... names) {
    for (String name : names) {
      add(name, Result.NOT_CHECKED, why, null);
    }
  }

  private PowerState read(PowerSwitch outlet) {
    try {
      PowerState state = outlet.read();
      switch (state) {
        case ON, OFF ->
            add(
                "power",
                Result.OK,
                outlet.outlet() + " is " + (state == PowerState.ON ? "on" : "off"),
                null);
        case UNKNOWN -> notChecked(outlet.outlet() + " cannot be read back", "power");
      }
      return state;
    } catch (BringupException e) {
      checks.add(failed("power", e));
      return PowerState.UNKNOWN;
    }
  }

  private boolean powerFailed() {
    return checks.stream()
        .anyMatch(check -> check.name().equals("power") && check.result() == Result.FAILED);
  }

  private void wires(@Nullable PowerSwitch outlet, PowerState power) {
    Transport transport = console.apply(file.console().baud());
    boolean mayBeAbsent = poweredByBoard && power != PowerState.ON;
    var recording = Recording.inMemory(file.name(), clock);
    WireRecorder recorder;
    try {
      recorder = record(transport, recording, mayBeAbsent);
    } catch (BringupException e) {
      recording.close();
      checks.add(failed("console", e));
      notChecked("the console is not open, so nothing was touched", "output", "baud", "echo");
      return;
    }
    try (recorder) {
      if (mayBeAbsent) {
        notChecked(transport.name() + " gets its power from the board, which has none", "console");
      } else {
        add("console", Result.OK, transport.name() + " is open, and nobody else has it", null);
      }
      if (outlet == null || powerFailed()) {
        notChecked("the power cannot be switched", "output", "baud", "echo");
      } else if (powerCycle) {
        cycle(outlet, power, recorder);
      } else {
        listen(recorder, power);
      }
    }
  }

  private static WireRecorder record(
      Transport transport, Recording recording, boolean mayBeAbsent) {
    return mayBeAbsent
        ? WireRecorder.startWhenThere(transport, recording)
        : WireRecorder.start(transport, recording);
  }

  /** Only what can be heard without touching the board. */
  private void listen(WireRecorder recorder, PowerState power) {
    Recording recording = recorder.recording();
    var _ = recording.awaitBeyond(0, clock.nanos() + LOOK.toNanos());
    String way = "; --power-cycle switches the board off and on and looks";
    if (recording.end() == 0) {
      String state = power == PowerState.OFF ? "the board is off" : "the board says nothing now";
      notChecked(state + way, "output", "baud", "echo");
      return;
    }
    settle(recorder, clock.nanos() + QUIET.toNanos() * 2, false);
    add("output", Result.OK, recording.end() + " bytes without being asked", null);
    baud(recorder, null);
    if (atPrompt(recording)) {
      echo(recorder);
    } else {
      notChecked("no prompt is seen" + way, "echo");
    }
  }

  private void cycle(PowerSwitch outlet, PowerState before, WireRecorder recorder) {
    var power = new ConfirmedPower(outlet, POWER_LIMIT, clock);
    try {
      boot(power, recorder);
      Recording recording = recorder.recording();
      if (recording.end() == 0) {
        add(
            "output",
            Result.SUSPECT,
            "not a byte within %d s after power-on".formatted(limits.firstByte().toSeconds()),
            "it is the board (its supply, boot medium, firmware) or the wire (the right pins,"
                + " not crossed, plugged at both ends)");
        notChecked("the board says nothing", "baud", "echo");
        return;
      }
      settle(recorder, clock.nanos() + limits.boot().toNanos(), true);
      add("output", Result.OK, recording.end() + " bytes after power-on", null);
      boolean readable = baud(recorder, power);
      if (readable) {
        echo(recorder);
      } else {
        notChecked("what the board says cannot be read", "echo");
      }
    } catch (BringupException e) {
      checks.add(failed("power-cycle", e));
      notChecked("the power does not do what it is told", "output", "baud", "echo");
    } finally {
      putBack(power, before);
    }
  }

  private void boot(ConfirmedPower power, WireRecorder recorder) {
    PowerState off = power.set(false);
    PowerState on = power.set(true);
    if (off == PowerState.OFF && on == PowerState.ON) {
      add("power-cycle", Result.OK, "off and on, each read back", null);
    } else {
      add(
          "power-cycle",
          Result.NOT_CHECKED,
          "off and on were told; the switch cannot confirm them",
          null);
    }
    var _ = recorder.recording().awaitBeyond(0, clock.nanos() + limits.firstByte().toNanos());
  }

  private void putBack(ConfirmedPower power, PowerState before) {
    try {
      power.set(before == PowerState.ON);
    } catch (BringupException e) {
      checks.add(failed("power-cycle", e));
    }
  }

  /**
   * Waits until the board is quiet or at the bootloader's prompt.
   *
   * @param stop whether to stop a countdown
   */
  private void settle(WireRecorder recorder, long deadline, boolean stop) {
    Recording recording = recorder.recording();
    BoardFile.Bootloader bootloader = file.bootloader();
    BoardFile.Autoboot autoboot = stop && bootloader != null ? bootloader.autoboot() : null;
    boolean stopped = false;
    long end = -1;
    while (deadline - clock.nanos() > 0 && end < recording.end()) {
      end = recording.end();
      String text = tail(recording);
      if (autoboot != null && !stopped && text.contains(autoboot.mark())) {
        recorder.write(autoboot.key().getBytes(StandardCharsets.US_ASCII));
        stopped = true;
      }
      var _ = recording.awaitBeyond(end, Math.min(deadline, clock.nanos() + QUIET.toNanos()));
    }
  }

  private static String tail(Recording recording) {
    return recording.text(Math.max(0, recording.end() - 2000), recording.end());
  }

  private boolean atPrompt(Recording recording) {
    String text = tail(recording);
    BoardFile.Bootloader bootloader = file.bootloader();
    return (bootloader != null && text.endsWith(bootloader.prompt()))
        || SHELL_PROMPT.matcher(text).find();
  }

  /** A space that is taken back, which no bootloader, shell or login minds. */
  private void echo(WireRecorder recorder) {
    Recording recording = recorder.recording();
    long before = recording.end();
    try {
      recorder.write(new byte[] {' '});
      boolean heard = recording.awaitBeyond(before, clock.nanos() + limits.echo().toNanos());
      recorder.write(new byte[] {0x7f});
      if (heard) {
        add("echo", Result.OK, "a space comes back", null);
      } else if (atPrompt(recording)) {
        add(
            "echo",
            Result.SUSPECT,
            "there is a prompt, but nothing echoes a space",
            "check the wire to the board's RX pin, and flow control (none, if only three wires)");
      } else {
        notChecked("no prompt is seen, and nothing echoes a space", "echo");
      }
    } catch (BringupException e) {
      checks.add(failed("echo", e));
    }
  }

  /**
   * Judges whether what came is text.
   *
   * @param power switches the board for trials of other rates; null for none
   */
  private boolean baud(WireRecorder recorder, @Nullable ConfirmedPower power) {
    Recording recording = recorder.recording();
    Readability said = Readability.of(recording.bytes(0, recording.end()));
    Transport transport = console.apply(file.console().baud());
    String at = transport.line().isPresent() ? " at " + file.console().baud() + " baud" : "";
    String fact = said.inWords() + at;
    switch (said.judgement()) {
      case TEXT -> add("baud", Result.OK, fact, null);
      case TOO_LITTLE -> notChecked(fact + ", too little to judge", "baud");
      case GARBAGE, MIXED -> {
        Optional<Integer> likely = Optional.empty();
        if (power != null && transport.line().isPresent()) {
          recorder.close(); // a port has one rate at a time
          likely = trial(power);
        }
        add(
            "baud",
            Result.SUSPECT,
            fact + (likely.isPresent() ? "" : "; is it the wrong baud rate?"),
            likely
                .map(baud -> "write console: {baud: " + baud + "} in the board file: text at that")
                .orElse(
                    "check the baud rate at both ends, the ground wire and the voltage levels"));
        return false;
      }
    }
    return true;
  }

  /** The first usual rate at which the board's words after power-on are text. */
  private Optional<Integer> trial(ConfirmedPower power) {
    for (int baud : USUAL_BAUDS) {
      if (baud != file.console().baud() && isTextAt(baud, power)) {
        return Optional.of(baud);
      }
    }
    return Optional.empty();
  }

  private boolean isTextAt(int baud, ConfirmedPower power) {
    power.set(false);
    var recording = Recording.inMemory(file.name(), clock);
    try (WireRecorder recorder = record(console.apply(baud), recording, poweredByBoard)) {
      power.set(true);
      long deadline = clock.nanos() + limits.trial().toNanos();
      while (recording.end() < ENOUGH_BYTES && recording.awaitBeyond(recording.end(), deadline)) {
        // more is needed
      }
      byte[] said = recording.bytes(0, recorder.recording().end());
      return Readability.of(said).judgement() == Readability.Judgement.TEXT;
    }
  }

  private void disk() {
    Path results = Path.of("target").toAbsolutePath();
    Path there = results;
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    long free = there == null ? 0 : there.toFile().getUsableSpace();
    add(
        "disk",
        free >= ENOUGH_DISK ? Result.OK : Result.SUSPECT,
        "%d MiB free for results in %s".formatted(free >> 20, results),
        free >= ENOUGH_DISK ? null : "free 1 GiB, or run with --output on another disk");
  }
}
