package dev.bringup.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.transport.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that says what uhubctl 2.5 says, for a USB 3 hub with its two halves. */
class UsbHubPortTest extends PowerSwitchContractSuite {
  private final Path folder;

  UsbHubPortTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static final class Hub extends StandIn {
    Hub(Path folder) throws IOException {
      super(folder);
      script(
          "uhubctl",
          """
          moody
          [ "$1 $2 $3 $4" = "-l 1-1.4 -p 2" ] || { echo "No compatible devices detected at location $2!" >&2; exit 1; }
          show() {
            if [ $(cat "$dir/state") = 1 ]; then two="0503 power highspeed enable connect [0403:6001]"; three="02a0 power 5gbps Rx.Detect"
            else two="0000 off"; three="$(cat "$dir/three" 2>/dev/null || echo 00a0 off)"; fi
            echo "$1 status for hub 2-1.4 [2109:0822 VIA Labs, Inc. USB3.1 Hub, USB 3.20, 4 ports, ppps]"
            echo "  Port 2: $three"
            echo "$1 status for hub 1-1.4 [2109:2822 VIA Labs, Inc. USB2.0 Hub, USB 2.10, 4 ports, ppps]"
            echo "  Port 2: $two"
          }
          show Current
          [ "$5" = -a ] || exit 0
          echo "Sent power $6 request"
          case $6 in on) order 1 ;; off) order 0 ;; esac
          show New
          """);
    }

    @Override
    public String settings() {
      return "driver: uhubctl\nhub: 1-1.4\nport: 2\ntools: " + folder;
    }

    @Override
    public String name() {
      return "port 2 of USB hub 1-1.4";
    }
  }

  @Override
  FarEnd farEnd() throws IOException {
    return new Hub(folder);
  }

  @Test
  void thereIsPowerAsLongAsOneHalfGivesIt() throws IOException {
    var hub = new Hub(folder);
    try (PowerSwitch outlet = open(hub.settings())) {
      outlet.set(false);
      assertThat(outlet.read()).isEqualTo(PowerState.OFF);
      Files.writeString(folder.resolve("three"), "02a0 power 5gbps Rx.Detect");
      assertThat(outlet.read()).isEqualTo(PowerState.ON);
    }
  }

  @Test
  void uhubctlItselfSaysWhatIsMissing() {
    String uhubctl = Peers.require("uhubctl");
    String tools = String.valueOf(Path.of(uhubctl).getParent());
    try (PowerSwitch outlet = open("driver: uhubctl\nhub: 97-1\nport: 2\ntools: " + tools)) {
      assertThatThrownBy(outlet::read)
          .hasMessageStartingWith(
              "port 2 of USB hub 97-1 refuses: uhubctl ended with exit code 1: \"")
          .hasMessageContaining("No compatible");
      assertThatThrownBy(() -> outlet.set(true)).hasMessageContaining("No compatible");
    }
  }

  @Test
  void aLocationIsChecked() {
    assertThatThrownBy(() -> open("driver: uhubctl\nhub: -a\nport: 2"))
        .hasMessage("boards/desk.yaml:2:6: \"hub\" is a location as uhubctl shows it: 1-1.4");
  }
}
