package dev.bringup.wire;

import dev.bringup.console.Recording;
import dev.bringup.transport.Connection;
import dev.bringup.transport.Pty;
import dev.bringup.transport.WireEvent;
import dev.bringup.verdict.BringupException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/**
 * Exports a recorded console, from now on, as a pseudo terminal for programs that know serial ports
 * only. What the board says before such a program comes waits for it.
 */
public final class ConsolePty implements AutoCloseable {
  private static final int BUFFER = 16 * 1024;

  /** Any length would do: the wait is repeated. */
  private static final long WAIT_NANOS = Duration.ofHours(1).toNanos();

  private final Recording recording;
  private final BoardLine line;
  private final Pty pty;
  private final Thread follower;
  private final long from;

  private ConsolePty(Recording recording, BoardLine line, Pty pty) {
    this.recording = recording;
    this.line = line;
    this.pty = pty;
    from = recording.end();
    follower =
        Thread.ofPlatform().name("pty of " + recording.name()).daemon().unstarted(this::tell);
  }

  /**
   * Makes the terminal.
   *
   * @param line where what a program types goes; whoever makes it notes that in the recording
   * @throws BringupException (infrastructure) if the host has no more of them or is not Linux
   */
  public static ConsolePty start(Recording recording, BoardLine line) {
    var exported = new ConsolePty(recording, line, Pty.make());
    exported.follower.start();
    Thread.ofVirtual().name("typist of " + recording.name()).start(exported::listen);
    return exported;
  }

  /** What programs open. */
  public Path path() {
    return pty.path();
  }

  private void tell() {
    Connection out = pty.connection();
    var buffer = new byte[BUFFER];
    long offset = from;
    try {
      while (true) {
        int count = recording.read(offset, buffer, 0, buffer.length);
        offset += count;
        if (count > 0) {
          out.write(Arrays.copyOf(buffer, count));
        } else if (recording.isClosed()) {
          return;
        } else {
          recording.awaitBeyond(offset, recording.clock().nanos() + WAIT_NANOS);
        }
      }
    } catch (BringupException e) {
      return; // by close
    }
  }

  private void listen() {
    while (pty.connection().next() instanceof WireEvent.Received(ByteBuffer bytes)) {
      var typed = new byte[bytes.remaining()];
      bytes.get(typed);
      try {
        line.write(typed);
      } catch (BringupException lost) {
        // As on a wire that is not plugged in.
      }
    }
  }

  /** Takes the terminal away; the recording and the line stay as they are. */
  @Override
  public void close() {
    follower.interrupt();
    pty.close();
  }
}
