package dev.bringup.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.transport.Peers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A chip whose line 17 drives a relay and whose line 27 sees the board's supply, behind programs
 * with the arguments of libgpiod 1 or 2: gpioset keeps its line until it is ended, one line has one
 * user, and gpioget of version 1 makes an input of what it reads, which lets the relay fall.
 */
class GpioLineTest {
  private static final class Chip extends StandIn {
    Chip(Path folder, int version) throws IOException {
      super(folder);
      script(
          "gpioset",
          """
          [ "$1" = --version ] && { echo "gpioset (libgpiod) v%s"; exit 0; }
          case "$*" in
            "%s gpiochip0 17="[01]) ;;
            *) echo "gpioset: wrong arguments: $*" >&2; exit 1 ;;
          esac
          moody
          for last; do :; done
          if [ -e "$dir/held" ]; then echo "gpioset: Device or resource busy" >&2; exit 1; fi
          (
            trap 'kill $nap; rm "$dir/held"; exit 0' TERM
            sleep 1000 & nap=$!
            order ${last#17=}
            sh -c 'echo $PPID' >"$dir/held.new"
            mv "$dir/held.new" "$dir/held"
            wait
          ) </dev/null >/dev/null 2>&1 &
          while ! [ -e "$dir/held" ]; do sleep 0.01; done
          """
              .formatted(
                  version == 1 ? "1.6.3" : "2.1.3",
                  version == 1
                      ? "--mode=signal --background"
                      : "--daemonize --consumer bringup --chip"));
      script(
          "gpioget",
          """
          moody
          case "$*" in
            "%s27") cat "$dir/state" ;;
            "%s17")
              if [ -e "$dir/held" ]; then echo "gpioget: Device or resource busy" >&2; exit 1; fi
              cat "$dir/state"
              %s ;;
            *) echo "gpioget: wrong arguments: $*" >&2; exit 1 ;;
          esac
          """
              .formatted(
                  version == 1 ? "gpiochip0 " : "--numeric --chip gpiochip0 ",
                  version == 1 ? "gpiochip0 " : "--numeric --as-is --chip gpiochip0 ",
                  version == 1 ? "order 0" : ":"));
    }

    String withoutSense() {
      return "driver: gpio\nchip: gpiochip0\nline: 17\ntools: " + folder + "\n";
    }

    @Override
    public String settings() {
      return withoutSense() + "sense: 27\n";
    }

    @Override
    public String name() {
      return "GPIO line 17 of gpiochip0";
    }

    /** The process that holds the line. */
    ProcessHandle holder() throws IOException {
      long pid = Long.parseLong(Files.readString(folder.resolve("held")).strip());
      return ProcessHandle.of(pid).orElseThrow();
    }

    @Override
    public void close() throws IOException {
      if (Files.exists(folder.resolve("held"))) {
        holder().destroy();
      }
    }
  }

  @Nested
  class Version1 extends PowerSwitchContractSuite {
    @Override
    FarEnd farEnd() throws IOException {
      return new Chip(Files.createTempDirectory(folder, "v1"), 1);
    }
  }

  @Nested
  class Version2 extends PowerSwitchContractSuite {
    @Override
    FarEnd farEnd() throws IOException {
      return new Chip(Files.createTempDirectory(folder, "v2"), 2);
    }
  }

  private final Path folder;

  GpioLineTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static PowerSwitch open(String settings) {
    return PowerSwitchContractSuite.open(settings);
  }

  @Test
  void theLineIsHeldWhenItsSwitchIsClosedAndTheNextOneTakesItOver() throws IOException {
    for (int version : new int[] {1, 2}) {
      try (var chip = new Chip(Files.createTempDirectory(folder, "chip"), version)) {
        try (PowerSwitch outlet = open(chip.withoutSense())) {
          outlet.set(true);
        }
        ProcessHandle first = chip.holder();
        assertThat(first.isAlive()).isTrue();
        try (PowerSwitch outlet = open(chip.withoutSense())) {
          assertThat(outlet.read()).isEqualTo(PowerState.ON);
          outlet.set(true);
          assertThat(chip.holder()).as("nothing to do").isEqualTo(first);
          outlet.set(false);
          assertThat(outlet.read()).isEqualTo(PowerState.OFF);
          assertThat(chip.holder()).isNotEqualTo(first);
          assertThat(chip.powered()).isFalse();
        }
      }
    }
  }

  @Test
  void readingALineThatNobodyHoldsDoesNotChangeIt() throws IOException {
    for (int version : new int[] {1, 2}) {
      try (var chip = new Chip(Files.createTempDirectory(folder, "chip"), version);
          PowerSwitch outlet = open(chip.withoutSense())) {
        chip.turn(true);
        assertThat(outlet.read()).isEqualTo(version == 1 ? PowerState.UNKNOWN : PowerState.ON);
        assertThat(chip.powered()).isTrue();
      }
    }
  }

  @Test
  void aLineThatSomebodyElseHoldsIsBusy() throws IOException {
    try (var chip = new Chip(folder, 2);
        PowerSwitch outlet = open(chip.withoutSense())) {
      Files.writeString(folder.resolve("held"), ProcessHandle.current().pid() + "\n");
      assertThatThrownBy(() -> outlet.set(true))
          .hasMessageContaining("GPIO line 17 of gpiochip0 refuses: ")
          .hasMessageContaining("Device or resource busy");
      Files.delete(folder.resolve("held"));
    }
  }

  @Test
  void libgpiodItselfTakesTheArguments() throws Exception {
    String gpioset = Peers.require("gpioset");
    String tools = String.valueOf(Path.of(gpioset).getParent());
    Process process = new ProcessBuilder(gpioset, "--version").start();
    String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String settings = "driver: gpio\nchip: gpiochip97\nline: 17\nactive-low: true\ntools: " + tools;
    try (PowerSwitch outlet = open(settings + "\nsense: 27\nsense-active-low: true\n")) {
      // a wrong option would be said before the chip is looked for
      assertThatThrownBy(() -> outlet.set(true)).as(version).hasMessageContaining("No such file");
      assertThatThrownBy(outlet::read).as(version).hasMessageContaining("No such file");
    }
  }
}
