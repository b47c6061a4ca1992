package dev.bringup.transport;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class Ser2netTelnetTest extends TransportContractSuite {
  private final Path folder;

  Ser2netTelnetTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Override
  protected FarEnd farEnd() throws Exception {
    return new Ser2netFarEnd(folder, "telnet,tcp", port -> new TelnetTransport("127.0.0.1", port));
  }
}
