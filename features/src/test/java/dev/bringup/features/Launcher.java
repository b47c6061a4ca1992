package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The command line as its users have it: {@code ./bringup} as a process of its own. */
final class Launcher {
  private static final int LONGEST_SECONDS = 180;

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private List<String> prefix = List.of();
  private int runs;

  /**
   * @param folder the working directory, and where output is kept
   */
  Launcher(Path folder) {
    this.folder = folder;
  }

  Launcher with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** How a run ended, and all that it wrote. */
  record Ended(int code, String out, String err) {
    /** One line of talk and, at most, a next step; and never a stack trace. */
    Ended tells(int expectedCode, String... texts) {
      for (String text : texts) {
        assertThat(err).contains(text);
      }
      assertThat(err).doesNotContain("\tat ").doesNotContain("Exception");
      assertThat(code).as("exit code; " + err).isEqualTo(expectedCode);
      return this;
    }
  }

  /** A process under way. */
  record Running(Process process, Path out, Path err) {
    Ended await() {
      try {
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("still running; it said: " + Files.readString(err));
        }
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }

    /** Looks again and again until something is so, while the process runs. */
    void until(String what, BooleanSupplier condition) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
      try {
        while (!condition.getAsBoolean()) {
          if (process.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() - end > 0) {
            throw new AssertionError(
                "no %s; it said: %s%s"
                    .formatted(what, Files.readString(out), Files.readString(err)));
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }
  }

  /** Starts what follows by way of another program, given with its arguments. */
  Launcher through(String... program) {
    prefix = List.of(program);
    return this;
  }

  Running start(String... arguments) {
    var command = new ArrayList<>(prefix);
    command.add(RealParts.root().resolve("bringup").toString());
    command.addAll(List.of(arguments));
    int run = runs++;
    Path out = folder.resolve("out." + run);
    Path err = folder.resolve("err." + run);
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("BRINGUP_"));
    builder.environment().putAll(environment);
    try {
      return new Running(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Ended run(String... arguments) {
    return start(arguments).await();
  }
}
