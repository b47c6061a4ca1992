package dev.bringup.transport;

import dev.bringup.verdict.BringupException;
import java.nio.file.Path;

/**
 * A new pseudo terminal: programs open {@link #path}, this process holds the other end. Programs
 * may come and go; the terminal stays until {@link #close}. Linux only.
 */
public final class Pty implements AutoCloseable {
  private final Path path;
  private final int holder;
  private final TerminalConnection connection;

  private Pty(Path path, int holder, TerminalConnection connection) {
    this.path = path;
    this.holder = holder;
    this.connection = connection;
  }

  /**
   * Makes one in raw mode.
   *
   * @throws BringupException (infrastructure) if the host has no more of them or is not Linux
   */
  public static Pty make() {
    requireLinux();
    try {
      int master = Posix.openMaster();
      String path = Posix.slaveOf(master);
      // Without a slave that is open, reading fails each time that a program has left.
      int holder = Posix.open(path, Posix.O_RDWR | Posix.O_NOCTTY | Posix.O_CLOEXEC);
      Posix.makeRaw(holder);
      Posix.doNotBlock(master);
      return new Pty(Path.of(path), holder, TerminalConnection.of("pty master " + path, master));
    } catch (Posix.Failure e) {
      throw BringupException.infrastructure(
          "cannot make a pseudo terminal: " + e.getMessage(), "see /proc/sys/kernel/pty", e);
    }
  }

  static void requireLinux() {
    if (!Posix.isAvailable()) {
      throw BringupException.infrastructure(
          "pseudo terminals are opened on Linux only", "use serial, tcp or rfc2217");
    }
  }

  /** What programs open. */
  public Path path() {
    return path;
  }

  /** This process's end. */
  public Connection connection() {
    return connection;
  }

  /** Takes the terminal away; programs that have it open see that it is lost. */
  @Override
  public void close() {
    connection.close();
    Posix.close(holder);
  }
}
