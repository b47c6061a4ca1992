package dev.bringup.emulator.loopback;

import dev.bringup.board.Console;
import dev.bringup.console.Recording;
import dev.bringup.transport.Pty;
import dev.bringup.transport.WireEvent;
import dev.bringup.verdict.BringupException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** Carries bytes between an emulated UART and a pseudo terminal, on two threads. */
final class PtyPump implements AutoCloseable {
  private static final int BUFFER = 16 * 1024;

  /** Any length would do: the wait is repeated. */
  private static final long WAIT_NANOS = Duration.ofHours(1).toNanos();

  private final Pty terminal;
  private final Console console;
  private final Thread talker;
  private final Thread listener;

  /** Takes {@code terminal} over. */
  PtyPump(Pty terminal, Console console) {
    this.terminal = terminal;
    this.console = console;
    long from = console.recording().end();
    talker = Thread.ofVirtual().name("out to " + terminal.path()).start(() -> talk(from));
    listener = Thread.ofVirtual().name("in from " + terminal.path()).start(this::listen);
  }

  /** What a terminal program opens. */
  Path path() {
    return terminal.path();
  }

  private void talk(long from) {
    Recording recording = console.recording();
    var buffer = new byte[BUFFER];
    long offset = from;
    try {
      while (recording.awaitBeyond(offset, recording.clock().nanos() + WAIT_NANOS)
          || !recording.isClosed()) {
        int count = recording.read(offset, buffer, 0, buffer.length);
        offset += count;
        terminal.connection().write(Arrays.copyOf(buffer, count));
      }
    } catch (BringupException closed) {
      // By this pump, or by the end of the process that owns the board.
    }
  }

  private void listen() {
    try {
      while (terminal.connection().next() instanceof WireEvent.Received(var bytes)) {
        var typed = new byte[bytes.remaining()];
        bytes.get(typed);
        console.write(typed);
      }
    } catch (BringupException closed) {
      // As above.
    }
  }

  @Override
  public void close() {
    terminal.close();
    talker.interrupt();
    listener.interrupt();
  }
}
