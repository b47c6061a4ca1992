package dev.bringup.transport;

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
}
