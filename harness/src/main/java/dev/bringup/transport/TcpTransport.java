package dev.bringup.transport;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Bytes over TCP as they are: ser2net's {@code tcp} accepter, QEMU's {@code -serial tcp:...}. Has
 * neither BREAK nor modem lines, and cannot tell whether written bytes have left: {@code drain}
 * says so as soon as the host's kernel has them.
 */
public record TcpTransport(String host, int port) implements Transport {

  @Override
  public String name() {
    return "tcp://" + host + ":" + port;
  }

  @Override
  public Connection open() {
    SocketWire wire = SocketWire.connect(name(), host, port);
    var connection = new TcpConnection(name(), wire, new Inbox());
    wire.start(connection);
    return connection;
  }

  private record TcpConnection(String name, SocketWire wire, Inbox inbox)
      implements Connection, SocketWire.Sink {

    @Override
    public void received(byte[] bytes, int length) {
      inbox.put(bytes, 0, length);
    }

    @Override
    public void lost(String reason) {
      inbox.end(new WireEvent.Lost(reason));
    }

    @Override
    public Set<Ability> abilities() {
      return Set.of();
    }

    @Override
    public WireEvent next() {
      return inbox.take(name);
    }

    @Override
    public void write(byte[] bytes) {
      inbox.requireOpen(name);
      wire.write(bytes);
    }

    @Override
    public boolean drain(Duration limit) {
      inbox.requireOpen(name);
      return true;
    }

    @Override
    public void setBreak(boolean on) {
      throw Refusals.noBreak(name, "raw TCP carries bytes only; use rfc2217 or telnet");
    }

    @Override
    public void set(ControlLine line, boolean on) {
      throw Refusals.noLines(name, "raw TCP carries bytes only; use rfc2217");
    }

    @Override
    public Optional<ModemLines> modemLines() {
      return Optional.empty();
    }

    @Override
    public void close() {
      inbox.end(new WireEvent.Closed());
      wire.close();
    }
  }
}
