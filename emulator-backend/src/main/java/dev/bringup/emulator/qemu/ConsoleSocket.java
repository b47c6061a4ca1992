package dev.bringup.emulator.qemu;

import dev.bringup.board.Console;
import dev.bringup.console.Recording;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The far end of an emulated UART: a Unix socket that the emulator connects to at each power-on.
 * Its reader thread is the only one that reads the wire, and it records before anybody looks.
 */
final class ConsoleSocket implements Console, AutoCloseable {
  private final ServerSocketChannel listener;
  private final Recording recording;
  private final ReentrantLock writing = new ReentrantLock();
  private @Nullable SocketChannel wire; // guarded by writing

  private ConsoleSocket(ServerSocketChannel listener, Recording recording) {
    this.listener = listener;
    this.recording = recording;
  }

  static ConsoleSocket listen(Path path, Recording recording) {
    try {
      var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listener.bind(UnixDomainSocketAddress.of(path), 1);
      return new ConsoleSocket(listener, recording);
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot listen at Unix socket " + path + ": " + e.getMessage(),
          "check that TMPDIR exists and is writable",
          e);
    }
  }

  /**
   * Takes the emulator's connection and records from it until the emulator ends.
   *
   * @return completes when the last byte of this connection is in the recording; cancelled by
   *     {@link #close()}
   */
  Connection accept() {
    var connected = new CompletableFuture<Void>();
    var drained = new CompletableFuture<Void>();
    var _ =
        Thread.ofVirtual()
            .name("console " + recording.name())
            .start(() -> record(connected, drained));
    return new Connection(connected, drained);
  }

  /** One power-on's worth of wire. */
  record Connection(CompletableFuture<Void> connected, CompletableFuture<Void> drained) {}

  private void record(CompletableFuture<Void> connected, CompletableFuture<Void> drained) {
    try (SocketChannel accepted = listener.accept()) {
      plug(accepted);
      connected.complete(null);
      var buffer = ByteBuffer.allocate(16 * 1024);
      while (accepted.read(buffer) >= 0) {
        recording.append(buffer.flip());
        buffer.clear();
      }
    } catch (IOException e) {
      // The emulator was cut off, or this socket closed: either way the wire has ended.
      connected.completeExceptionally(e);
    } finally {
      plug(null);
      drained.complete(null);
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
    writing.lock();
    try {
      recording.typed(bytes);
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

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot close the console socket: " + e.getMessage(), "report this", e);
    }
  }
}
