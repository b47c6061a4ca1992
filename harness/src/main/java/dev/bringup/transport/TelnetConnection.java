package dev.bringup.transport;

import dev.bringup.time.BoardClock;
import dev.bringup.transport.TelnetOptions.Side;
import dev.bringup.verdict.BringupException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A telnet client, with or without COM-PORT. */
final class TelnetConnection implements Connection, SocketWire.Sink, TelnetDecoder.Handler {
  private static final BoardClock CLOCK = BoardClock.system();

  /** What a terminal server may be asked; the far end's echo is the board's. */
  private static final Set<Integer> WELCOME =
      Set.of(Telnet.BINARY, Telnet.ECHO, Telnet.SGA, Telnet.COM_PORT);

  private final String name;
  private final SocketWire wire;
  private final boolean comPort;
  private final Duration answerLimit;
  private final Inbox inbox = new Inbox();
  private final TelnetDecoder decoder = new TelnetDecoder();

  /** One question at a time. */
  private final ReentrantLock asking = new ReentrantLock();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final TelnetOptions options;
  private boolean heardTelnet;
  private int timingMarksSent;
  private int timingMarksAnswered;
  private boolean suspended;
  private @Nullable Predicate<ComPortMessage> awaited;
  private @Nullable ComPortMessage answer;
  private @Nullable ModemLines modemLines;

  private TelnetConnection(String name, SocketWire wire, boolean comPort, Duration answerLimit) {
    this.name = name;
    this.wire = wire;
    this.comPort = comPort;
    this.answerLimit = answerLimit;
    // A server may offer before it is asked.
    options =
        new TelnetOptions(
            comPort
                ? Set.of(Telnet.BINARY, Telnet.SGA, Telnet.COM_PORT)
                : Set.of(Telnet.BINARY, Telnet.SGA),
            WELCOME);
  }

  static TelnetConnection open(
      String name, String host, int port, boolean comPort, Duration answerLimit) {
    SocketWire wire = SocketWire.connect(name, host, port);
    var connection = new TelnetConnection(name, wire, comPort, answerLimit);
    try {
      wire.start(connection);
      connection.negotiate();
      return connection;
    } catch (RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private void negotiate() {
    lock.lock();
    try {
      send(options.ask(Side.HERE, Telnet.BINARY));
      send(options.ask(Side.THERE, Telnet.BINARY));
      send(options.ask(Side.THERE, Telnet.SGA));
      if (comPort) {
        send(options.ask(Side.HERE, Telnet.COM_PORT));
      }
    } finally {
      lock.unlock();
    }
    boolean agreed =
        await(
            answerLimit,
            () ->
                !options.isOpen(Side.HERE, Telnet.BINARY)
                    && !options.isOpen(Side.THERE, Telnet.BINARY)
                    && !options.isOpen(Side.HERE, Telnet.COM_PORT));
    lock.lock();
    try {
      if (inbox.end() instanceof WireEvent.Lost(String reason)) {
        throw BringupException.infrastructure(
            "cannot open " + name + ": " + reason,
            "the terminal server may refuse a second user: see who else holds the port");
      }
      if (!agreed && !heardTelnet) {
        throw BringupException.infrastructure(
            "cannot open " + name + ": the far end does not speak telnet",
            "raw sockets are opened as tcp");
      }
      if (comPort && !options.isOn(Side.HERE, Telnet.COM_PORT)) {
        throw BringupException.infrastructure(
            "cannot open " + name + ": the far end does not speak RFC 2217",
            "ser2net wants telnet(rfc2217) in its accepter; plain telnet is opened as telnet");
      }
    } finally {
      lock.unlock();
    }
  }

  private void send(byte[] bytes) {
    if (bytes.length > 0) {
      wire.write(bytes);
    }
  }

  /** Waits for {@code condition}, which is asked under the lock; false at the limit. */
  private boolean await(Duration limit, BooleanSupplier condition) {
    long deadline = CLOCK.nanos() + limit.toNanos();
    lock.lock();
    try {
      while (!condition.getAsBoolean() && inbox.end() == null && deadline - CLOCK.nanos() > 0) {
        CLOCK.await(lock, changed, deadline);
      }
      return condition.getAsBoolean();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BringupException.cancelled("interrupted while waiting for " + name);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends a COM-PORT command and waits for the answer that fits.
   *
   * @throws BringupException (infrastructure) when none comes in time
   */
  ComPortMessage ask(ComPortMessage message, String what, Predicate<ComPortMessage> fits) {
    asking.lock();
    try {
      lock.lock();
      try {
        awaited = fits;
        answer = null;
      } finally {
        lock.unlock();
      }
      inbox.requireOpen(name);
      wire.write(message.encode(ComPortMessage.Sender.CLIENT));
      await(answerLimit, () -> answer != null);
      lock.lock();
      try {
        ComPortMessage came = answer;
        awaited = null;
        if (came == null) {
          inbox.requireOpen(name);
          throw BringupException.infrastructure(
              name + " did not answer within " + answerLimit.toSeconds() + " s: " + what,
              "ser2net is silent about lines that its port does not have, as on a pty");
        }
        return came;
      } finally {
        lock.unlock();
      }
    } finally {
      asking.unlock();
    }
  }

  @Override
  public void received(byte[] bytes, int length) throws TelnetFormatException {
    decoder.decode(bytes, 0, length, this);
  }

  @Override
  public void lost(String reason) {
    end(new WireEvent.Lost(reason));
  }

  private void end(WireEvent how) {
    inbox.end(how);
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void data(byte[] bytes, int from, int length) {
    inbox.put(bytes, from, length);
  }

  @Override
  public void command(int command) {
    heard();
    if (command == Telnet.ARE_YOU_THERE) {
      answerQuietly(Telnet.command(Telnet.NOP));
    }
  }

  @Override
  public void negotiation(int verb, int option) {
    heard();
    lock.lock();
    try {
      if (option == Telnet.TIMING_MARK && (verb == Telnet.WILL || verb == Telnet.WONT)) {
        timingMarksAnswered++;
        changed.signalAll();
        return;
      }
      Optional<byte[]> due = options.received(verb, option);
      decoder.binary(options.isOn(Side.THERE, Telnet.BINARY));
      due.ifPresent(this::answerQuietly);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void subnegotiation(int option, byte[] payload) throws TelnetFormatException {
    heard();
    if (option != Telnet.COM_PORT || !comPort) {
      return;
    }
    ComPortMessage message = ComPortMessage.decode(payload, ComPortMessage.Sender.SERVER);
    lock.lock();
    try {
      switch (message) {
        case ComPortMessage.ModemState state -> modemLines = state.lines();
        case ComPortMessage.Suspend() -> suspended = true;
        case ComPortMessage.Resume() -> suspended = false;
        case ComPortMessage.Signature(String text) when text.isEmpty() ->
            answerQuietly(
                new ComPortMessage.Signature("Bringup").encode(ComPortMessage.Sender.CLIENT));
        default -> {}
      }
      if (awaited != null && answer == null && awaited.test(message)) {
        answer = message;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void heard() {
    lock.lock();
    try {
      heardTelnet = true;
    } finally {
      lock.unlock();
    }
  }

  /** On the reading thread, which learns of a lost wire by itself. */
  private void answerQuietly(byte[] bytes) {
    try {
      wire.write(bytes);
    } catch (BringupException e) {
      // The next read says so.
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<Ability> abilities() {
    return comPort ? Set.of(Ability.BREAK, Ability.MODEM_LINES) : Set.of(Ability.BREAK);
  }

  @Override
  public WireEvent next() {
    return inbox.take(name);
  }

  @Override
  public void write(byte[] bytes) {
    boolean binary;
    try {
      lock.lockInterruptibly();
      try {
        while (suspended && inbox.end() == null) {
          changed.await();
        }
        binary = options.isOn(Side.HERE, Telnet.BINARY);
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BringupException.cancelled("interrupted while " + name + " takes no bytes");
    }
    inbox.requireOpen(name);
    wire.write(Telnet.data(bytes, 0, bytes.length, binary));
  }

  @Override
  public boolean drain(Duration limit) {
    asking.lock();
    try {
      inbox.requireOpen(name);
      int mark;
      lock.lock();
      try {
        mark = ++timingMarksSent;
      } finally {
        lock.unlock();
      }
      wire.write(Telnet.negotiation(Telnet.DO, Telnet.TIMING_MARK));
      boolean drained = await(limit, () -> timingMarksAnswered >= mark);
      inbox.requireOpen(name);
      return drained;
    } finally {
      asking.unlock();
    }
  }

  @Override
  public void setBreak(boolean on) {
    inbox.requireOpen(name);
    if (!comPort) {
      if (on) {
        wire.write(Telnet.command(Telnet.BREAK));
      }
      return;
    }
    // ser2net 4.3 answers "on" to both.
    int got =
        control(
            on ? ComPortMessage.Control.BREAK_ON : ComPortMessage.Control.BREAK_OFF,
            on ? "BREAK on" : "BREAK off",
            ComPortMessage.Control.BREAK_ON,
            ComPortMessage.Control.BREAK_OFF);
    if (on && got == ComPortMessage.Control.BREAK_OFF) {
      throw refused("BREAK");
    }
  }

  @Override
  public void set(ControlLine line, boolean on) {
    inbox.requireOpen(name);
    if (!comPort) {
      throw Refusals.noLines(name, "telnet alone has no lines; use rfc2217");
    }
    int value =
        switch (line) {
          case DTR -> on ? ComPortMessage.Control.DTR_ON : ComPortMessage.Control.DTR_OFF;
          case RTS -> on ? ComPortMessage.Control.RTS_ON : ComPortMessage.Control.RTS_OFF;
        };
    String what = line + (on ? " on" : " off");
    int got =
        switch (line) {
          case DTR ->
              control(value, what, ComPortMessage.Control.DTR_ON, ComPortMessage.Control.DTR_OFF);
          case RTS ->
              control(value, what, ComPortMessage.Control.RTS_ON, ComPortMessage.Control.RTS_OFF);
        };
    if (got != value) {
      throw refused(what);
    }
  }

  /** Asks for {@code value}; the answer, one of two. */
  private int control(int value, String what, int on, int off) {
    ComPortMessage got =
        ask(
            new ComPortMessage.Control(value),
            what,
            answer -> answer instanceof ComPortMessage.Control(int is) && (is == on || is == off));
    return ((ComPortMessage.Control) got).value();
  }

  private BringupException refused(String what) {
    return BringupException.infrastructure(
        name + " refuses " + what,
        "another user of the port may have it, or its board has no such");
  }

  @Override
  public Optional<ModemLines> modemLines() {
    lock.lock();
    try {
      return Optional.ofNullable(modemLines);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    end(new WireEvent.Closed());
    wire.close();
  }
}
