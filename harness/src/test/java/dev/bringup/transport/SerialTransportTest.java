package dev.bringup.transport;

import java.nio.file.Path;
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
}
