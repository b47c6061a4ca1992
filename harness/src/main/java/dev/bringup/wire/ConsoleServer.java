package dev.bringup.wire;

import dev.bringup.console.Recording;
import dev.bringup.time.Threads;
import dev.bringup.transport.ComPortMessage;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Exports a recorded console over TCP. Any number of clients read, each from the recording at its
 * own pace, so that a slow one holds up nobody and misses nothing. One of them writes: the first
 * that types, until it leaves; what others type meanwhile is dropped, and clients that speak RFC
 * 2217 are told to wait.
 *
 * <p>Nobody is asked who they are: bind it to loopback unless the network is trusted. Plain
 * settings that a client asks for never change the board's line.
 */
public final class ConsoleServer implements AutoCloseable {

  /** What is spoken. */
  public enum Protocol {
    /** The console's bytes and nothing else. */
    RAW,
    /** Telnet, and RFC 2217 with clients that speak it. */
    TELNET
  }

  /** Where a new client begins to read. */
  public enum From {
    /** With the first byte of the recording. */
    START,
    /** With what comes next. */
    NOW
  }

  /**
   * How a console is exported.
   *
   * @param address where to listen; port 0 takes a free one
   * @param readOnly nobody types
   * @param passLines clients set DTR and RTS, which can reset a board; else they are only told so
   */
  public record Options(
      InetSocketAddress address,
      Protocol protocol,
      From from,
      boolean readOnly,
      boolean passLines) {

    /** Telnet on a free port of loopback, from now on, with a writer, without DTR and RTS. */
    public static Options telnet() {
      return new Options(loopback(), Protocol.TELNET, From.NOW, false, false);
    }

    /** The same without telnet. */
    public static Options raw() {
      return new Options(loopback(), Protocol.RAW, From.NOW, false, false);
    }

    private static InetSocketAddress loopback() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    public Options from(From where) {
      return new Options(address, protocol, where, readOnly, passLines);
    }

    public Options at(InetSocketAddress where) {
      return new Options(where, protocol, from, readOnly, passLines);
    }

    public Options withoutWriter() {
      return new Options(address, protocol, from, true, passLines);
    }

    public Options withLines() {
      return new Options(address, protocol, from, readOnly, true);
    }
  }

  private static final int BACKLOG = 16;
  private static final long ACCEPT_PAUSE_NANOS = 10_000_000;

  private final Recording recording;
  private final BoardLine line;
  private final Options options;
  private final ServerSocket listener;
  private final Set<ConsoleClient> clients = ConcurrentHashMap.newKeySet();
  private final AtomicReference<ConsoleClient> writer = new AtomicReference<>();
  private final Thread accepting;
  private volatile boolean closed;

  private ConsoleServer(
      Recording recording, BoardLine line, Options options, ServerSocket listener) {
    this.recording = recording;
    this.line = line;
    this.options = options;
    this.listener = listener;
    accepting =
        Thread.ofVirtual().name("console server of " + recording.name()).unstarted(this::accept);
  }

  /**
   * Listens from now on.
   *
   * @param line where what clients type goes; whoever makes it notes that in the recording
   * @throws BringupException (infrastructure) if the address is not free
   */
  public static ConsoleServer start(Recording recording, BoardLine line, Options options) {
    try {
      var listener = new ServerSocket();
      try {
        listener.setReuseAddress(true);
        listener.bind(options.address(), BACKLOG);
      } catch (IOException e) {
        listener.close();
        throw e;
      }
      var server = new ConsoleServer(recording, line, options, listener);
      server.accepting.start();
      return server;
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot export " + recording.name() + " at " + options.address() + ": " + e.getMessage(),
          "choose another port, or 0 for a free one",
          e);
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket socket = listener.accept();
        var client = new ConsoleClient(this, socket);
        clients.add(client);
        if (closed) {
          client.close();
        } else {
          client.start();
        }
      } catch (IOException e) {
        if (!closed) { // a client that left before it was there, or no file is free
          LockSupport.parkNanos(ACCEPT_PAUSE_NANOS);
        }
      }
    }
  }

  Recording recording() {
    return recording;
  }

  BoardLine line() {
    return line;
  }

  Options options() {
    return options;
  }

  /** Whether {@code client} may type now; the first one that asks gets the place. */
  boolean mayType(ConsoleClient client) {
    if (options.readOnly()) {
      return false;
    }
    return writer.compareAndSet(null, client) || client.equals(writer.get());
  }

  void left(ConsoleClient client) {
    clients.remove(client);
    if (writer.compareAndSet(client, null)) {
      line.released();
      for (ConsoleClient each : clients) {
        each.tell(new ComPortMessage.Resume());
      }
    }
  }

  /** Sends all clients away. The recording and the line stay as they are. */
  @Override
  public void close() {
    closed = true;
    try {
      listener.close();
    } catch (IOException e) {
      // It listens no more.
    }
    for (ConsoleClient each : clients) {
      each.close();
    }
    Threads.join(accepting); // the address is free only when nobody waits at it any more
  }
}
