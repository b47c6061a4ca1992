package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A run of real U-Boot, and what its recordings make of the same features and of others. */
class ReplayedRunTest {
  private static final String BOARD = "emu-virt";

  /** Scenarios that pass, that fail by what the board says, and by time. */
  private static final String OWN =
      """
      Feature: good and bad

        Background:
          Given a board that can run "u-boot"

        Scenario: a command that fails
          Given the board is at the bootloader
          When U-Boot runs "false"
          Then the command succeeds

        Scenario: a boot that is too slow
          When the board boots to the bootloader within 100 ms

        Scenario: a file that nobody has
          Given the board is at the bootloader
          And U-Boot has an address by DHCP
          When U-Boot loads "nowhere.bin" by TFTP
          Then the TFTP server refused "nowhere.bin"
          And the TFTP server sent "nowhere.bin" exactly once

        Scenario: a file that everybody has
          Given the board is at the bootloader
          And U-Boot has an address by DHCP
          And a file "sample.bin" of 5000 B is staged
          When U-Boot loads "sample.bin" by TFTP
          Then U-Boot has received the whole file "sample.bin"
          And the TFTP server sent "sample.bin" exactly once

        Scenario: a line that loses what is typed
          Given the board is at the bootloader
          And the serial line loses the 20th byte that is typed
          And the serial line loses the 120th byte that is typed
          When U-Boot runs "echo every character counts"
          Then the output is "every character counts"
          When U-Boot runs "echo and each of them once"
          Then the output is "and each of them once"
          And at least 2 faults have struck

        Scenario: a line that damages what the board says
          Given the serial line loses 4 percent of what the board says with seed 3
          When the board boots to the bootloader within 10 s
          And U-Boot runs "false"
          Then the command succeeds

        Scenario: a port that is gone when it is needed
          Given the serial port is gone for 20 s at console byte 375
          When the board boots to the bootloader
          And U-Boot runs "help"
      """;

  @TempDir private static Path folder;
  private static Path feature = Path.of("");
  private static Replays.@Nullable Ended ended;

  @BeforeAll
  static void record() throws IOException {
    feature = Files.writeString(folder.resolve("own.feature"), OWN);
    ended = Replays.run(BOARD, folder.resolve("runs"), features());
  }

  private static Replays.Ended run() {
    return Objects.requireNonNull(ended);
  }

  private static List<String> features() {
    return List.of(
        feature.toString(), RealParts.root().resolve("features/uboot/prompt.feature").toString());
  }

  private static Replays.Ended replay(Path recording, String... features) {
    return Replays.replay(recording, BOARD, folder.resolve("replays"), List.of(features));
  }

  private static Replays.Ended replayAll(Path recording) {
    return replay(recording, features().toArray(String[]::new));
  }

  private static Path recording() {
    return run().recording(BOARD);
  }

  @Test
  void theRecordedRunShowsAllKindsOfResults() {
    assertThat(run().verdicts())
        .extracting(verdict -> verdict.path("verdict").asString())
        .contains("passed", "product failure", "infrastructure error");
    JsonNode typed = byName(run(), "a line that loses what is typed");
    assertThat(typed.path("verdict").asString())
        .as(typed.path("reason").asString(""))
        .isEqualTo("passed");
    assertThat(typed.at("/evidence/wire/typedAgain").asInt()).isPositive();
    assertThat(byName(run(), "a port that is gone when it is needed").path("reason").asString())
        .contains("cannot send to " + BOARD, "has taken the serial port away");
  }

  @Test
  void aReplayReachesTheSameResultsAtTheSameTimes() throws IOException {
    Replays.Ended replayed = replayAll(recording());

    Replays.assertSame(run().folder(), replayed.folder());
    assertThat(replayed.report().exitCode()).isEqualTo(run().report().exitCode()).isEqualTo(1);
    assertThat(replayed.recording(BOARD))
        .as("the console, byte for byte")
        .satisfies(file -> assertThat(withoutHeader(file)).isEqualTo(withoutHeader(recording())));
    saysThatItIsAReplay(replayed);
    Replays.assertSame(run().folder(), replayAll(replayed.recording(BOARD)).folder());
  }

  private static void saysThatItIsAReplay(Replays.Ended replayed) throws IOException {
    String file = recording().toString();
    assertThat(replayed.verdicts())
        .allSatisfy(verdict -> {
          assertThat(verdict.path("replayOf").asString()).isEqualTo(file);
          assertThat(verdict.path("evidence").path("notes").toString()).contains("replay of");
        });
    for (String report : List.of("report.html", "junit.xml")) {
      assertThat(Files.readString(replayed.folder().resolve(report))).contains(file);
    }
    assertThat(run().verdicts())
        .allSatisfy(verdict -> assertThat(verdict.path("replayOf").isNull()).isTrue());
  }

  /** The header holds when the run began. */
  private static byte[] withoutHeader(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return Arrays.copyOfRange(bytes, 20 + BOARD.length() + 4, bytes.length);
  }

  @Test
  void oneFeatureOfTheRunReplaysAlone() {
    String prompt = features().getLast();
    Replays.Ended replayed = replay(recording(), prompt);
    assertThat(replayed.report().verdict()).isEqualTo(Verdict.PASSED);
    assertThat(replayed.report().scenarios()).hasSizeGreaterThan(3);
  }

  @Test
  void aScenarioReplaysFromItsOwnRecording() throws IOException {
    for (String name : List.of("a boot that is too slow", "a file that everybody has")) {
      var scenario =
          run().report().scenarios().stream()
              .filter(each -> each.name().equals(name))
              .findFirst()
              .orElseThrow();
      Path own = run().folder().resolve(scenario.folder());
      Replays.Ended replayed = replay(own.resolve("console.rec"), feature + ":" + scenario.line());
      Replays.assertSame(own, replayed.folder().resolve(scenario.folder()));
    }
  }

  @Test
  void otherStepsAreNeitherAPassNorAProductFailure() throws IOException {
    Path changed = folder.resolve("changed.feature");
    Files.writeString(
        changed,
        OWN.replace("\"false\"", "\"true\"")
            .replace(
                "When U-Boot loads \"no",
                "And a file \"nowhere.bin\" of 1 B is staged\n    When U-Boot loads \"no"));
    Replays.Ended replayed = replay(recording(), changed.toString());

    JsonNode command = byName(replayed, "a command that fails");
    assertThat(command.path("verdict").asString()).isEqualTo("unknown");
    assertThat(command.path("reason").asString())
        .contains("at offset ", "\"false; br=", " was typed, but now \"true; br=")
        .doesNotContain("\n");
    JsonNode file = byName(replayed, "a file that nobody has");
    assertThat(file.path("verdict").asString()).isEqualTo("unknown");
    assertThat(file.path("reason").asString()).contains("missing then and is staged now");
    assertThat(byName(replayed, "a file that everybody has").path("verdict").asString())
        .as("the next scenarios go on")
        .isEqualTo("passed");
  }

  private static JsonNode byName(Replays.Ended ended, String name) {
    return ended.verdicts().stream()
        .filter(verdict -> verdict.path("scenario").path("name").asString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aRecordingThatWasCutOffPassesWhatItHoldsAndSaysWhereItEnds() throws IOException {
    byte[] bytes = Files.readAllBytes(recording());
    List<Replays.Result> were = run().verdicts().stream().map(Replays::result).toList();
    for (int tenths = 3; tenths < 10; tenths += 3) {
      Path cut = folder.resolve("cut-" + tenths + ".rec");
      Files.write(cut, Arrays.copyOf(bytes, bytes.length / 10 * tenths + tenths));
      Files.copy(
          run().folder().resolve(BOARD + ".tftp.jsonl"),
          folder.resolve("cut-" + tenths + ".tftp.jsonl"));
      List<JsonNode> are = replayAll(cut).verdicts();
      assertThat(are).hasSameSizeAs(were);
      int unknown = 0;
      for (int i = 0; i < are.size(); i++) {
        String reason = are.get(i).path("reason").asString("");
        if (reason.contains("the recording was cut off")) {
          assertThat(are.get(i).path("verdict").asString()).isEqualTo("unknown");
          unknown++;
        } else {
          assertThat(Replays.result(are.get(i)).verdict())
              .as("cut at %d/10: %s", tenths, reason)
              .isEqualTo(were.get(i).verdict());
        }
      }
      assertThat(unknown).as("scenarios behind the cut").isPositive();
    }
  }

  @Test
  void withoutTracesOfTheTransfersWhatJudgesThemIsSkipped() throws IOException {
    Path alone = Files.copy(recording(), folder.resolve("alone.rec"));
    JsonNode verdict = byName(replay(alone, feature.toString()), "a file that everybody has");
    assertThat(verdict.path("skipped").asString()).contains("no record of them");
  }
}
