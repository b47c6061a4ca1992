package dev.bringup.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Not the contract: over raw TCP nothing tells when ser2net has opened its port, and what the board
 * says before is not kept.
 */
@Timeout(60)
class Ser2netTcpTest {
  @Test
  void bytesPassBothWaysUnchanged(@TempDir Path folder) throws Exception {
    var bytes = new byte[20_000];
    new Random(5).nextBytes(bytes);
    try (var far = new Ser2netFarEnd(folder, "tcp", port -> new TcpTransport("127.0.0.1", port));
        Connection connection = far.transport().open()) {
      connection.write(bytes);
      assertThat(Arrays.equals(far.hear(bytes.length), bytes)).isTrue();
      far.say(bytes);
      assertThat(Arrays.equals(TransportContractSuite.read(connection, bytes.length), bytes))
          .isTrue();
    }
  }
}
