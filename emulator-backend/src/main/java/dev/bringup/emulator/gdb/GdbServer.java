package dev.bringup.emulator.gdb;

import dev.bringup.time.Threads;
import dev.bringup.verdict.BringupException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where GDB attaches to a machine: {@code target remote :PORT}. Serves one debugger at a time, a
 * second one waits. The machine stops when a debugger comes and goes on when it leaves.
 *
 * <p>Whoever can connect controls the machine, so it listens to this host only unless told.
 */
public final class GdbServer implements AutoCloseable {
  private final ServerSocket listener;
  private final DebugTarget target;
  private final Thread server;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Socket visitor; // guarded by lock
  private boolean closed; // guarded by lock

  private GdbServer(ServerSocket listener, DebugTarget target) {
    this.listener = listener;
    this.target = target;
    this.server = Thread.ofVirtual().name("gdb server").unstarted(this::serve);
  }

  /**
   * Listens on the loopback interface.
   *
   * @param port 0 for any that is free
   * @throws BringupException (infrastructure) if the port is taken
   */
  public static GdbServer listen(int port, DebugTarget target) {
    return listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), target);
  }

  /**
   * Listens.
   *
   * @throws BringupException (infrastructure) if the address is taken, or not of this host
   */
  public static GdbServer listen(InetSocketAddress address, DebugTarget target) {
    try {
      var listener = new ServerSocket();
      try {
        listener.setReuseAddress(true);
        listener.bind(address, 1);
      } catch (IOException | RuntimeException e) {
        listener.close();
        throw e;
      }
      var server = new GdbServer(listener, target);
      server.server.start();
      return server;
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot listen for GDB at " + address + ": " + e.getMessage(),
          "choose another port, or 0 for any that is free",
          e);
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
  }

  private void serve() {
    try {
      while (true) {
        try (Socket socket = listener.accept()) {
          if (!enter(socket)) {
            return;
          }
          socket.setTcpNoDelay(true);
          new GdbSession(
                  target,
                  socket.getInputStream(),
                  new BufferedOutputStream(socket.getOutputStream()))
              .run();
        } catch (IOException | RuntimeException e) {
          // The debugger's wire broke or the machine has gone: that visit is over.
          if (listener.isClosed()) {
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      // Nobody but a debugger of our own would: end.
    }
  }

  private boolean enter(Socket socket) {
    lock.lock();
    try {
      visitor = socket;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends the debugger away as if it had detached, and listens no more. Not for the machine's own
   * thread: it is needed to take the breakpoints out.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      listener.close();
      if (visitor != null) {
        visitor.close();
      }
    } catch (IOException e) {
      // Then the file descriptor stays open until this process ends; nothing else depends on it.
    } finally {
      lock.unlock();
    }
    Threads.join(server);
  }
}
