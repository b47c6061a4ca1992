package dev.bringup.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SerialPortsTest {
  private final Path dev;
  private final Path sys;
  private final SerialPorts ports;

  SerialPortsTest(@TempDir Path folder) throws IOException {
    dev = folder.resolve("dev");
    Files.createDirectories(dev.resolve("serial/by-id"));
    sys = folder.resolve("sys");
    Files.createDirectories(sys.resolve("class/tty"));
    ports = SerialPorts.in(dev, sys);
  }

  /** As the kernel lays out a usb-serial port: the terminal's device lies in the interface. */
  private void plug(
      String name, String hubs, int usbInterface, @Nullable String serial, boolean acm)
      throws IOException {
    Path adapter = Files.createDirectories(sys.resolve("devices/pci0/usb1/1-1/" + hubs));
    if (serial != null) {
      Files.writeString(adapter.resolve("serial"), serial + "\n");
    }
    Path at = Files.createDirectories(adapter.resolve(hubs + ":1." + usbInterface));
    Files.writeString(at.resolve("bInterfaceNumber"), "%02x\n".formatted(usbInterface));
    Path port = acm ? at : Files.createDirectories(at.resolve(name));
    Path terminal = Files.createDirectories(port.resolve("tty/" + name));
    Files.createSymbolicLink(terminal.resolve("device"), port);
    Files.createSymbolicLink(sys.resolve("class/tty").resolve(name), terminal);
    Files.createFile(dev.resolve(name));
  }

  private Path found(String name) {
    return ports.find(SerialPortName.parse(name));
  }

  @Test
  void anAdapterIsFoundBySerialNumberAndByPlaceWhateverItIsCalled() throws IOException {
    Files.createDirectories(sys.resolve("class/tty/tty0")); // without a device
    plug("ttyUSB0", "1-1.2", 0, "A10", false);
    plug("ttyUSB1", "1-1.4", 0, "B20", false);
    plug("ttyUSB2", "1-1.4", 1, "B20", false);
    plug("ttyACM0", "1-1.3", 2, null, true);
    assertThat(found("usb:A10")).isEqualTo(dev.resolve("ttyUSB0"));
    assertThat(found("usb:B20")).isEqualTo(dev.resolve("ttyUSB1"));
    assertThat(found("usb:B20:1")).isEqualTo(dev.resolve("ttyUSB2"));
    assertThat(found("hub:1-1.3:2")).isEqualTo(dev.resolve("ttyACM0"));
    assertThat(ports.usbPorts()).hasSize(4);
  }

  @Test
  void aNameInByIdIsFollowedToWhereItPointsNow() throws IOException {
    plug("ttyUSB3", "1-1.2", 0, "A10", false);
    Files.createSymbolicLink(dev.resolve("serial/by-id/usb-X-if00"), dev.resolve("ttyUSB3"));
    assertThat(found("id:usb-X-if00")).isEqualTo(dev.resolve("ttyUSB3").toRealPath());
  }

  @Test
  void anAbsentPortIsNamedWithThoseThatAreThere() throws IOException {
    plug("ttyUSB0", "1-1.2", 0, "A10", false);
    assertThatThrownBy(() -> found("usb:B20"))
        .isInstanceOf(BringupException.class)
        .hasMessage("serial port usb:B20 is not plugged in")
        .extracting(e -> ((BringupException) e).hint().orElseThrow())
        .asString()
        .contains("usb:A10 hub:1-1.2");
  }

  @Test
  void twoAdaptersWithOneSerialNumberAreToldApartByPlace() throws IOException {
    plug("ttyUSB0", "1-1.2", 0, "0001", false);
    plug("ttyUSB1", "1-1.4", 0, "0001", false);
    assertThatThrownBy(() -> found("usb:0001")).hasMessageContaining("ambiguous");
    assertThat(found("hub:1-1.4")).isEqualTo(dev.resolve("ttyUSB1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/dev/board1", "id:usb-A_B-if00-port0", "usb:FT1", "usb:FT1:1", "hub:1-1.4:2"})
  void aNameIsWrittenAsItWasRead(String name) {
    assertThat(SerialPortName.parse(name)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "board1", "usb:", "tty:1"})
  void otherWordsAreRefused(String name) {
    assertThatThrownBy(() -> SerialPortName.parse(name))
        .isInstanceOf(BringupException.class)
        .hasMessageContaining("hub:1-1.4");
  }
}
