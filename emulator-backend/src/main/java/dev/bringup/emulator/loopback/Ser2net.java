package dev.bringup.emulator.loopback;

import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A ser2net of our own in front of a pseudo terminal. */
final class Ser2net implements LoopbackWire {
  private static final int LIMIT_SECONDS = 20;
  private static final int LOOK_MILLIS = 10;
  private static final int ATTEMPTS = 3;

  private final PtyPump terminal;
  private final Process process;
  private final int port;

  private Ser2net(PtyPump terminal, Process process, int port) {
    this.terminal = terminal;
    this.process = process;
    this.port = port;
  }

  /** Where the program is. */
  static Optional<Path> program() {
    String places = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
    return Stream.of(places.split(File.pathSeparator))
        .map(place -> Path.of(place, "ser2net"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts it; it listens when this returns.
   *
   * @param terminal closed with it
   * @throws BringupException (infrastructure) if it is not installed or does not start
   */
  static Ser2net start(PtyPump terminal, Path folder) {
    try {
      Path program =
          program()
              .orElseThrow(() ->
                  BringupException.infrastructure(
                      "ser2net is not installed", "run ./bringup doctor --install as root"));
      for (int attempt = 1; ; attempt++) {
        int port = freePort();
        Process process = start(program, terminal, folder, port);
        if (listens(process, port)) {
          return new Ser2net(terminal, process, port);
        }
        process.destroyForcibly();
        // It cannot say which port it took, and the free one may be somebody else's by now.
        if (attempt == ATTEMPTS) {
          throw BringupException.infrastructure(
              "ser2net does not listen: " + Files.readString(talk(folder)).strip(),
              "run it by hand with the file " + config(folder));
        }
      }
    } catch (IOException e) {
      terminal.close();
      throw BringupException.infrastructure(
          "cannot start ser2net: " + e.getMessage(), "check that it runs by hand", e);
    } catch (RuntimeException e) {
      terminal.close();
      throw e;
    }
  }

  private static Process start(Path program, PtyPump terminal, Path folder, int port)
      throws IOException {
    Files.writeString(
        config(folder),
        """
        connection: &board
          accepter: telnet(rfc2217),tcp,127.0.0.1,%d
          connector: serialdev,%s,115200n81,local
        """
            .formatted(port, terminal.path()));
    return new ProcessBuilder(List.of(program.toString(), "-n", "-c", config(folder).toString()))
        .redirectErrorStream(true)
        .redirectOutput(talk(folder).toFile())
        .redirectInput(new File("/dev/null"))
        .start();
  }

  private static Path config(Path folder) {
    return folder.resolve("ser2net.yaml");
  }

  private static Path talk(Path folder) {
    return folder.resolve("ser2net.log");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Asks the kernel: a connection would be the one user that it lets in. */
  private static boolean listens(Process process, int port) throws IOException {
    String listening = ":%04X 00000000:0000 0A ".formatted(port);
    BoardClock clock = BoardClock.system();
    long deadline = clock.nanos() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    try {
      while (!Files.readString(Path.of("/proc/net/tcp")).contains(listening)) {
        if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS) || deadline - clock.nanos() <= 0) {
          return false;
        }
      }
      return process.isAlive();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw BringupException.cancelled("interrupted while starting ser2net");
    }
  }

  @Override
  public String driver() {
    return "{driver: rfc2217, host: 127.0.0.1, port: %d}".formatted(port);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    terminal.close();
  }
}
