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
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * All features on each emulated board: real U-Boot, Xen, dom0, guests and Linux. Then they run once
 * more, on the recording of that run.
 */
final class FeaturesTest {
  private static final Path ROOT = Path.of(System.getProperty("bringup.root", ".."));

  private static final Path OUTPUT = Path.of("target/bringup");
  private static final List<String> FEATURES =
      Stream.of("uboot", "linux", "xen", "faults")
          .map(each -> ROOT.resolve("features").resolve(each).toString())
          .toList();

  @TestFactory
  Stream<DynamicNode> everyFeaturePassesOnQemuVirt() {
    return onBoard("qemu-virt");
  }

  @TestFactory
  Stream<DynamicNode> everyFeaturePassesOnEmuVirt() {
    return onBoard("emu-virt");
  }

  /** With {@code -Ploops} only, for they take minutes; their contracts run always. */
  @TestFactory
  @EnabledIfSystemProperty(named = "bringup.loops", matches = "true")
  Stream<DynamicNode> everyFeaturePassesOnTheLoopBackBoards() {
    return Stream.of("loop-serial", "loop-ser2net", "loop-rfc2217").flatMap(FeaturesTest::onBoard);
  }

  private static Stream<DynamicNode> onBoard(String board) {
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
    try (Stream<Path> files = Files.walk(OUTPUT, 2)) {
      Optional<Path> newest =
          files
              .filter(file -> file.endsWith(board + ".rec"))
              .filter(file -> file.toFile().lastModified() >= begun.toEpochMilli())
              .max(Comparator.naturalOrder());
      Assumptions.assumeTrue(newest.isPresent(), board + " did not run");
      return newest.orElseThrow();
    }
  }
}
