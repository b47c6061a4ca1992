package dev.bringup.hold;

import dev.bringup.board.Board;
import dev.bringup.console.ConsoleWatcher;
import dev.bringup.console.Recording;
import dev.bringup.console.SubConsoles;
import dev.bringup.console.Wire;
import dev.bringup.console.XenInput;
import dev.bringup.hold.HoldMessage.From;
import dev.bringup.hold.HoldMessage.State;
import dev.bringup.hold.HoldMessage.Switch;
import dev.bringup.hold.HoldMessage.Watch;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import dev.bringup.wire.BoardLine;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets other processes of this user attach to a board that this process holds: any number read,
 * each at its own pace, one at a time types, all may switch. Thread-safe.
 */
public final class HoldServer implements AutoCloseable {
  /** U-Boot and Linux (magic SysRq) want at least a quarter of a second. */
  private static final Duration BREAK_LENGTH = Duration.ofMillis(300);

  private static final Duration PARTING = Duration.ofSeconds(2);
  private static final int BACKLOG = 16;
  private static final BoardClock HOST = BoardClock.system();

  private final Board board;
  private final Recording recording;
  private final SubConsoles consoles;
  private final boolean releasable;
  private final ServerSocketChannel listener;
  private final Keyboard keyboard = new Keyboard(this::announce);
  private final Set<Attachment> attached = ConcurrentHashMap.newKeySet();

  /** One acts on the board at a time; what is typed does not wait for that. */
  private final ReentrantLock acting = new ReentrantLock();

  /** Nobody types while the input is moved; taken behind {@link #acting}. */
  private final ReentrantLock typing = new ReentrantLock();

  private final XenKeys xenKeys = new XenKeys(); // guarded by typing

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int readersOfResets; // guarded by lock
  private long unreadReset = -1; // where it begins; guarded by lock
  private long aloneSince = HOST.nanos(); // guarded by lock
  private boolean released; // guarded by lock
  private boolean closed; // guarded by lock

  private HoldServer(Board board, boolean releasable, ServerSocketChannel listener) {
    this.board = board;
    this.recording = board.console().recording();
    this.consoles = SubConsoles.of(recording);
    this.releasable = releasable;
    this.listener = listener;
  }

  /**
   * Listens at the place of a board whose lock this process has.
   *
   * @param board stays open when this is closed
   * @param releasable whether others may end the hold, as one in the background that nobody owns
   * @throws BringupException (infrastructure) if that is not possible
   */
  public static HoldServer start(HoldPlace place, Board board, boolean releasable) {
    try {
      Files.deleteIfExists(place.socket()); // of a holder that was killed
      var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        listener.bind(UnixDomainSocketAddress.of(place.socket()), BACKLOG);
        Files.setPosixFilePermissions(place.socket(), PosixFilePermissions.fromString("rw-------"));
      } catch (IOException e) {
        listener.close();
        throw e;
      }
      var server = new HoldServer(board, releasable, listener);
      Thread.ofVirtual().name("holder of " + place.board()).start(server::accept);
      return server;
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot listen at " + place.socket() + ": " + e.getMessage(),
          "set XDG_RUNTIME_DIR to a folder of your own on a local disk",
          e);
    }
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel socket = listener.accept();
        var one = new Attachment(this, socket);
        attached.add(one);
        one.start();
        if (isClosed()) {
          one.close();
        }
      }
    } catch (IOException e) {
      // Closed; or no file is free any more: then who holds the board still has it.
      return;
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  Recording recording() {
    return recording;
  }

  String boardName() {
    return recording.name();
  }

  Keyboard keyboard() {
    return keyboard;
  }

  /**
   * A way to the board for somebody who types by other means than a socket of this server; he is
   * heard while he has the keyboard.
   *
   * @param who for people
   */
  public BoardLine line(String who) {
    Keyboard.Typist typist = () -> who;
    BoardLine wire = wire();
    return new BoardLine() {
      @Override
      public void write(byte[] bytes) {
        keyboard.require(typist);
        type(bytes, wire);
      }

      @Override
      public void setBreak(boolean on) {
        keyboard.require(typist);
        wire.setBreak(on);
      }

      @Override
      public void released() {
        keyboard.give(typist);
      }
    };
  }

  private BoardLine wire() {
    return board.capability(BoardLine.class).orElse(board.console()::write);
  }

  void type(byte[] bytes) {
    type(bytes, board.console()::write);
  }

  private void type(byte[] bytes, Wire wire) {
    typing.lock();
    try {
      byte[] keys = consoles.input().equals(SubConsoles.XEN) ? xenKeys.of(bytes) : bytes;
      if (keys.length > 0) {
        wire.write(keys);
      }
    } finally {
      typing.unlock();
    }
  }

  /** Where somebody begins to read who has just come. */
  long position(From from) {
    return switch (from) {
      case NOWHERE, NOW -> recording.end();
      case START -> recording.start();
      case RESET -> {
        lock.lock();
        try {
          readersOfResets++;
          long begin = unreadReset < 0 ? recording.end() : unreadReset;
          unreadReset = -1;
          yield begin;
        } finally {
          lock.unlock();
        }
      }
    };
  }

  void power(Switch to) {
    acting.lock();
    try {
      switch (to) {
        case ON -> board.power().on();
        case OFF -> board.power().off();
        case CYCLE -> board.power().cycle();
      }
    } finally {
      acting.unlock();
    }
  }

  void reset() {
    acting.lock();
    try {
      board.power().off();
      lock.lock();
      try {
        if (readersOfResets == 0) {
          unreadReset = recording.end();
        }
      } finally {
        lock.unlock();
      }
      board.power().on();
    } finally {
      acting.unlock();
    }
  }

  void sendBreak() {
    acting.lock();
    try {
      BoardLine line = wire();
      line.setBreak(true);
      pause(BREAK_LENGTH);
      line.setBreak(false);
    } finally {
      acting.unlock();
    }
  }

  private void pause(Duration length) {
    long deadline = HOST.nanos() + length.toNanos();
    lock.lock();
    try {
      while (!closed && deadline - HOST.nanos() > 0) {
        HOST.await(lock, changed, deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The recording of a console of the board.
   *
   * @throws BringupException (configuration) if there can be none of that name
   */
  Recording console(String name) {
    return name.equals(Watch.ALL) ? recording : consoles.console(name).recording();
  }

  /** Gives the input to a sub-console; what the UART itself gets depends on who listens there. */
  void giveInput(String name) {
    if (name.equals(Watch.ALL) || consoles.input().equals(name)) {
      return;
    }
    acting.lock();
    typing.lock(); // what is typed meanwhile goes where it is meant to
    try {
      var watcher = new ConsoleWatcher(recording, List.of(), recording.end());
      new XenInput(consoles, board.console()::write).giveTo(name, watcher);
    } finally {
      typing.unlock();
      acting.unlock();
    }
  }

  State state(Attachment of) {
    return new State(
        board.power().get(),
        keyboard.owner(),
        keyboard.isOf(of),
        readers(),
        consoles.input(),
        consoles.names());
  }

  /** How many read the console. */
  public int readers() {
    return (int) attached.stream().filter(Attachment::reads).count();
  }

  /** Tells all that read, and notes it in the recording. */
  void announce(String text) {
    if (!recording.isClosed()) {
      recording.mark(text);
    }
    attached.forEach(each -> each.notice(text));
  }

  void release() {
    if (!releasable) {
      throw BringupException.configuration(
          "%s is not held in the background; whoever holds it gives it back"
              .formatted(boardName()));
    }
    lock.lock();
    try {
      released = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void left(Attachment one, From from) {
    attached.remove(one);
    keyboard.give(one);
    lock.lock();
    try {
      if (from == From.RESET) {
        readersOfResets--;
      }
      aloneSince = HOST.nanos();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until somebody releases the board, or until nobody has been attached for so long.
   *
   * @return why it ended
   * @throws BringupException (cancelled) if the thread is interrupted
   */
  public String awaitRelease(Duration alone) {
    lock.lock();
    try {
      while (true) {
        if (released) {
          return "it was released";
        }
        if (recording.isClosed()) {
          return "its wire has ended";
        }
        long deadline =
            attached.isEmpty() ? aloneSince + alone.toNanos() : HOST.nanos() + alone.toNanos();
        if (deadline - HOST.nanos() <= 0) {
          return "nobody was attached for " + alone.toSeconds() + " s";
        }
        HOST.await(lock, changed, deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BringupException.cancelled("interrupted while holding " + boardName());
    } finally {
      lock.unlock();
    }
  }

  /** Tells all that are attached that the board is given back. It stays as it is. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      listener.close();
    } catch (IOException e) {
      // It listens no more.
    }
    attached.forEach(each -> each.end(boardName() + " was given back by its holder"));
    awaitDeparture();
    attached.forEach(Attachment::close);
  }

  /** Lets those who read see why it is over. */
  private void awaitDeparture() {
    long deadline = HOST.nanos() + PARTING.toNanos();
    lock.lock();
    try {
      while (!attached.isEmpty() && deadline - HOST.nanos() > 0) {
        HOST.await(lock, changed, deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
