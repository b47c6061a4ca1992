package dev.bringup.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntFunction;

/** A terminal server in this process with one port for one user. */
final class SocketFarEnd implements TransportContractSuite.FarEnd {
  private final IntFunction<Transport> transport;
  private final boolean telnet;
  private final LinkedBlockingQueue<Byte> heard = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<Boolean> breaks = new LinkedBlockingQueue<>();
  private final int port;
  private ServerSocket listener;
  private volatile CompletableFuture<User> user = new CompletableFuture<>();

  SocketFarEnd(boolean telnet, IntFunction<Transport> transport) throws IOException {
    this.telnet = telnet;
    this.transport = transport;
    listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    port = listener.getLocalPort();
    Thread.ofVirtual().start(() -> accept(listener));
  }

  private void accept(ServerSocket from) {
    try {
      while (true) {
        Socket socket = from.accept();
        socket.setTcpNoDelay(true);
        if (user.isDone() || from.isClosed()) { // accepts once more while it is being closed
          socket.close();
        } else {
          var next = new User(socket);
          next.begin();
          user.complete(next);
          Thread.ofVirtual().start(next::read);
        }
      }
    } catch (IOException unplugged) {
      // The end of the listener.
    }
  }

  private final class User implements TelnetServerSession.Port {
    private final Socket socket;
    private final TelnetServerSession session = new TelnetServerSession("far end", this);

    User(Socket socket) {
      this.socket = socket;
    }

    void begin() {
      if (telnet) {
        session.begin();
      }
    }

    void read() {
      try {
        var buffer = new byte[4096];
        for (int n = socket.getInputStream().read(buffer);
            n >= 0;
            n = socket.getInputStream().read(buffer)) {
          heard(buffer, n);
        }
        socket.close();
      } catch (IOException | TelnetFormatException e) {
        // Unplugged.
      }
    }

    private synchronized void heard(byte[] buffer, int count) throws TelnetFormatException {
      if (telnet) {
        session.received(buffer, 0, count);
      } else {
        typed(buffer, 0, count);
      }
    }

    synchronized void say(byte[] bytes) {
      reply(telnet ? session.data(bytes, 0, bytes.length) : bytes);
    }

    @Override
    public void typed(byte[] bytes, int from, int length) {
      for (int i = from; i < from + length; i++) {
        heard.add(bytes[i]);
      }
    }

    @Override
    public boolean setBreak(boolean on) {
      breaks.add(on);
      return true;
    }

    @Override
    public void set(ControlLine line, boolean on) {}

    @Override
    public Optional<LineSettings> settings() {
      return Optional.empty();
    }

    @Override
    public ModemLines modemLines() {
      return new ModemLines(true, true, false, true);
    }

    @Override
    public void suspended(boolean on) {}

    @Override
    public synchronized void reply(byte[] bytes) {
      try {
        socket.getOutputStream().write(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public Transport transport() {
    return transport.apply(port);
  }

  @Override
  public void say(byte[] bytes) throws Exception {
    user.get().say(bytes);
  }

  @Override
  public byte[] hear(int count) throws Exception {
    var bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = heard.take();
    }
    return bytes;
  }

  @Override
  public void hearBreak() throws Exception {
    assert breaks.take();
    assert !breaks.take();
  }

  @Override
  public void unplug() throws Exception {
    User gone = user.get(); // a program may take its time to come
    listener.close();
    gone.socket.close();
    user = new CompletableFuture<>();
  }

  @Override
  public void replug() throws Exception {
    listener = new ServerSocket();
    listener.setReuseAddress(true);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    ServerSocket again = listener;
    Thread.ofVirtual().start(() -> accept(again));
  }

  @Override
  public void close() throws IOException {
    listener.close();
    User last = user.getNow(null);
    if (last != null) {
      last.socket.close();
    }
  }
}
