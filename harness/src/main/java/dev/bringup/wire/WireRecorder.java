package dev.bringup.wire;

import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.Recording;
import dev.bringup.time.BoardClock;
import dev.bringup.time.Threads;
import dev.bringup.transport.Connection;
import dev.bringup.transport.ControlLine;
import dev.bringup.transport.LineSettings;
import dev.bringup.transport.ModemLines;
import dev.bringup.transport.Transport;
import dev.bringup.transport.WireEvent;
import dev.bringup.verdict.BringupException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Owns a wire: appends to a recording all that it says, from before the board gets power, and sends
 * what is typed. A lost wire is a gap with a mark and not the end; it is opened again as soon as it
 * is there, under whatever name.
 *
 * <p>Marks: {@link ConsoleEvent.Mark#WIRE_LOST}, then {@link #REASON} and the reason; {@link
 * #WIRE_BACK} and the name it came back with, before the first byte behind the gap; {@link
 * #BREAK_SENT}.
 */
public final class WireRecorder implements BoardLine, AutoCloseable {
  /** Begins a mark that says why the wire was lost. */
  public static final String REASON = "wire lost: ";

  /** Begins a mark that says that the gap is over. */
  public static final String WIRE_BACK = "wire back: ";

  /** The mark of a BREAK, where it began. */
  public static final String BREAK_SENT = "break sent";

  private static final BoardClock HOST = BoardClock.system();
  private static final Duration FIRST_RETRY = Duration.ofMillis(20);
  private static final Duration LAST_RETRY = Duration.ofMillis(500);

  private final Transport transport;
  private final Recording recording;
  private final Thread thread;

  /** Keeps what is noted and what is sent in one order. */
  private final ReentrantLock typing = new ReentrantLock();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Connection connection;
  private String lostReason = "";
  private boolean closed;

  private WireRecorder(Transport transport, Recording recording, @Nullable Connection connection) {
    this.transport = transport;
    this.recording = recording;
    this.connection = connection;
    thread = Thread.ofVirtual().name("recorder of " + recording.name()).unstarted(this::run);
  }

  /**
   * Opens the wire and records from now on. Nobody else may read it.
   *
   * @throws BringupException (infrastructure) if it cannot be opened now
   */
  public static WireRecorder start(Transport transport, Recording recording) {
    var recorder = new WireRecorder(transport, recording, transport.open());
    recorder.thread.start();
    return recorder;
  }

  /**
   * Records as soon as the wire is there, as that of a board whose serial adapter gets its power
   * from it; until then the wire counts as lost. {@link #WIRE_BACK} marks when it came.
   */
  public static WireRecorder startWhenThere(Transport transport, Recording recording) {
    var recorder = new WireRecorder(transport, recording, null);
    recorder.thread.start();
    return recorder;
  }

  public Recording recording() {
    return recording;
  }

  /** Why the wire is lost; empty while it is there. */
  public Optional<String> lost() {
    lock.lock();
    try {
      return connection == null && !closed ? Optional.of(lostReason) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    Connection now = current();
    if (now == null) {
      now = reopen();
    }
    while (now != null) {
      switch (now.next()) {
        case WireEvent.Received(var bytes) -> recording.append(bytes);
        case WireEvent.Closed() -> now = null; // only this object closes
        case WireEvent.Lost(String reason) -> {
          lose(now, reason);
          now = reopen();
        }
      }
    }
    recording.close();
  }

  private @Nullable Connection current() {
    lock.lock();
    try {
      return connection;
    } finally {
      lock.unlock();
    }
  }

  private void lose(Connection gone, String reason) {
    lock.lock();
    try {
      connection = null;
      lostReason = reason;
    } finally {
      lock.unlock();
    }
    gone.close();
    recording.mark(ConsoleEvent.Mark.WIRE_LOST);
    recording.mark(REASON + reason);
  }

  /** Null when this is closed. */
  private @Nullable Connection reopen() {
    Duration pause = FIRST_RETRY;
    while (!isClosed()) {
      try {
        Connection back = transport.open();
        if (take(back)) {
          return back;
        }
      } catch (BringupException notYet) {
        noteReason(notYet.getMessage());
        waitFor(pause);
        pause =
            pause.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? pause.multipliedBy(2) : LAST_RETRY;
      }
    }
    return null;
  }

  private void noteReason(@Nullable String reason) {
    lock.lock();
    try {
      lostReason = String.valueOf(reason);
    } finally {
      lock.unlock();
    }
  }

  private boolean take(Connection back) {
    recording.mark(WIRE_BACK + back.name());
    lock.lock();
    try {
      if (!closed) {
        connection = back;
        return true;
      }
    } finally {
      lock.unlock();
    }
    back.close();
    return false;
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Waits, or until this is closed. */
  private void waitFor(Duration pause) {
    long deadline = HOST.nanos() + pause.toNanos();
    lock.lock();
    try {
      while (!closed && deadline - HOST.nanos() > 0) {
        HOST.await(lock, changed, deadline);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a recorder", e);
    } finally {
      lock.unlock();
    }
  }

  /** The connection, or a failure that says why there is none. */
  private Connection open() {
    lock.lock();
    try {
      if (connection == null) {
        throw BringupException.infrastructure(
            "cannot send to "
                + recording.name()
                + ": "
                + (closed ? "its wire was given back" : "the wire is lost: " + lostReason),
            "recording goes on as soon as " + transport.name() + " is there again");
      }
      return connection;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void write(byte[] bytes) {
    typing.lock();
    try {
      Connection to = open();
      recording.typed(bytes);
      to.write(bytes);
    } finally {
      typing.unlock();
    }
  }

  /**
   * Waits until what was typed has left, as far as the wire can tell.
   *
   * @return false if that is not known after {@code limit}
   */
  public boolean drain(Duration limit) {
    return open().drain(limit);
  }

  /** Sends a BREAK; U-Boot and Linux (magic SysRq) want at least a quarter of a second. */
  public void sendBreak(Duration length) {
    setBreak(true);
    waitFor(length);
    setBreak(false);
  }

  @Override
  public void setBreak(boolean on) {
    Connection to = open();
    if (on) {
      if (!to.abilities().contains(Connection.Ability.BREAK)) {
        to.setBreak(true); // says why not
      }
      recording.mark(BREAK_SENT);
    }
    to.setBreak(on);
  }

  @Override
  public void set(ControlLine line, boolean on) {
    open().set(line, on);
  }

  @Override
  public Optional<LineSettings> line() {
    return transport.line();
  }

  @Override
  public Optional<ModemLines> modemLines() {
    Connection now = current();
    return now == null ? Optional.empty() : now.modemLines();
  }

  /** Gives the wire back and ends the recording, which keeps all that came before. */
  @Override
  public void close() {
    Connection last;
    lock.lock();
    try {
      closed = true;
      last = connection;
      connection = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (last != null) {
      last.close();
    }
    Threads.join(thread);
  }
}
