package dev.bringup.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** jSerialComm on a pseudo terminal: all of a serial port but the wire. */
class SerialTransportTest extends TransportContractSuite {
  private final Path folder;

  SerialTransportTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Override
  protected FarEnd farEnd() throws Exception {
    return new PtyFarEnd(
        folder,
        link -> new SerialTransport(new SerialPortName.AtPath(link), LineSettings.of(1_500_000)));
  }

  @Test
  void aBreakThatComesThrowsAwayNoBytes() throws Exception {
    String stty = Peers.require("stty");
    try (var pty = Pty.make();
        var _ =
            new SerialTransport(new SerialPortName.AtPath(pty.path()), LineSettings.DEFAULT)
                .open()) {
      Process process =
          new ProcessBuilder(stty, "-F", pty.path().toString(), "-a")
              .redirectErrorStream(true)
              .start();
      assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("-brkint ", "-ignbrk ", " cs8 ", "speed 115200 baud");
    }
  }

  /** Else what a board says to the next one would go to the reader before, now and then. */
  @Test
  void whoHasClosedAPortReadsItNoMore() {
    try (var pty = Pty.make()) {
      var port =
          new SerialTransport(new SerialPortName.AtPath(pty.path()), LineSettings.of(115_200));
      for (int i = 0; i < 50; i++) {
        Connection connection = port.open();
        pty.connection().write(new byte[] {1});
        assertThat(connection.next()).isInstanceOf(WireEvent.Received.class);
        connection.close();
        assertThat(Thread.getAllStackTraces().keySet())
            .noneMatch(thread -> thread.getName().equals(connection.name()));
      }
    }
  }

  @Test
  void theNativeLibraryComesFromAFolderThatNobodyElseCanWriteTo() throws Exception {
    NativeSerial.load();
    assertThat(Files.readAllLines(Path.of("/proc/self/maps")))
        .filteredOn(line -> line.contains("libjSerialComm"))
        .isNotEmpty()
        .allMatch(line -> line.contains("/bringup-serial"));
  }
}
