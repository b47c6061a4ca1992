package dev.bringup.console;

import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** A program on a pseudo terminal with echo, by util-linux {@code script}, recorded. */
final class PtyShell implements AutoCloseable {
  final Recording recording;
  final Wire wire;
  private final Process process;
  private final Thread reader;

  PtyShell(String command) throws IOException {
    recording = Recording.inMemory(command, BoardClock.system());
    // Whoever runs these tests may have Ctrl-C ignored, which programs inherit.
    String interruptible = "env --default-signal=INT " + command;
    var builder = new ProcessBuilder(List.of("script", "-qfec", interruptible, "/dev/null"));
    builder.environment().put("TERM", "vt100");
    builder.environment().put("ENV", "");
    builder.environment().put("HISTFILE", "/dev/null");
    process = builder.redirectErrorStream(true).start();
    wire = Wire.noting(recording, this::write);
    reader = Thread.ofVirtual().start(this::record);
  }

  private void write(byte[] bytes) {
    try {
      process.getOutputStream().write(bytes);
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw BringupException.infrastructure("the shell is gone", "look at its output", e);
    }
  }

  private void record() {
    var buffer = new byte[4096];
    try (InputStream in = process.getInputStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        recording.append(buffer, 0, n);
      }
    } catch (IOException e) {
      recording.mark(ConsoleEvent.Mark.WIRE_LOST + ": " + e.getMessage());
    } finally {
      recording.close();
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
    reader.interrupt();
  }
}
