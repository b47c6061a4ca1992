package dev.bringup.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.verdict.BringupException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandTransportTest extends TransportContractSuite {
  @Override
  protected FarEnd farEnd() throws Exception {
    Peers.require("socat");
    return new SocketFarEnd(
        false,
        port -> new CommandTransport(List.of("socat", "-", "TCP:127.0.0.1:" + port + ",nodelay")));
  }

  @Test
  void aProgramThatEndsSaysWhy() {
    Peers.require("sh");
    var transport =
        new CommandTransport(List.of("sh", "-c", "echo up; echo no such board >&2; exit 3"));
    try (Connection connection = transport.open()) {
      assertThat(connection.next()).isInstanceOf(WireEvent.Received.class);
      assertThat(connection.next())
          .isEqualTo(new WireEvent.Lost("the program ended with exit code 3: no such board"));
    }
  }

  /**
   * A silent pipe pins the carrier of a virtual thread. The JDK adds carriers, but not for ever:
   * two such programs on two cores, silent for a minute, and nothing virtual ran any more.
   */
  @Test
  void aSilentProgramPinsNoVirtualThread() {
    Peers.require("sleep");
    var transport = new CommandTransport(List.of("sleep", "600"));
    try (Connection connection = transport.open()) {
      assertThat(Thread.getAllStackTraces().keySet()) // which are platform threads
          .extracting(Thread::getName)
          .contains(connection.name(), connection.name() + " errors");
    }
  }

  @Test
  void aProgramThatIsMissingIsNamed() {
    assertThatThrownBy(() -> new CommandTransport(List.of("no-such-program-7")).open())
        .isInstanceOf(BringupException.class)
        .hasMessageContaining("no-such-program-7");
  }
}
