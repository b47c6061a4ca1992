package dev.bringup.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs of the user's, whose state program says a word. */
class CommandOutletTest extends PowerSwitchContractSuite {
  private final Path folder;

  CommandOutletTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static final class Relay extends StandIn {
    Relay(Path folder) throws IOException {
      super(folder);
      script(
          "relay",
          """
          case $1 in
            on) moody; order 1 ;;
            off) moody; order 0 ;;
            word) moody; if [ $(cat "$dir/state") = 1 ]; then echo "Relay 3: ON"; else echo "Relay 3: OFF."; fi ;;
            code) [ $(cat "$dir/state") = 1 ] ;;
            both) echo "on or off" ;;
            broken) echo "no such relay" >&2; exit 3 ;;
            daemon) sleep 1000 & echo $! >"$dir/daemon"; order 1 ;;
          esac
          """);
    }

    String orders() {
      return "driver: command\nwhat: relay 3\non: [%s/relay, on]\noff: [%s/relay, off]\n"
          .formatted(folder, folder);
    }

    @Override
    public String settings() {
      return orders() + "state: [" + folder + "/relay, word]\n";
    }

    @Override
    public String name() {
      return "relay 3";
    }
  }

  @Override
  FarEnd farEnd() throws IOException {
    return new Relay(folder);
  }

  private String state(String words) {
    return "state: [" + folder + "/relay, " + words + "]\n";
  }

  @Test
  void theStateCanBeAnExitCode() throws IOException {
    var relay = new Relay(folder);
    try (PowerSwitch outlet = open(relay.orders() + state("code") + "state-by: exit-code")) {
      outlet.set(true);
      assertThat(outlet.read()).isEqualTo(PowerState.ON);
      outlet.set(false);
      assertThat(outlet.read()).isEqualTo(PowerState.OFF);
    }
    try (PowerSwitch outlet = open(relay.orders() + state("broken") + "state-by: exit-code")) {
      assertThatThrownBy(outlet::read)
          .hasMessageEndingWith("refuses: relay ended with exit code 3: \"no such relay\"");
    }
  }

  @Test
  void theWordsCanBeOthers() throws IOException {
    var relay = new Relay(folder);
    relay.turn(true);
    try (PowerSwitch outlet =
        open(relay.orders() + state("word") + "state-on: Off\nstate-off: On\n")) {
      assertThat(outlet.read()).isEqualTo(PowerState.OFF);
    }
  }

  @Test
  void bothWordsSayNothing() throws IOException {
    try (PowerSwitch outlet = open(new Relay(folder).orders() + state("both"))) {
      assertThatThrownBy(outlet::read).hasMessageContaining("answered \"on or off\"");
    }
  }

  @Test
  void withoutAStateProgramTheStateIsUnknown() throws IOException {
    try (PowerSwitch outlet = open(new Relay(folder).orders())) {
      outlet.set(true);
      assertThat(outlet.read()).isEqualTo(PowerState.UNKNOWN);
    }
  }

  @Test
  void theStateCanComeFromAnotherDriver() throws IOException {
    var relay = new Relay(folder);
    String settings = relay.orders() + "state-from:\n" + (relay.orders() + state("word")).indent(2);
    try (PowerSwitch outlet = open(settings)) {
      outlet.set(true);
      assertThat(outlet.read()).isEqualTo(PowerState.ON);
    }
  }

  @Test
  void anOrderThatFailsIsAnErrorWithItsReason() throws IOException {
    String settings = new Relay(folder).orders().replace("relay, on]", "relay, broken]");
    try (PowerSwitch outlet = open(settings)) {
      assertThatThrownBy(() -> outlet.set(true))
          .hasMessageEndingWith("refuses: relay ended with exit code 3: \"no such relay\"");
    }
  }

  @Test
  void aProgramThatLeavesAnotherOneBehindHasDoneItsWork() throws IOException {
    var relay = new Relay(folder);
    String settings = relay.orders().replace("relay, on]", "relay, daemon]") + "within: 6 s\n";
    try (PowerSwitch outlet = open(settings)) {
      outlet.set(true);
      assertThat(relay.powered()).isTrue();
    } finally {
      long pid = Long.parseLong(Files.readString(folder.resolve("daemon")).strip());
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
    }
  }

  @Test
  void withoutANameItIsTheProgramThatSwitchesIt() {
    try (PowerSwitch outlet = open("driver: command\non: [relay, \"1\"]\noff: [x]")) {
      assertThat(outlet.outlet()).isEqualTo("the outlet that \"relay 1\" switches");
    }
  }

  @Test
  void wrongSettingsHaveTheirPlace() {
    String orders = "driver: command\non: [true]\noff: [false]\n";
    assertThatThrownBy(() -> open("driver: command\non: []\noff: [x]\n"))
        .hasMessage("boards/desk.yaml:2:5: \"on\" needs a program: [PROGRAM, ARGUMENT, ...]");
    assertThatThrownBy(() -> open("driver: command\non: [x]\n"))
        .hasMessageContaining("missing key \"off\"");
    assertThatThrownBy(() -> open(orders + "state-on: 1\n"))
        .hasMessageContaining(":4:11: \"state-on\" says how to read \"state\", which is not there");
    assertThatThrownBy(() -> open(orders + "state: [x]\nstate-by: guess\n"))
        .hasMessageContaining("it can be words, exit-code");
    assertThatThrownBy(() -> open(orders + "within: 0 s\n"))
        .hasMessageContaining("\"within\" must be more than nothing");
    assertThatThrownBy(() -> open("driver: tasmotta\n"))
        .hasMessageContaining("there is no power driver \"tasmotta\"; did you mean \"tasmota\"?");
  }
}
