package dev.bringup.transport;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class Ser2netRfc2217Test extends TransportContractSuite {
  private final Path folder;

  Ser2netRfc2217Test(@TempDir Path folder) {
    this.folder = folder;
  }

  @Override
  protected FarEnd farEnd() throws Exception {
    return new Ser2netFarEnd(
        folder,
        "telnet(rfc2217),tcp",
        port -> new Rfc2217Transport("127.0.0.1", port, LineSettings.DEFAULT));
  }
}
