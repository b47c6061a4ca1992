package dev.bringup.run;

import dev.bringup.artifact.BootFiles;
import dev.bringup.board.BoardCatalog;
import dev.bringup.report.BoardProgress;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs on the board "desk" of a test's folder. */
final class TestRun {
  private TestRun() {}

  /**
   * A run of one scenario for each of {@code steps}, which may have more lines.
   *
   * @param folder has the board file in {@code boards/}, and gets the results in {@code out/}
   * @param loader sees the board's backend
   */
  static RunRequest of(Path folder, ClassLoader loader, String... steps) throws IOException {
    var feature = new StringBuilder("Feature: f\n");
    for (String step : steps) {
      feature.append("  Scenario: ").append(step.lines().findFirst().orElse(step));
      feature.append("\n    When ").append(step).append('\n');
    }
    Path file = folder.resolve("f.feature");
    Files.writeString(file, feature);
    return new RunRequest(
        List.of(file.toString()),
        List.of(),
        loader,
        null,
        null,
        BoardCatalog.load(folder.resolve("boards")).board("desk"),
        folder.resolve("out"),
        false,
        "./bringup run",
        Map.of(),
        BoardProgress.on(
            new PrintStream(OutputStream.nullOutputStream()),
            false,
            () -> 80,
            BoardClock.system()));
  }

  @SuppressWarnings("DoNotCallSuggester") // it stands in for one that may succeed
  static BootFiles bootSet(String name) {
    throw BringupException.configuration("there are no boot sets here, nor " + name);
  }
}
