package dev.bringup.power;

import dev.bringup.config.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A line of a GPIO chip that drives a relay, by libgpiod's programs {@code gpioset} and {@code
 * gpioget}, version 1 or 2 (their manual pages).
 *
 * <p>The kernel keeps a line's value only while a process has requested it. So {@code gpioset} is
 * left running in the background, after this process's end too: the outlet stays as it is, and
 * whoever switches it next finds that process by its arguments and ends it. In between the line is
 * nobody's for some milliseconds.
 *
 * <p>A requested line cannot be read by others, and {@code gpioget} of version 1 makes an input of
 * a line that it reads, which would switch it. So what is read is a second line, {@code sense},
 * that sees the board's supply; without one, what the background process holds.
 */
final class GpioLine implements PowerSwitch {
  private static final String HINT =
      "check chip and line with gpioinfo, and this user's right to /dev/gpiochip*";

  private static final String PROGRAM_HINT = "install the Debian package gpiod";

  private static final Pattern CHIP = Pattern.compile("[A-Za-z0-9/_.-]{1,100}");
  private static final Pattern VERSION = Pattern.compile("\\bv(\\d{1,3})\\.\\d");
  private static final int MAX_LINE = 0xffff;

  private final Program program;
  private final String gpioset;
  private final String gpioget;
  private final String chip;
  private final int line;
  private final boolean activeLow;
  private final Optional<Integer> sense;
  private final boolean senseActiveLow;
  private final ReentrantLock switching = new ReentrantLock();
  private int version; // of the programs; 0 as long as it is not known; guarded by switching

  private GpioLine(DriverSettings settings, String chip) {
    this.chip = chip;
    line = settings.number("line", 0, MAX_LINE);
    activeLow = settings.flag("active-low");
    sense = settings.find("sense").map(_ -> settings.number("sense", 0, MAX_LINE));
    senseActiveLow = settings.flag("sense-active-low");
    gpioset = settings.tool("gpioset");
    gpioget = settings.tool("gpioget");
    program =
        new Program(
            Outlet.named("GPIO line " + line + " of " + chip),
            settings.within(Duration.ofSeconds(10)),
            Map.of());
  }

  static PowerSwitch open(YamlNode.Mapping map) {
    var settings =
        DriverSettings.of(
            "gpio", map, "chip", "line", "active-low", "sense", "sense-active-low", "tools");
    String chip = settings.text("chip");
    if (!CHIP.matcher(chip).matches() || chip.startsWith("-")) {
      throw map.get("chip").wrong("\"chip\" is a name as gpiodetect shows it: gpiochip0");
    }
    return new GpioLine(settings, chip);
  }

  @Override
  public String outlet() {
    return program.outlet().name();
  }

  @Override
  public void set(boolean on) {
    switching.lock();
    try {
      if (holders(on).findAny().isPresent() && holders(!on).findAny().isEmpty()) {
        return;
      }
      release();
      var _ = program.runWell(holding(on), HINT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw program.outlet().interrupted();
    } finally {
      switching.unlock();
    }
  }

  @Override
  public PowerState read() {
    switching.lock();
    try {
      if (sense.isPresent()) {
        return get(sense.get(), senseActiveLow, false);
      }
      if (holders(true).findAny().isPresent()) {
        return PowerState.ON;
      }
      if (holders(false).findAny().isPresent()) {
        return PowerState.OFF;
      }
      return version() == 1 ? PowerState.UNKNOWN : get(line, activeLow, true);
    } finally {
      switching.unlock();
    }
  }

  private PowerState get(int which, boolean low, boolean asIs) {
    var command = new ArrayList<>(List.of(gpioget));
    if (version() == 1) {
      command.addAll(low ? List.of("--active-low", chip, "" + which) : List.of(chip, "" + which));
    } else {
      command.add("--numeric");
      if (asIs) {
        command.add("--as-is");
      }
      if (low) {
        command.add("--active-low");
      }
      command.addAll(List.of("--chip", chip, "" + which));
    }
    String said = program.runWell(command, HINT).out();
    return switch (said.strip()) {
      case "1" -> PowerState.ON;
      case "0" -> PowerState.OFF;
      default -> throw program.outlet().garbage(said, "0 or 1 from gpioget");
    };
  }

  /** The command that sets the line and stays in the background to hold it. */
  private List<String> holding(boolean on) {
    var command = new ArrayList<>(List.of(gpioset));
    if (version() == 1) {
      command.addAll(List.of("--mode=signal", "--background"));
    } else {
      command.addAll(List.of("--daemonize", "--consumer", "bringup"));
    }
    if (activeLow) {
      command.add("--active-low");
    }
    if (version() != 1) {
      command.add("--chip");
    }
    command.addAll(List.of(chip, line + "=" + (on ? 1 : 0)));
    return command;
  }

  /** Processes that hold the line at this value, started here or by an earlier process. */
  private Stream<ProcessHandle> holders(boolean on) {
    List<String> command = holding(on);
    List<String> arguments = command.subList(1, command.size());
    return ProcessHandle.allProcesses()
        .filter(process -> {
          List<String> all = List.of(process.info().arguments().orElse(new String[0]));
          int start = all.size() - arguments.size();
          return start >= 0 && all.subList(start, all.size()).equals(arguments);
        });
  }

  private void release() throws InterruptedException {
    boolean released =
        Patience.until(
            () -> {
              List<ProcessHandle> left = Stream.concat(holders(true), holders(false)).toList();
              left.forEach(ProcessHandle::destroy);
              return left.isEmpty();
            },
            program.within());
    if (!released) {
      throw program
          .outlet()
          .unreachable(
              "a process that holds it cannot be ended", "see who it is: pgrep -a gpioset");
    }
  }

  private int version() {
    if (version == 0) {
      String said = program.runWell(List.of(gpioset, "--version"), PROGRAM_HINT).out();
      Matcher number = VERSION.matcher(said);
      if (!number.find()) {
        throw program.outlet().garbage(said, "a version of libgpiod");
      }
      version = Integer.parseInt(number.group(1));
    }
    return version;
  }
}
