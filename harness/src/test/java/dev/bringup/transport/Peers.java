package dev.bringup.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Other people's terminal programs and servers. */
public final class Peers {
  private Peers() {}

  /** Skips the test where a program is missing; its place where it is not. */
  public static String require(String program) {
    String places = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin";
    return Stream.of(places.split(":"))
        .map(place -> Path.of(place, program))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Path::toString)
        .orElseGet(() -> Assumptions.abort(program + " is not installed"));
  }

  /** The system's Python with its pyserial. */
  public static String requirePyserial() {
    Assumptions.assumeTrue(
        Files.exists(Path.of("/usr/lib/python3/dist-packages/serial/rfc2217.py"))
            && Files.isExecutable(Path.of("/usr/bin/python3")),
        "python3-serial is not installed");
    return "/usr/bin/python3";
  }

  /** A port of loopback that was free just now, for servers that cannot say what they took. */
  public static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
