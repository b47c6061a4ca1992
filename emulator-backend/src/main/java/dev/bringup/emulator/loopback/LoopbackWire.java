package dev.bringup.emulator.loopback;

import dev.bringup.board.Console;
import dev.bringup.transport.Pty;
import dev.bringup.verdict.BringupException;
import dev.bringup.wire.ConsoleServer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What stands between an emulated UART and the console driver of the board that it plays. */
interface LoopbackWire extends AutoCloseable {

  /** The settings of the console driver that reaches the UART, as in a board file. */
  String driver();

  @Override
  void close();

  /** The ways out of this process and back. */
  enum Kind {
    /** A pseudo terminal, opened by its path as a serial port. */
    SERIAL {
      @Override
      LoopbackWire open(Console console, Path folder) {
        var terminal = new PtyPump(Pty.make(), console);
        String driver = "{driver: serial, port: \"%s\"}".formatted(terminal.path());
        return new LoopbackWire() {
          @Override
          public String driver() {
            return driver;
          }

          @Override
          public void close() {
            terminal.close();
          }
        };
      }
    },

    /** ser2net in front of a pseudo terminal, reached by RFC 2217. */
    SER2NET {
      @Override
      LoopbackWire open(Console console, Path folder) {
        return Ser2net.start(new PtyPump(Pty.make(), console), folder);
      }

      @Override
      Optional<String> missing() {
        return Ser2net.program().isPresent()
            ? Optional.empty()
            : Optional.of("ser2net is not installed (Debian package ser2net)");
      }
    },

    /** This project's own RFC 2217 server. */
    RFC2217 {
      @Override
      LoopbackWire open(Console console, Path folder) {
        var server =
            ConsoleServer.start(
                console.recording(), console::write, ConsoleServer.Options.telnet());
        String driver =
            "{driver: rfc2217, host: 127.0.0.1, port: %d}".formatted(server.address().getPort());
        return new LoopbackWire() {
          @Override
          public String driver() {
            return driver;
          }

          @Override
          public void close() {
            server.close();
          }
        };
      }
    };

    /**
     * Makes the way.
     *
     * @param console the emulated UART, from whose recording's end on all goes out
     * @param folder for files that the way needs
     * @throws BringupException (infrastructure) if this host does not have what it needs
     */
    abstract LoopbackWire open(Console console, Path folder);

    /** What this host lacks for it. */
    Optional<String> missing() {
      return Optional.empty();
    }

    static Optional<Kind> of(String word) {
      return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }

    static String words() {
      return Arrays.stream(values()).map(Kind::word).collect(Collectors.joining(", "));
    }

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
