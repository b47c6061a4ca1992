package dev.bringup.transport;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class SocketWireTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  @Test
  void aConnectionToItselfIsNone() throws Exception {
    Assumptions.assumeTrue(
        System.getProperty("os.name", "").equals("Linux"), "not all systems connect so");
    try (var socket = new Socket()) {
      socket.bind(new InetSocketAddress(HERE, 0));
      socket.connect(socket.getLocalSocketAddress());

      assertThatThrownBy(() -> SocketWire.requireOther(socket))
          .isInstanceOf(ConnectException.class)
          .hasMessage("nobody listens there");
    }
  }

  @Test
  void aConnectionToAnotherSocketOfThisHostIsOne() throws Exception {
    try (var listener = new ServerSocket(0, 1, HERE);
        var socket = new Socket(HERE, listener.getLocalPort())) {
      assertThatCode(() -> SocketWire.requireOther(socket)).doesNotThrowAnyException();
    }
  }
}
