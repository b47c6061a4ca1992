package dev.bringup.transport;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class PtyTransportTest extends TransportContractSuite {
  private final Path folder;

  PtyTransportTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Override
  protected FarEnd farEnd() throws Exception {
    return new PtyFarEnd(folder, PtyTransport::new);
  }
}
