package dev.bringup.power;

import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs programs that switch or read an outlet, without a shell and without input. One that does not
 * end within the time limit is ended with its children; of what it says at most {@value #MAX_SAID}
 * bytes a stream are kept. Thread-safe.
 *
 * @param environment added to this process's
 */
record Program(Outlet outlet, Duration within, Map<String, String> environment) {
  static final int MAX_SAID = 16 * 1024;

  Program {
    environment = Map.copyOf(environment);
  }

  /** How a program ended, and what it said, as text. */
  record Result(String program, int exit, String out, String err) {
    /** What a person wants to see of it. */
    String said() {
      return err.isBlank() ? out : err;
    }
  }

  /** Runs a program that must succeed. */
  Result runWell(List<String> command, String hint) {
    Result result = run(command, hint);
    if (result.exit() != 0) {
      throw failed(result, hint);
    }
    return result;
  }

  /** The error of a program that failed. */
  BringupException failed(Result result, String hint) {
    return outlet.refused(
        result.program() + " ended with exit code " + result.exit(), result.said(), hint);
  }

  /**
   * Runs a program to its end, whatever its exit code.
   *
   * @param hint what to do if there is no such program
   */
  Result run(List<String> command, String hint) {
    String name = String.valueOf(Path.of(command.getFirst()).getFileName());
    BoardClock clock = BoardClock.system();
    long deadline = clock.nanos() + within.toNanos();
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Process process;
    try {
      process = builder.start();
      process.getOutputStream().close();
    } catch (IOException e) {
      throw outlet.unreachable("cannot run " + outlet.quote(command.getFirst()), hint);
    }
    var out = new Said(process.getInputStream(), name);
    var err = new Said(process.getErrorStream(), name);
    try {
      if (!process.waitFor(within.toNanos(), TimeUnit.NANOSECONDS)) {
        throw outlet.silent(within);
      }
      // a program that it left behind may keep the streams open
      return new Result(
          name,
          process.exitValue(),
          out.text(deadline - clock.nanos()),
          err.text(deadline - clock.nanos()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw outlet.interrupted();
    } finally {
      if (process.isAlive()) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
  }

  /** The beginning of a stream; the rest is read and dropped. */
  private static final class Said {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(); // is synchronized
    private final Thread reader;

    Said(InputStream stream, String name) {
      // A process's pipe pins a virtual thread.
      reader = Thread.ofPlatform().daemon().name(name + " says").start(() -> read(stream));
    }

    private void read(InputStream stream) {
      var buffer = new byte[4096];
      try {
        for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
          kept.write(buffer, 0, Math.min(count, MAX_SAID - kept.size()));
        }
      } catch (IOException e) {
        // It was ended.
      }
    }

    String text(long nanos) throws InterruptedException {
      var _ = reader.join(Duration.ofNanos(Math.max(nanos, 1)));
      return kept.toString(StandardCharsets.UTF_8);
    }
  }
}
