package dev.bringup.wire;

import dev.bringup.console.Recording;
import dev.bringup.transport.ComPortMessage;
import dev.bringup.transport.ControlLine;
import dev.bringup.transport.LineSettings;
import dev.bringup.transport.ModemLines;
import dev.bringup.transport.TelnetFormatException;
import dev.bringup.transport.TelnetServerSession;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** One client of a {@link ConsoleServer}: a thread that listens to it and one that tells it. */
final class ConsoleClient implements TelnetServerSession.Port {
  private static final int BUFFER = 16 * 1024;

  /** Any length would do: the wait is repeated. */
  private static final long WAIT_NANOS = Duration.ofHours(1).toNanos();

  /** What a board without modem lines shows, so that programs that look at them go on. */
  private static final ModemLines READY = new ModemLines(true, true, false, true);

  private final ConsoleServer server;
  private final Recording recording;
  private final Socket socket;
  private final boolean telnet;
  private final Thread follower;

  /** Of the session, of the socket's output and of what is below. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private final TelnetServerSession session;
  private long offset;
  private boolean suspended;
  private boolean toldToWait;
  private boolean closed;

  ConsoleClient(ConsoleServer server, Socket socket) {
    this.server = server;
    this.recording = server.recording();
    this.socket = socket;
    telnet = server.options().protocol() == ConsoleServer.Protocol.TELNET;
    offset =
        switch (server.options().from()) {
          case START -> recording.start();
          case NOW -> recording.end();
        };
    session = new TelnetServerSession("Bringup " + recording.name(), this);
    follower = Thread.ofVirtual().name("client of " + recording.name()).unstarted(this::follow);
  }

  void start() {
    Thread.ofVirtual().name("client of " + recording.name()).start(this::listen);
  }

  private void listen() {
    try {
      socket.setTcpNoDelay(true);
      if (telnet) {
        lock.lock();
        try {
          session.begin();
        } finally {
          lock.unlock();
        }
      }
      follower.start();
      var buffer = new byte[BUFFER];
      var in = socket.getInputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        heard(buffer, count);
      }
    } catch (IOException | TelnetFormatException e) {
      // It has left, or speaks something else: the same to all others.
    } finally {
      close();
      server.left(this);
    }
  }

  private void heard(byte[] buffer, int count) throws TelnetFormatException {
    if (!telnet) {
      typed(buffer, 0, count);
      return;
    }
    lock.lock();
    try {
      session.received(buffer, 0, count);
    } finally {
      lock.unlock();
    }
  }

  /** Tells the client what the board says. */
  private void follow() {
    var buffer = new byte[BUFFER];
    try {
      while (awaitTurn()) {
        int count = recording.read(offset, buffer, 0, buffer.length);
        if (count == 0) {
          if (recording.isClosed()) {
            break;
          }
          recording.awaitBeyond(offset, recording.clock().nanos() + WAIT_NANOS);
          continue;
        }
        offset += count;
        lock.lock();
        try {
          reply(telnet ? session.data(buffer, 0, count) : Arrays.copyOf(buffer, count));
        } finally {
          lock.unlock();
        }
      }
    } catch (BringupException interrupted) {
      // By close.
    }
    close();
  }

  /** Waits while the client takes nothing; false when it has left. */
  private boolean awaitTurn() {
    lock.lock();
    try {
      while (suspended && !closed) {
        changed.awaitUninterruptibly();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void typed(byte[] bytes, int from, int length) {
    if (!server.mayType(this)) {
      waitForTheWriter();
      return;
    }
    try {
      server.line().write(Arrays.copyOfRange(bytes, from, from + length));
    } catch (BringupException lost) {
      // As on a wire that is not plugged in; the recording has the gap's mark.
    }
  }

  private void waitForTheWriter() {
    lock.lock();
    try {
      if (telnet && !toldToWait) {
        toldToWait = true;
        session.tell(new ComPortMessage.Suspend());
      }
    } finally {
      lock.unlock();
    }
  }

  /** For clients that speak RFC 2217 and were told to wait. */
  void tell(ComPortMessage.Resume resume) {
    lock.lock();
    try {
      if (toldToWait) {
        toldToWait = false;
        session.tell(resume);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean setBreak(boolean on) {
    if (!server.mayType(this)) {
      return false;
    }
    try {
      server.line().setBreak(on);
      return true;
    } catch (BringupException none) {
      return false;
    }
  }

  @Override
  public void set(ControlLine line, boolean on) {
    if (server.options().passLines() && server.mayType(this)) {
      try {
        server.line().set(line, on);
      } catch (BringupException none) {
        // The client gets its yes: many set both lines without need.
      }
    }
  }

  @Override
  public Optional<LineSettings> settings() {
    return server.line().line();
  }

  @Override
  public ModemLines modemLines() {
    return server.line().modemLines().orElse(READY);
  }

  @Override
  public void suspended(boolean on) {
    suspended = on;
    changed.signalAll();
  }

  @Override
  public void reply(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      close();
    }
  }

  void close() {
    follower.interrupt();
    try {
      socket.close();
    } catch (IOException e) {
      // It is not used any more.
    }
    // Not under the lock: a client that does not read holds it in a write until the socket is
    // closed.
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
