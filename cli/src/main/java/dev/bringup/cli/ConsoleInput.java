package dev.bringup.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Standard input as a machine's console: on a terminal every key goes to the machine at once,
 * Ctrl-C, too, and Ctrl-A x ends it, as with other emulators; else what is piped in.
 */
final class ConsoleInput implements AutoCloseable {
  private static final int ESCAPE = 1; // Ctrl-A
  private static final int BUFFER = 4096;

  private final @Nullable KeyInput terminal;
  private boolean escaped;

  private ConsoleInput(@Nullable KeyInput terminal) {
    this.terminal = terminal;
  }

  static ConsoleInput open() throws IOException {
    return new ConsoleInput(KeyInput.isTerminal() ? KeyInput.openForLines() : null);
  }

  boolean isTerminal() {
    return terminal != null;
  }

  /**
   * Begins to read on a thread of its own.
   *
   * @param typed is given what is typed
   * @param ended called when Ctrl-A x is typed or the terminal hangs up; the end of a pipe ends
   *     nothing
   */
  void start(Consumer<byte[]> typed, Runnable ended) {
    if (terminal != null) {
      System.err.println("bringup: every key goes to the machine; Ctrl-A x ends it");
    }
    var _ =
        Thread.ofPlatform()
            .name("console input")
            .daemon()
            .start(() -> {
              var buffer = new byte[BUFFER];
              try {
                for (int count = System.in.read(buffer);
                    count >= 0;
                    count = System.in.read(buffer)) {
                  byte[] bytes = Arrays.copyOf(buffer, count);
                  typed.accept(terminal == null ? bytes : keys(bytes, ended));
                }
              } catch (IOException e) {
                ended.run();
              }
              if (terminal != null) {
                ended.run();
              }
            });
  }

  /** What is meant for the machine: all but the escape and what follows it. */
  private byte[] keys(byte[] bytes, Runnable ended) {
    var out = new ByteArrayOutputStream();
    for (byte key : bytes) {
      if (!escaped) {
        escaped = key == ESCAPE;
        if (!escaped) {
          out.write(key);
        }
        continue;
      }
      escaped = false;
      if (key == 'x' || key == 'X') {
        ended.run();
      } else if (key == ESCAPE) {
        out.write(key);
      }
    }
    return out.toByteArray();
  }

  @Override
  public void close() throws IOException {
    if (terminal != null) {
      terminal.close();
    }
  }
}
