package dev.bringup.transport;

import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import jdk.net.ExtendedSocketOptions;

/** A TCP connection with a thread that reads it; what its bytes mean is the {@link Sink}'s. */
final class SocketWire {
  /** How long a terminal server may take to accept. */
  static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

  /** Seconds: a peer that vanished without a word is noticed after about a minute. */
  private static final int KEEPALIVE_IDLE = 30;

  private static final int KEEPALIVE_INTERVAL = 10;
  private static final int KEEPALIVE_COUNT = 3;
  private static final int BUFFER = 64 * 1024;

  /** Takes what came, on the reading thread. */
  interface Sink {
    void received(byte[] bytes, int length) throws TelnetFormatException;

    /** Nothing more will come. */
    void lost(String reason);
  }

  private final String name;
  private final Socket socket;
  private final ReentrantLock sending = new ReentrantLock();

  private SocketWire(String name, Socket socket) {
    this.name = name;
    this.socket = socket;
  }

  static SocketWire connect(String name, String host, int port) {
    var socket = new Socket();
    try {
      var address = new InetSocketAddress(host, port);
      if (address.isUnresolved()) {
        throw new UnknownHostException("host " + host + " is not known");
      }
      socket.setTcpNoDelay(true);
      socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
        socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEPALIVE_IDLE);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEPALIVE_INTERVAL);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEPALIVE_COUNT);
      }
      socket.connect(address, (int) CONNECT_LIMIT.toMillis());
      requireOther(socket);
      return new SocketWire(name, socket);
    } catch (IOException e) {
      closeQuietly(socket);
      throw BringupException.infrastructure(
          "cannot open " + name + ": " + e.getMessage(),
          "check that the terminal server runs there and that nobody else holds the port",
          e);
    }
  }

  /**
   * Where nobody listens on a port of this host, TCP may choose that port for this side and connect
   * to itself (RFC 9293 section 3.5, simultaneous open). All that is typed would come back as if
   * the board had said it.
   */
  static void requireOther(Socket socket) throws IOException {
    if (socket.getLocalSocketAddress().equals(socket.getRemoteSocketAddress())) {
      throw new ConnectException("nobody listens there");
    }
  }

  void start(Sink sink) {
    Thread.ofVirtual().name(name).start(() -> run(sink));
  }

  private void run(Sink sink) {
    String reason;
    try {
      var in = socket.getInputStream();
      var buffer = new byte[BUFFER];
      int count = in.read(buffer);
      while (count >= 0) {
        sink.received(buffer, count);
        count = in.read(buffer);
      }
      reason = "the far end closed the connection";
    } catch (IOException e) {
      reason = String.valueOf(e.getMessage());
    } catch (TelnetFormatException e) {
      reason = "the far end broke the telnet protocol: " + e.getMessage();
    }
    sink.lost(reason);
    closeQuietly(socket);
  }

  /** Sends bytes; those of one call stay together. */
  void write(byte[] bytes) {
    sending.lock();
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw Inbox.gone(name, String.valueOf(e.getMessage()));
    } finally {
      sending.unlock();
    }
  }

  void close() {
    closeQuietly(socket);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing is expected of it any more.
    }
  }
}
