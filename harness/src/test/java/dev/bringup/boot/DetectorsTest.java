package dev.bringup.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.board.BoardCatalog;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardFile.BadPattern;
import dev.bringup.board.BootStage;
import dev.bringup.console.ConsoleWatcher;
import dev.bringup.console.Outcome;
import dev.bringup.console.Recording;
import dev.bringup.time.FakeClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The shipped bad patterns, as the console engine looks for them, against what programs print. */
class DetectorsTest {
  private static final Path ROOT = Path.of(System.getProperty("bringup.root", ".."));
  private static final Path BOOTS =
      ROOT.resolve("harness/src/test/resources/dev/bringup/board/boots");

  /** A board whose time is real, so that all patterns count. */
  private static final BoardFile HARDWARE = hardware();

  private record Sample(String name, String text) {}

  @TestFactory
  List<DynamicTest> whatProgramsPrintTripsItsPatternHoweverItArrives() throws IOException {
    var tests = new ArrayList<DynamicTest>();
    for (Sample sample : samples()) {
      tests.add(
          DynamicTest.dynamicTest(
              sample.name() + ": " + sample.text().lines().findFirst().orElse(""),
              () -> {
                byte[] bytes = sample.text().replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
                BadPattern expected = named(sample.name());
                BootStage stage = stageOf(expected);
                Optional<Outcome.BadPattern> whole = seen(bytes, bytes.length, stage);
                assertThat(whole)
                    .hasValueSatisfying(
                        bad -> assertThat(bad.pattern().name()).isEqualTo(sample.name()));
                Optional<Outcome.BadPattern> single = seen(bytes, 1, stage);
                assertThat(single.map(Outcome.BadPattern::start))
                    .isEqualTo(whole.map(Outcome.BadPattern::start));
              }));
    }
    return tests;
  }

  @Test
  void eachPatternHasItsSample() throws IOException {
    Set<String> sampled = new TreeSet<>();
    samples().forEach(sample -> sampled.add(sample.name()));
    Set<String> names = new TreeSet<>();
    HARDWARE.badPatterns().forEach(pattern -> names.add(pattern.name()));
    assertThat(sampled).isEqualTo(names);
  }

  @ParameterizedTest
  @EnumSource
  void cleanBootsTripNothingInAnyStage(BootStage stage) throws IOException {
    for (Path boot : cleanBoots()) {
      String console = Files.readString(boot, StandardCharsets.ISO_8859_1);
      // From the bootloader on, the firmware's banner is a reset.
      byte[] bytes =
          console.substring(console.indexOf("DRAM:")).getBytes(StandardCharsets.ISO_8859_1);
      assertThat(seen(bytes, bytes.length, stage).map(Outcome.BadPattern::line))
          .as(boot + " as " + stage)
          .isEmpty();
    }
  }

  @Test
  void emulatedBoardsDoNotBlameABoardForABusyHost() {
    BoardFile emulated = BoardCatalog.load(ROOT.resolve("boards")).board("emu-virt");
    Set<String> hardwareOnly = new LinkedHashSet<>();
    HARDWARE.badPatterns().forEach(pattern -> hardwareOnly.add(pattern.name()));
    emulated.badPatterns().forEach(pattern -> hardwareOnly.remove(pattern.name()));
    assertThat(hardwareOnly)
        .containsExactlyInAnyOrder(
            "linux soft lockup",
            "linux hard lockup",
            "linux workqueue lockup",
            "linux rcu stall",
            "linux hung task");
  }

  private static Optional<Outcome.BadPattern> seen(byte[] bytes, int piece, BootStage stage) {
    var recording = Recording.inMemory("board", new FakeClock());
    var watcher = new ConsoleWatcher(recording, new BadPatterns(HARDWARE).in(stage), 0);
    Optional<Outcome.BadPattern> bad = Optional.empty();
    for (int i = 0; i < bytes.length && bad.isEmpty(); i += piece) {
      recording.append(bytes, i, Math.min(piece, bytes.length - i));
      bad = watcher.check();
    }
    return bad;
  }

  private static BootStage stageOf(BadPattern pattern) {
    return pattern.during().contains(BootStage.KERNEL)
        ? BootStage.KERNEL
        : pattern.during().iterator().next();
  }

  private static BadPattern named(String name) {
    return HARDWARE.badPatterns().stream()
        .filter(pattern -> pattern.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no pattern \"" + name + '"'));
  }

  private static List<Path> cleanBoots() throws IOException {
    try (Stream<Path> files = Files.list(BOOTS.resolve("clean"))) {
      return files.sorted().toList();
    }
  }

  private static List<Sample> samples() throws IOException {
    try (InputStream in = DetectorsTest.class.getResourceAsStream("/transcripts/detectors.txt")) {
      assertThat(in).isNotNull();
      var samples = new ArrayList<Sample>();
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String part : ("\n" + all).split("\n## (?=[a-z0-9_ -]+\n)", -1)) {
        int lineEnd = part.indexOf('\n');
        if (!part.isBlank() && !part.startsWith("#") && !part.startsWith("\n#")) {
          samples.add(new Sample(part.substring(0, lineEnd), part.substring(lineEnd + 1)));
        }
      }
      return samples;
    }
  }

  private static BoardFile hardware() {
    try {
      Path folder = Files.createTempDirectory("boards");
      Files.createDirectory(folder.resolve("types"));
      for (String type : List.of("arm64-boot.yaml", "arm64-hardware.yaml")) {
        Files.copy(ROOT.resolve("boards/types/" + type), folder.resolve("types/" + type));
      }
      String virt = Files.readString(ROOT.resolve("boards/types/virt-arm64.yaml"));
      assertThat(virt).contains("\ntype: arm64-boot\n");
      Files.writeString(
          folder.resolve("real.yaml"),
          virt.replaceFirst("(?m)^# yaml.*$", "")
                  .replace("\ntype: arm64-boot\n", "\ntype: arm64-hardware\n")
              + "machine: {engine: none}\n");
      return BoardCatalog.load(folder).board("real");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
