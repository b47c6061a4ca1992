package dev.bringup.artifact;

import dev.bringup.verdict.BringupException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/** One run of an apt program. */
final class AptCommand {
  private final List<String> words;

  AptCommand(List<String> words) {
    this.words = List.copyOf(words);
  }

  /** How it ended, and what it wrote to its standard error. */
  record Result(int exitCode, String errors) {}

  /**
   * Runs it in {@code folder} to its end; an interrupt ends it at once.
   *
   * @param line gets each line of its standard output
   */
  Result run(Path folder, Consumer<String> line) {
    Process process = start(folder);
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      FutureTask<String> errors =
          new FutureTask<>(() -> text(process.errorReader(StandardCharsets.UTF_8)));
      var _ = Thread.ofPlatform().daemon().name("apt errors").start(errors);
      out.lines().forEach(line);
      return new Result(process.waitFor(), errors.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BringupException.cancelled("fetching packages was stopped");
    } catch (IOException | UncheckedIOException | ExecutionException e) {
      throw BringupException.infrastructure(
          "lost contact with " + words.getFirst() + ": " + e.getMessage(), "fetch again", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
  }

  private Process start(Path folder) {
    ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
    builder.environment().put("LC_ALL", "C.UTF-8"); // messages that AptFailure knows
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    try {
      return builder.start();
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot run " + words.getFirst() + ": " + e.getMessage(),
          "install apt, or fetch on another machine and give the .deb files with --from DIR",
          e);
    }
  }

  private static String text(BufferedReader reader) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      text.append(line).append('\n');
    }
    return text.toString();
  }
}
