package dev.bringup.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.replay.ReplayBackend;
import dev.bringup.report.Evidence;
import dev.bringup.report.Outcome;
import dev.bringup.report.RunReport;
import dev.bringup.report.ScenarioReport;
import dev.bringup.verdict.Verdict;
import dev.bringup.verdict.VerdictRule;
import dev.bringup.wired.Desk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever went wrong on a wired board, in its own time and at the lab's or the board's fault, goes
 * wrong again in the replay, by the same rule and in the same words.
 */
@Timeout(180)
class ReplayedVerdictsTest {
  private static final String FIRMWARE = "the board boots to firmware";
  private static final String BOOTLOADER = "the board boots to bootloader";

  @TempDir private Path folder;
  private Desk desk;

  @BeforeEach
  void boardFile() throws IOException {
    desk = Desk.knowingPanics(folder);
  }

  @Test
  void aBoardThatDoesNotGetThere() throws IOException {
    desk.withPower =
        () -> {
          desk.say("Banner\r\n");
          desk.awaitHeard(8);
        };
    sameAgain(VerdictRule.BOARD_FAILED, BOOTLOADER);
  }

  @Test
  void aPanicAtAKey() throws IOException {
    change("within: 2 s", "within: 30 s");
    desk.onPower =
        () -> {
          desk.say("Banner\r\nHit any key\r\n");
          desk.awaitKey();
          desk.say("Kernel panic - not syncing\r\n[ 1.0] a frame of the call trace\r\n");
        };
    sameAgain(VerdictRule.BAD_PATTERN, FIRMWARE + "\n    And " + BOOTLOADER);
  }

  @Test
  void aWireThatIsLost() throws IOException {
    desk.withPower =
        () -> {
          desk.say("Banner\r\n");
          desk.awaitHeard(8);
          desk.cut();
        };
    sameAgain(VerdictRule.WIRE_LOST, BOOTLOADER);
  }

  @Test
  void aWireThatIsGoneWhenSomethingIsTyped() throws IOException {
    change("within: 2 s", "within: 30 s");
    desk.withPower =
        () -> {
          desk.say("Banner\r\nHit any key\r\n");
          desk.awaitHeard(21);
          desk.cut();
        };
    sameAgain(VerdictRule.LAB_FAILED, BOOTLOADER);
  }

  @Test
  void anOutletThatIsOffThoughToldToBeOn() throws IOException {
    desk.fallsOff = true;
    desk.withPower =
        () -> {
          desk.say("Banner\r\n");
          desk.awaitHeard(8);
        };
    sameAgain(VerdictRule.POWER_NOT_CONFIRMED, BOOTLOADER);
  }

  @Test
  void anOutletThatDoesNotObey() throws IOException {
    desk.stuck = true;
    sameAgain(VerdictRule.LAB_FAILED, FIRMWARE);
  }

  @Test
  void silence() throws IOException {
    change("within: 30 s", "within: 2 s");
    sameAgain(VerdictRule.SILENT_SINCE_POWER_ON, FIRMWARE);
  }

  @Test
  void aFaultThatWasInjected() throws IOException {
    desk.withPower =
        () -> {
          desk.say("Banner and more\r\n");
          desk.awaitHeard(11);
        };
    sameAgain(
        VerdictRule.INJECTED_FAULT,
        "the serial line loses 6 bytes at console byte 1\n    When " + FIRMWARE + " within 1 s");
  }

  @Test
  void aFaultThatWasNotInjectedOrOtherwise() throws IOException {
    desk.onPower = () -> desk.say("Banner and more\r\n");
    String plain = FIRMWARE + "\n    And " + FIRMWARE;
    String lost = FIRMWARE + "\n    Given the serial line loses 3 bytes at console byte 10";
    String hurt = lost + "\n    When " + FIRMWARE;
    List<ScenarioReport> were = new ArrayList<>();
    Path recording = run(were, hurt, plain);
    assertThat(were).extracting(ScenarioReport::outcome).containsOnly(new Outcome.Passed());

    List<ScenarioReport> are = new ArrayList<>();
    replay(recording, are, hurt, plain);
    assertThat(are).extracting(ScenarioReport::outcome).containsOnly(new Outcome.Passed());
    String armed =
        "byte 10 from the board since power-on: lost, 3 in a row\" was armed with seed 1";
    leaves(recording, armed + ", but now the fault \"byte 11 from", hurt.replace("10", "11"));
    leaves(recording, armed + ", but now the board is switched on", plain);
    leaves(
        recording,
        "faults were taken back, but now the board is switched on",
        hurt + "\n    And " + FIRMWARE);
  }

  /** The scenario is unknown, and the reason says where it is not as it was. */
  private void leaves(Path recording, String where, String steps) throws IOException {
    List<ScenarioReport> are = new ArrayList<>();
    replay(recording, are, steps);
    Outcome.Failed left = failed(are.getFirst());
    assertThat(left.rule()).isEqualTo(VerdictRule.NOT_IN_THE_RECORDING);
    assertThat(left.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(left.reason()).contains("replay of ", "at offset ", where).doesNotContain("\n");
  }

  /** The last of the scenarios fails by {@code rule}, then and in the replay. */
  private void sameAgain(VerdictRule rule, String... steps) throws IOException {
    List<ScenarioReport> were = new ArrayList<>();
    Path recording = run(were, steps);
    assertThat(failed(were.getLast()).rule()).isEqualTo(rule);

    List<ScenarioReport> are = new ArrayList<>();
    Path again = replay(recording, are, steps);
    assertThat(are).hasSameSizeAs(were);
    for (int i = 0; i < were.size(); i++) {
      ScenarioReport was = were.get(i);
      ScenarioReport is = are.get(i);
      assertThat(inWords(is)).isEqualTo(inWords(was));
      Evidence seen = is.evidence();
      assertThat(seen.stage()).isEqualTo(was.evidence().stage());
      assertThat(seen.power()).isEqualTo(was.evidence().power());
      assertThat(seen.powerTold()).isEqualTo(was.evidence().powerTold());
      assertThat(seen.console().lines()).isEqualTo(was.evidence().console().lines());
    }
    List<ScenarioReport> twice = new ArrayList<>();
    replay(again, twice, steps);
    assertThat(twice)
        .as("a replay of the replay")
        .extracting(ScenarioReport::outcome)
        .isEqualTo(are.stream().map(ScenarioReport::outcome).toList());
  }

  /** How long the host took to get from one thing to the next is no part of it. */
  private static String inWords(ScenarioReport scenario) {
    return scenario.outcome().toString().replaceAll("within [0-9.]+ s", "in time");
  }

  private static Outcome.Failed failed(ScenarioReport scenario) {
    assertThat(scenario.outcome()).isInstanceOf(Outcome.Failed.class);
    return (Outcome.Failed) scenario.outcome();
  }

  private void change(String was, String becomes) throws IOException {
    Path board = folder.resolve("boards/desk.yaml");
    String before = Files.readString(board);
    assertThat(before).contains(was);
    Files.writeString(board, before.replace(was, becomes));
  }

  /** Runs on the desk; returns the recording. */
  private Path run(List<ScenarioReport> reports, String... steps) throws IOException {
    try {
      RunRequest request = TestRun.of(folder, desk.loader(folder), steps);
      return recording(new FeatureRunner(request, TestRun::bootSet, reports::add).run());
    } finally {
      desk.putAway();
    }
  }

  private Path replay(Path recording, List<ScenarioReport> reports, String... steps)
      throws IOException {
    RunRequest request = TestRun.of(folder, getClass().getClassLoader(), steps);
    var runner =
        new FeatureRunner(request, ReplayBackend.of(recording), TestRun::bootSet, reports::add);
    return recording(runner.run());
  }

  private Path recording(RunReport report) {
    return folder.resolve("out").resolve(report.runId()).resolve("desk.rec");
  }
}
