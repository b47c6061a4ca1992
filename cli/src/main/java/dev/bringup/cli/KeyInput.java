package dev.bringup.cli;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** This process's terminal with every key passed on as it is, Ctrl-C, too, until it is closed. */
final class KeyInput implements AutoCloseable {
  private final Terminal terminal;
  private final Attributes before;
  private final Thread restoring = Thread.ofPlatform().unstarted(this::restore);

  private KeyInput(Terminal terminal, boolean outputAsItIs) {
    this.terminal = terminal;
    this.before = terminal.enterRawMode();
    Attributes raw = terminal.getAttributes();
    raw.setLocalFlag(Attributes.LocalFlag.ISIG, false); // Ctrl-C is the board's
    raw.setOutputFlag(Attributes.OutputFlag.OPOST, !outputAsItIs);
    raw.setControlChar(Attributes.ControlChar.VMIN, 1); // a read without a key is the end
    raw.setControlChar(Attributes.ControlChar.VTIME, 0);
    terminal.setAttributes(raw);
    Runtime.getRuntime().addShutdownHook(restoring);
  }

  /** Whether standard input and output are a terminal. */
  @SuppressWarnings("SystemConsoleNull") // of JDK 25 it is null again when there is no terminal
  static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Where every byte of output is passed on as it is, too. */
  static KeyInput open() throws IOException {
    return new KeyInput(terminal(), true);
  }

  /** Where output may be lines of programs that end them with a line feed alone. */
  static KeyInput openForLines() throws IOException {
    return new KeyInput(terminal(), false);
  }

  /**
   * JLine's terminal, which must not ask the real one what it can do: an answer that comes late
   * would be typed to the board, and whoever waits for it takes a key away. Nor does it matter what
   * TERM says: nothing is drawn through JLine, and it would leave a dumb terminal as it is, where
   * the keys come line by line.
   */
  private static Terminal terminal() throws IOException {
    return TerminalBuilder.builder()
        .system(true)
        .dumb(false)
        .type("ansi")
        .graphemeCluster(false)
        .build();
  }

  /** Not JLine's stream: its terminal cannot be closed while somebody reads from that. */
  InputStream keys() {
    return System.in;
  }

  OutputStream screen() {
    return terminal.output();
  }

  private void restore() {
    terminal.setAttributes(before);
  }

  @Override
  public void close() throws IOException {
    restore();
    terminal.close();
    try {
      Runtime.getRuntime().removeShutdownHook(restoring);
    } catch (IllegalStateException _) {
      // The process is on its way out.
    }
  }
}
