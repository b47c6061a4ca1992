package dev.bringup.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.bringup.board.BoardCatalog;
import dev.bringup.board.BoardFile;
import dev.bringup.health.BoardHealth.State;
import dev.bringup.health.HealthStore;
import dev.bringup.report.Outcome;
import dev.bringup.report.RunReport;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.Verdict;
import dev.bringup.verdict.VerdictRule;
import dev.bringup.wired.Desk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs on a wired board whose wire, outlet and words are played by the test: the verdict must be
 * right, and the evidence there.
 */
@Timeout(180)
class WiredVerdictsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String FIRMWARE = "the board boots to firmware";
  private static final String BOOTLOADER = "the board boots to bootloader";

  @TempDir private Path folder;
  private final List<Outcome> outcomes = new ArrayList<>();
  private Desk desk;

  @SuppressWarnings("NullAway.Init") // each test runs something first
  private RunReport report;

  private @Nullable HealthStore health;

  @BeforeEach
  void boardFile() throws IOException {
    desk = Desk.knowingPanics(folder);
  }

  @Test
  void aBoardThatIsToBeOffHasNoPower() throws IOException {
    desk.withPower = () -> desk.say("Banner\r\n");
    run(FIRMWARE + "\n    And the board boots to off", "the board is at off");

    assertThat(outcomes).containsOnly(new Outcome.Passed());
    for (int scenario : List.of(0, 1)) {
      assertThat(verdict(scenario).at("/evidence/power/told").asString()).isEqualTo("off");
      assertThat(verdict(scenario).at("/evidence/power/readBack").asString()).isEqualTo("off");
    }
  }

  @Test
  void aPromptThatIsMissingBecauseTheWireIsGoneIsNotTheBoards() throws IOException {
    desk.withPower =
        () -> {
          desk.say("Banner\r\n");
          desk.awaitHeard(8);
          desk.cut();
        };
    run(BOOTLOADER);

    Outcome.Failed failed = failed(0);
    assertThat(failed.verdict()).isEqualTo(Verdict.INFRASTRUCTURE_ERROR);
    assertThat(failed.rule()).isEqualTo(VerdictRule.WIRE_LOST);
    assertThat(failed.reason())
        .contains(
            "pty " + desk.link,
            "offset 8",
            "what was seen meanwhile: desk: no \"the bootloader's prompt");
    assertThat(report.exitCode()).isEqualTo(3);
    JsonNode json = verdict(0);
    assertThat(json.get("rule").asString()).isEqualTo("wire lost");
    assertThat(json.at("/evidence/wire/transport").asString()).isEqualTo("pty " + desk.link);
    assertThat(json.at("/evidence/wire/bytes").asInt()).isEqualTo(8);
    assertThat(json.at("/evidence/wire/gaps/0/offset").asInt()).isEqualTo(8);
    assertThat(json.at("/evidence/wire/gaps/0/back").isNull()).isTrue();
    assertThat(json.at("/evidence/wire/gaps/0/withPower").asBoolean()).isFalse();
    assertThat(Files.readString(runFolder().resolve("report.html")))
        .contains("Times without the wire", "not yet", "wire lost");
  }

  @Test
  void aWireThatIsBackBeforeTheFailingStepBeginsLeavesTheVerdictAlone() throws IOException {
    desk.onPower =
        () -> {
          desk.say("before the gap\r\n");
          desk.awaitHeard(16);
          desk.cut();
          desk.plug();
          desk.say("Banner\r\n");
        };
    run(FIRMWARE + "\n    And " + BOOTLOADER);

    Outcome.Failed failed = failed(0);
    assertThat(failed.verdict()).isEqualTo(Verdict.PRODUCT_FAILURE);
    assertThat(failed.rule()).isEqualTo(VerdictRule.BOARD_FAILED);
    assertThat(report.exitCode()).isEqualTo(1);
    assertThat(verdict(0).at("/evidence/wire/gaps/0/back").isNumber()).isTrue();
  }

  @Test
  void aWireThatIsLostAndBackWithinTheFailingStepIsTheLabs() throws IOException {
    desk.withPower =
        () -> {
          desk.say("Banner\r\n");
          desk.awaitHeard(8);
          desk.cut();
          desk.plug();
          desk.say("after the gap\r\n");
        };
    run(BOOTLOADER);

    assertThat(failed(0).rule()).isEqualTo(VerdictRule.WIRE_LOST);
  }

  @Test
  void aPassThatAGapDidNotHinderIsAPass() throws IOException {
    desk.withPower =
        () -> {
          desk.say("Banner\r\n");
          desk.awaitHeard(8);
          desk.cut();
          desk.plug();
          desk.say("=> ");
        };
    beforeBootloader("30 s");
    run(BOOTLOADER);

    assertThat(outcomes).containsExactly(new Outcome.Passed());
    assertThat(report.exitCode()).isZero();
  }

  @Test
  void silenceSincePowerOnAccusesNobodyAlsoWhenTheWireWasGoodBefore() throws IOException {
    change("within: 30 s", "within: 2 s");
    desk.onPower = () -> {};
    run(FIRMWARE);

    assertThat(failed(0).verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(failed(0).rule()).isEqualTo(VerdictRule.SILENT_SINCE_POWER_ON);
    assertThat(failed(0).hint()).contains("firmware", "wire", "doctor --board desk");
    assertThat(report.exitCode()).isEqualTo(3);
  }

  @Test
  void aWireThatIsGoneFromPowerOnIsTheLabsAndNotUnknown() throws IOException {
    change("within: 30 s", "within: 2 s");
    desk.withPower = desk::cut;
    run(FIRMWARE);

    assertThat(failed(0).rule()).isEqualTo(VerdictRule.WIRE_LOST);
  }

  @Test
  void aBoardThatPowersItsWireLosesItWithoutAFault() throws IOException {
    desk.poweredByBoard = true;
    desk.onPower =
        () -> {
          desk.plugIfAbsent();
          desk.say("Banner\r\n");
        };
    desk.onPowerCut = desk::unplug;
    run(FIRMWARE, BOOTLOADER);

    assertThat(outcomes.getFirst()).isEqualTo(new Outcome.Passed());
    assertThat(failed(1).rule()).isEqualTo(VerdictRule.BOARD_FAILED);
  }

  @Test
  void aBoardThatPowersItsWireAndNeverShowsItIsUnknown() throws IOException {
    change("within: 30 s", "within: 2 s");
    desk.poweredByBoard = true;
    desk.unplug();
    run(FIRMWARE);

    assertThat(failed(0).rule()).isEqualTo(VerdictRule.SILENT_SINCE_POWER_ON);
  }

  @Test
  void anOutletThatSaysOffAlthoughItWasToldOnOverridesTheMissingPrompt() throws IOException {
    desk.fallsOff = true;
    desk.withPower =
        () -> {
          desk.say("Banner\r\n");
          desk.awaitHeard(8);
        };
    run(BOOTLOADER);

    assertThat(failed(0).rule()).isEqualTo(VerdictRule.POWER_NOT_CONFIRMED);
    JsonNode json = verdict(0);
    assertThat(json.at("/evidence/power/told").asString()).isEqualTo("on");
    assertThat(json.at("/evidence/power/readBack").asString()).isEqualTo("off");
  }

  @Test
  void anOutletThatDoesNotObeyIsTheLabsByItsName() throws IOException {
    desk.onPower = () -> {};
    desk.stuck = true;
    run(FIRMWARE);

    assertThat(failed(0).rule()).isEqualTo(VerdictRule.LAB_FAILED);
    assertThat(failed(0).reason()).contains("outlet 3 of the test's strip");
  }

  @Test
  void theWholePanicIsInTheEvidenceWithWhatCameBeforeTheStep() throws IOException {
    beforeBootloader("30 s");
    desk.onPower =
        () -> {
          for (int i = 0; i < 500; i++) {
            desk.say("early line " + i + "\r\n");
          }
          desk.say("Banner\r\nHit any key\r\n");
          desk.awaitKey(); // the second step
          desk.say("Kernel panic - not syncing: Attempted to kill init!\r\n");
          for (int i = 0; i < 120; i++) {
            desk.say("[    1.0] frame " + i + " of the call trace\r\n");
          }
          desk.say("---[ end Kernel panic - not syncing ]---\r\n");
        };
    run(FIRMWARE + "\n    And " + BOOTLOADER);

    assertThat(failed(0).rule()).isEqualTo(VerdictRule.BAD_PATTERN);
    JsonNode console = verdict(0).at("/evidence/console");
    List<String> lines = new ArrayList<>();
    console.get("lines").forEach(line -> lines.add(line.get("text").asString()));
    assertThat(lines)
        .contains("Kernel panic - not syncing: Attempted to kill init!", "early line 499")
        .contains("[    1.0] frame 0 of the call trace", "[    1.0] frame 119 of the call trace")
        .contains("---[ end Kernel panic - not syncing ]---");
    assertThat(console.get("failureOffset").asLong()).isPositive();
    List<String> before = new ArrayList<>();
    console.get("before").forEach(line -> before.add(line.get("text").asString()));
    assertThat(before).hasSizeLessThanOrEqualTo(20).contains("Banner");
  }

  @Test
  void aBootThatFailedByTheLabsFaultDoesNotBecomeTheProductsWhenAnotherCauseWasExpected()
      throws IOException {
    change("panic, verdict: product failure", "panic, verdict: infrastructure error");
    beforeBootloader("30 s");
    desk.onPower = () -> desk.say("Banner\r\nKernel panic\r\n");
    run(
        "the board tries to boot to bootloader\n"
            + "    Then the boot fails with a product failure because of \"panic\"");

    assertThat(failed(0).verdict()).isEqualTo(Verdict.INFRASTRUCTURE_ERROR);
    assertThat(failed(0).rule()).isEqualTo(VerdictRule.BAD_PATTERN);
  }

  @Test
  void runsThatEndWithoutTheWireQuarantineTheBoardAndTheNextOneIsRefusedAtOnce()
      throws IOException {
    var store = new HealthStore(folder.resolve("state"), 2, InstantSource.system());
    BoardFile board = BoardCatalog.load(folder.resolve("boards")).board("desk");
    health = store;
    desk.unplug();

    run(FIRMWARE, FIRMWARE); // two scenarios, one run
    assertThat(failed(0).rule()).isEqualTo(VerdictRule.LAB_FAILED);
    assertThat(store.of(board).state()).isEqualTo(State.SUSPECT);

    desk.plug();
    desk.onPower = () -> desk.say("Banner\r\n");
    run(FIRMWARE);
    assertThat(report.exitCode()).isZero();
    assertThat(store.of(board).state()).isEqualTo(State.HEALTHY);

    run(FIRMWARE);
    run(FIRMWARE);
    assertThat(store.of(board).state()).isEqualTo(State.QUARANTINED);
    assertThat(store.of(board).run()).isEqualTo(report.runId());

    assertThatExceptionOfType(BringupException.class)
        .isThrownBy(() -> run(FIRMWARE))
        .withMessageContaining("quarantined since")
        .withMessageContaining("doctor --board desk --lift")
        .matches(refused -> refused.kind().exitCode() == 3);
    store.lift(board);
    desk.plug();
    run(FIRMWARE);
    assertThat(report.exitCode()).isZero();
  }

  @Test
  void whatIsNotTheBoardsFaultDoesNotCountAgainstIt() throws IOException {
    var store = new HealthStore(folder.resolve("state"), 1, InstantSource.system());
    health = store;
    run("the boot set \"none\" is staged");
    assertThat(report.exitCode()).isEqualTo(2);
    assertThat(store.of(BoardCatalog.load(folder.resolve("boards")).board("desk")).state())
        .isEqualTo(State.HEALTHY);
  }

  @Test
  void faultsThatWereInjectedOnPurposeDoNotCountAgainstTheBoard() throws IOException {
    var store = new HealthStore(folder.resolve("state"), 1, InstantSource.system());
    health = store;
    desk.withPower =
        () -> {
          desk.say("Banner and more\r\n");
          desk.awaitHeard(11);
        };
    run("the serial line loses 6 bytes at console byte 1\n    When " + FIRMWARE + " within 1 s");
    assertThat(report.exitCode()).isEqualTo(3);
    assertThat(failed(0).rule()).isEqualTo(VerdictRule.INJECTED_FAULT);
    assertThat(store.of(BoardCatalog.load(folder.resolve("boards")).board("desk")).state())
        .isEqualTo(State.HEALTHY);
  }

  private void change(String was, String becomes) throws IOException {
    Path board = folder.resolve("boards/desk.yaml");
    String before = Files.readString(board);
    assertThat(before).contains(was);
    Files.writeString(board, before.replace(was, becomes));
  }

  /** How long the bootloader may take; little, where it does not come. */
  private void beforeBootloader(String limit) throws IOException {
    change("within: 2 s", "within: " + limit);
  }

  private Outcome.Failed failed(int scenario) {
    assertThat(outcomes.get(scenario)).isInstanceOf(Outcome.Failed.class);
    return (Outcome.Failed) outcomes.get(scenario);
  }

  private Path runFolder() {
    return folder.resolve("out").resolve(report.runId());
  }

  private JsonNode verdict(int scenario) {
    return JSON.readTree(
        runFolder().resolve(report.scenarios().get(scenario).folder()).resolve("verdict.json"));
  }

  private void run(String... steps) throws IOException {
    try {
      RunRequest request = TestRun.of(folder, desk.loader(folder), steps);
      report =
          new FeatureRunner(request, TestRun::bootSet, each -> outcomes.add(each.outcome()), health)
              .run();
    } finally {
      desk.putAway();
    }
  }
}
