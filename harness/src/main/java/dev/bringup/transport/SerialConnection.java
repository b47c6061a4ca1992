package dev.bringup.transport;

import com.fazecast.jSerialComm.SerialPort;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** An open port of jSerialComm. */
final class SerialConnection implements Connection {
  private static final int BUFFER = 16 * 1024;
  private static final long DRAIN_LOOK_NANOS = 2_000_000;

  /** Closing wakes it; a driver that does not let it go shall hang nobody. */
  private static final Duration READER_ENDS_WITHIN = Duration.ofSeconds(5);

  private final String name;
  private final SerialPort port;
  private final boolean real;
  private final Inbox inbox = new Inbox();
  private final ReentrantLock sending = new ReentrantLock();
  private final Thread reading;

  private SerialConnection(String name, SerialPort port, boolean real) {
    this.name = name;
    this.port = port;
    this.real = real;
    // The native read would pin a virtual thread.
    reading = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  /**
   * @param real false for a pseudo terminal, which takes a BREAK and drops it without a word
   */
  static SerialConnection of(String name, SerialPort port, boolean real) {
    var connection = new SerialConnection(name, port, real);
    connection.reading.start();
    return connection;
  }

  private void run() {
    var buffer = new byte[BUFFER];
    int count = port.readBytes(buffer, buffer.length);
    // Nothing read: the port was closed, which makes reads return.
    while (count > 0 && inbox.put(buffer, 0, count)) {
      count = port.readBytes(buffer, buffer.length);
    }
    inbox.end(new WireEvent.Lost("the port has gone: unplugged or without power"));
    port.closePort(); // so that its name is free when it returns
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<Ability> abilities() {
    return real ? Set.of(Ability.BREAK, Ability.MODEM_LINES) : Set.of();
  }

  @Override
  public WireEvent next() {
    return inbox.take(name);
  }

  @Override
  public void write(byte[] bytes) {
    sending.lock();
    try {
      int done = 0;
      while (done < bytes.length) {
        inbox.requireOpen(name);
        byte[] rest = done == 0 ? bytes : Arrays.copyOfRange(bytes, done, bytes.length);
        int count = port.writeBytes(rest, rest.length);
        if (count < 0) {
          inbox.requireOpen(name);
          throw Inbox.gone(name, "the port takes no bytes, error " + port.getLastErrorCode());
        }
        done += count;
      }
    } finally {
      sending.unlock();
    }
  }

  @Override
  public boolean drain(Duration limit) {
    BoardClock clock = BoardClock.system();
    long deadline = clock.nanos() + limit.toNanos();
    var lock = new ReentrantLock();
    var never = lock.newCondition();
    lock.lock();
    try {
      while (true) {
        inbox.requireOpen(name);
        int waiting = port.bytesAwaitingWrite();
        if (waiting <= 0) {
          inbox.requireOpen(name);
          return waiting == 0;
        }
        long now = clock.nanos();
        if (deadline - now <= 0) {
          return false;
        }
        // A driver tells nobody when its queue is empty.
        clock.await(lock, never, Math.min(deadline, now + DRAIN_LOOK_NANOS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BringupException.cancelled("interrupted while draining " + name);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void setBreak(boolean on) {
    inbox.requireOpen(name);
    if (!real) {
      throw Refusals.noBreak(name, "a pseudo terminal has no wire");
    }
    done(on ? port.setBreak() : port.clearBreak(), "BREAK");
  }

  @Override
  public void set(ControlLine line, boolean on) {
    inbox.requireOpen(name);
    if (!real) {
      throw Refusals.noLines(name, "a pseudo terminal has no wire");
    }
    done(
        switch (line) {
          case DTR -> on ? port.setDTR() : port.clearDTR();
          case RTS -> on ? port.setRTS() : port.clearRTS();
        },
        line.toString());
  }

  private void done(boolean ok, String what) {
    if (!ok) {
      inbox.requireOpen(name);
      throw BringupException.infrastructure(
          name + " does not set " + what + ", error " + port.getLastErrorCode(),
          "not every adapter's driver can do this");
    }
  }

  @Override
  public Optional<ModemLines> modemLines() {
    return real && inbox.end() == null
        ? Optional.of(new ModemLines(port.getCTS(), port.getDSR(), port.getRI(), port.getDCD()))
        : Optional.empty();
  }

  @Override
  public void close() {
    inbox.end(new WireEvent.Closed());
    port.closePort();
    try {
      // It might take bytes from whoever opens the port next.
      var _ = reading.join(READER_ENDS_WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
