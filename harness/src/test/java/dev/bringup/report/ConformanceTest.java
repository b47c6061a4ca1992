package dev.bringup.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.verdict.FailureKind;
import dev.bringup.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConformanceTest {
  private static final String HASH = "ab".repeat(32);

  @Test
  void timesAndTheBoardsOwnNamesAreNoDifference() {
    var failed =
        new Outcome.Failed(Verdict.PRODUCT_FAILURE, FailureKind.PRODUCT, "one: panic", null);
    var alsoFailed =
        new Outcome.Failed(Verdict.PRODUCT_FAILURE, FailureKind.PRODUCT, "other: panic", null);
    Conformance alike =
        Conformance.of(
            run("one", scenario(7, failed, 1, "kernel", HASH)),
            run("other", scenario(7, alsoFailed, 9, "kernel", HASH)));
    assertThat(alike.isAlike()).isTrue();
    assertThat(alike.text())
        .isEqualToNormalizingNewlines("one and other are alike in 1 scenario\n");
  }

  @Test
  void eachObservedDifferenceIsListedWithBothSides() {
    Conformance differ =
        Conformance.of(
            run("one", scenario(7, new Outcome.Passed(), 1, "kernel", HASH)),
            run(
                "other",
                scenario(7, new Outcome.Skipped("no disk"), 1, "firmware", "cd".repeat(32))));
    assertThat(differ.isAlike()).isFalse();
    assertThat(differ.scenarios().getFirst().differences())
        .extracting(Conformance.Difference::what)
        .containsExactly("outcome", "boot 1", "TFTP Image to board");
    assertThat(differ.text())
        .contains("one: passed", "other: skipped: no disk", "differ in 1 of 1 scenario");
  }

  @Test
  void aScenarioThatOnlyOneBoardRanIsADifference() {
    ScenarioReport common = scenario(7, new Outcome.Passed(), 1, "kernel", HASH);
    Conformance differ =
        Conformance.of(
            run("one", common),
            run("other", common, scenario(9, new Outcome.Passed(), 1, "x", HASH)));
    assertThat(differ.scenarios()).hasSize(2);
    assertThat(differ.scenarios().getLast().differences().getFirst().first()).isEqualTo("nothing");
  }

  private static RunReport run(String board, ScenarioReport... scenarios) {
    return new RunReport(
        "run of " + board,
        Instant.EPOCH,
        Duration.ofSeconds(1),
        "./bringup run",
        false,
        Map.of(),
        List.of(new RunReport.BoardReport(board, "a board")),
        List.of(scenarios));
  }

  private static ScenarioReport scenario(
      int line, Outcome outcome, int seconds, String stage, @Nullable String hash) {
    Duration time = Duration.ofSeconds(seconds);
    return new ScenarioReport(
        "folder",
        "features/a.feature",
        "A",
        null,
        "a scenario",
        line,
        List.of(),
        "board",
        outcome,
        Instant.EPOCH,
        time,
        List.of(new StepReport("When", "it boots", StepReport.Status.PASSED, time, null)),
        new Evidence(
            stage,
            "on",
            ConsoleExcerpt.NONE,
            List.of(new StageSpan(1, stage, Duration.ZERO, time, null, true)),
            List.of(
                new TransferRow(
                    "Image", TransferRow.Direction.TO_BOARD, 5, 0, time, true, "complete", hash)),
            List.of()));
  }
}
