package dev.bringup.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.config.YamlFile;
import dev.bringup.config.YamlNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PowerDriversTest {
  private static final Pattern EXAMPLE =
      Pattern.compile("```yaml\\n(drivers:\\n  power:.*?)```", Pattern.DOTALL);

  @Test
  void everyDriverHasAnExampleInTheDocumentationThatItTakes(@TempDir Path folder)
      throws IOException {
    Files.writeString(folder.resolve("shelly.secret"), "x");
    var shown = new TreeSet<String>();
    EXAMPLE
        .matcher(Files.readString(Path.of("../docs/board-files.md")))
        .results()
        .forEach(example -> {
          String text = example.group(1).replaceAll("env: [A-Z_]+", "env: PATH");
          YamlNode.Mapping power =
              YamlFile.parse(folder.resolve("desk.yaml").toString(), text)
                  .get("drivers")
                  .get("power")
                  .map();
          String driver = power.get("driver").text();
          PowerDrivers.open(driver, power).close();
          shown.add(driver);
        });
    assertThat(shown).isEqualTo(PowerDrivers.drivers().keySet());
  }

  @Test
  void hostsAreNamesOrAddresses() {
    for (String good : new String[] {"pdu7", "pdu7.lab.example", "10.0.0.7", "'fe80::1'"}) {
      PowerSwitchContractSuite.open("driver: tasmota\nhost: " + good).close();
    }
    for (String bad :
        new String[] {"my_pdu", "a b", "'a/b'", "'user@pdu'", "'pdu:80'", "'-'", "1.2.3.4.5"}) {
      assertThatThrownBy(() -> PowerSwitchContractSuite.open("driver: tasmota\nhost: " + bad))
          .hasMessageStartingWith("boards/desk.yaml:2:7: \"")
          .hasMessageEndingWith("is neither a host's name nor an address");
    }
  }

  @Test
  void restIsWhatTheBoardFileSays() {
    try (PowerSwitch outlet = PowerSwitchContractSuite.open("driver: manual\noff-for: 1.5 s")) {
      assertThat(outlet.offFor()).isEqualTo(Duration.ofMillis(1500));
    }
    assertThatThrownBy(() -> PowerSwitchContractSuite.open("driver: manual\noff-for: 1 h"))
        .hasMessage("boards/desk.yaml:2:10: \"off-for\" is at most 10 min");
  }

  @Test
  void aWrongReaderIsFoundToo() {
    assertThatThrownBy(() ->
            PowerSwitchContractSuite.open("driver: manual\nstate-from: {driver: gpio, chip: 0}"))
        .hasMessageStartingWith("boards/desk.yaml:2:13: missing key \"line\"");
  }
}
