package dev.bringup.transport;

import dev.bringup.verdict.BringupException;
import java.nio.file.Path;

/**
 * A pseudo terminal that somebody else has made: QEMU's {@code -serial pty}, socat, an emulated
 * board ({@link Pty}). Has neither BREAK nor modem lines. Linux only.
 *
 * @param path the terminal or a link to it, followed at each opening
 */
public record PtyTransport(Path path) implements Transport {

  @Override
  public String name() {
    return "pty " + path;
  }

  @Override
  public Connection open() {
    Pty.requireLinux();
    int fd = -1;
    try {
      fd =
          Posix.open(
              path.toString(), Posix.O_RDWR | Posix.O_NOCTTY | Posix.O_NONBLOCK | Posix.O_CLOEXEC);
      Posix.makeRaw(fd);
      Posix.lock(fd);
      return TerminalConnection.of(name(), fd);
    } catch (Posix.Failure e) {
      if (fd >= 0) {
        Posix.close(fd);
      }
      throw BringupException.infrastructure(
          "cannot open " + name() + ": " + e.getMessage(),
          e.errno == Posix.EAGAIN
              ? "another program has it open: see fuser " + path
              : "check that whoever makes the terminal runs and that the path is right",
          e);
    }
  }
}
