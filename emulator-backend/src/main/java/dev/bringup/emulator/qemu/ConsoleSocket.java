package dev.bringup.emulator.qemu;

import dev.bringup.board.BoardFaults;
import dev.bringup.board.Console;
import dev.bringup.console.Recording;
import dev.bringup.fault.LineFaults.Piece;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The far end of an emulated UART: a Unix socket that the emulator connects to at each power-on.
 * Its reader thread is the only one that reads the wire, and it records before anybody looks.
 */
final class ConsoleSocket implements Console {
  private final Path path;
  private final Recording recording;
  private final BoardFaults faults;
  private final ReentrantLock writing = new ReentrantLock();
  private @Nullable SocketChannel wire; // guarded by writing

  /**
   * @param faults between the emulated UART and the recording
   */
  ConsoleSocket(Path path, Recording recording, BoardFaults faults) {
    this.path = path;
    this.recording = recording;
    this.faults = faults;
  }

  /** Listens for the emulator of one power-on, and records what it says until it ends. */
  Connection listen() {
    try {
      Files.deleteIfExists(path);
      var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listener.bind(UnixDomainSocketAddress.of(path), 1);
      var connection = new Connection(listener);
      var _ =
          Thread.ofVirtual().name("console " + recording.name()).start(() -> record(connection));
      return connection;
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot listen at Unix socket " + path + ": " + e.getMessage(),
          "check that TMPDIR exists and is writable",
          e);
    }
  }

  /** One power-on's worth of wire. */
  static final class Connection {
    private final ServerSocketChannel listener;
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();

    private Connection(ServerSocketChannel listener) {
      this.listener = listener;
    }

    /** Completes when the emulator has plugged itself in. */
    CompletableFuture<Void> connected() {
      return connected;
    }

    /**
     * Returns when the last byte of an emulator that has ended is in the recording. One that has
     * not plugged itself in by now never will.
     */
    void drain() {
      try {
        listener.close();
      } catch (IOException e) {
        // Then its file descriptor stays open until this process ends; nothing else depends on it.
        connected.completeExceptionally(e);
      }
      drained.join();
    }
  }

  private void record(Connection connection) {
    try (SocketChannel accepted = accept(connection.listener)) {
      plug(accepted);
      connection.connected.complete(null);
      var buffer = ByteBuffer.allocate(16 * 1024);
      while (accepted.read(buffer) >= 0) {
        faults.say(buffer.array(), 0, buffer.position());
        buffer.clear();
        for (Piece piece = faults.next(); piece != null; piece = faults.next()) {
          faults.record(piece);
        }
      }
    } catch (IOException e) {
      // The emulator was cut off, or nobody waits for it any more: either way the wire has ended.
      connection.connected.completeExceptionally(e);
    } finally {
      plug(null);
      connection.drained.complete(null);
    }
  }

  /** Takes one plug, and no other. */
  private static SocketChannel accept(ServerSocketChannel listener) throws IOException {
    try (listener) {
      return listener.accept();
    }
  }

  private void plug(@Nullable SocketChannel channel) {
    writing.lock();
    try {
      wire = channel;
    } finally {
      writing.unlock();
    }
  }

  @Override
  public Recording recording() {
    return recording;
  }

  @Override
  public void write(byte[] bytes) {
    // An interrupt in the midst of a write would unplug the wire, and with it the recorder.
    boolean interrupted = Thread.interrupted();
    try {
      if (recording.isClosed()) {
        throw BringupException.cancelled(recording.name() + " was closed while somebody typed");
      }
      if (isPlugged()) {
        faults.type(bytes, this::send);
      } else {
        recording.typed(bytes);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean isPlugged() {
    writing.lock();
    try {
      return wire != null;
    } finally {
      writing.unlock();
    }
  }

  private void send(byte[] bytes) {
    writing.lock();
    try {
      if (wire == null) {
        return;
      }
      var buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        wire.write(buffer);
      }
    } catch (IOException e) {
      // The emulator has just ended; its end is noticed, and told, by whoever waits for the board.
      wire = null;
    } finally {
      writing.unlock();
    }
  }
}
