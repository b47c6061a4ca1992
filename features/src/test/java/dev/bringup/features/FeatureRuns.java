package dev.bringup.features;

import dev.bringup.junit.FeatureTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/** All features on a board, and then once more on the recording of that run. */
final class FeatureRuns {
  private static final Path ROOT = Path.of(System.getProperty("bringup.root", ".."));

  private static final Path OUTPUT = Path.of("target/bringup");
  private static final List<String> FEATURES =
      Stream.of("uboot", "linux", "xen", "faults")
          .map(each -> ROOT.resolve("features").resolve(each).toString())
          .toList();

  private FeatureRuns() {}

  static Stream<DynamicNode> onBoard(String board) {
    Instant begun = Instant.now();
    return Stream.concat(
        FeatureTests.of(FEATURES.toArray(String[]::new))
            .boards(ROOT.resolve("boards"))
            .onBoard(board)
            .skipWithoutTools()
            .tests(),
        Stream.of(
            DynamicTest.dynamicTest(
                "a replay reaches the same results", () -> replay(board, begun))));
  }

  private static void replay(String board, Instant begun) throws IOException {
    Path recording = recording(board, begun);
    Replays.Ended replayed = Replays.replay(recording, board, OUTPUT, FEATURES);
    if (board.equals("emu-virt")) {
      Replays.assertSame(recording.resolveSibling("."), replayed.folder());
    } else {
      Replays.assertNothingElse(recording.resolveSibling("."), replayed.folder());
    }
  }

  /** The recording of the run that has just ended. */
  private static Path recording(String board, Instant begun) throws IOException {
    try (Stream<Path> runs = Files.list(OUTPUT)) {
      Optional<Path> newest =
          runs.map(run -> run.resolve(board + ".rec"))
              .filter(file -> file.toFile().lastModified() >= begun.toEpochMilli())
              .max(Comparator.naturalOrder());
      Assumptions.assumeTrue(newest.isPresent(), board + " did not run");
      return newest.orElseThrow();
    }
  }
}
