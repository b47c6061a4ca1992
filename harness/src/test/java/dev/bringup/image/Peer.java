package dev.bringup.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** An independent program that reads or writes what the code under test writes or reads. */
final class Peer {
  /** What a program did. */
  record Result(int exitCode, String output) {}

  private Peer() {}

  /** Skips the test if the program is not installed. */
  static void require(String program, String debianPackage) {
    assumeTrue(
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(dir -> Files.isExecutable(Path.of(dir, program))),
        program + " is not installed (Debian package " + debianPackage + ")");
  }

  /** Runs a program that must succeed; returns its standard output. */
  static String run(Path dir, String... command) throws IOException, InterruptedException {
    Result result = execute(dir, Map.of(), command);
    assertThat(result.exitCode()).as(String.join(" ", command) + "\n" + result).isZero();
    return result.output();
  }

  static Result execute(Path dir, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(dir, "peer", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(List.of(command))
            .directory(dir.toFile())
            .redirectErrorStream(false)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(out.toFile());
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("TZ", "UTC");
    builder.environment().putAll(environment);
    int exit = builder.start().waitFor();
    return new Result(exit, Files.readString(out, StandardCharsets.ISO_8859_1));
  }
}
