package dev.bringup.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.verdict.FailureKind;
import dev.bringup.verdict.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunReportTest {

  @Test
  void aProductFailureOutweighsEverythingElseThatBroke() {
    RunReport run =
        Reports.run(Reports.INFRASTRUCTURE, Reports.PRODUCT, Reports.UNKNOWN, Reports.PASSED);
    assertThat(run.verdict()).isEqualTo(Verdict.PRODUCT_FAILURE);
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void failuresOfTheLabNeverExitAsFailuresOfTheProduct() {
    assertThat(Reports.run(Reports.PASSED, Reports.INFRASTRUCTURE).exitCode()).isEqualTo(3);
    assertThat(Reports.run(Reports.UNKNOWN, Reports.PASSED).exitCode()).isEqualTo(3);
    assertThat(Reports.run(Reports.MISTAKE, Reports.INFRASTRUCTURE).exitCode()).isEqualTo(3);
  }

  @Test
  void onlyMistakesInTheInputExitWithTwo() {
    assertThat(Reports.run(Reports.PASSED, Reports.MISTAKE, Reports.SKIPPED).exitCode())
        .isEqualTo(2);
    assertThat(Reports.run(Reports.PRODUCT, Reports.MISTAKE).exitCode()).isEqualTo(1);
  }

  @Test
  void skippedAndEmptyRunsPassAndSayThatNothingRan() {
    for (RunReport run : List.of(Reports.run(), Reports.run(Reports.SKIPPED, Reports.SKIPPED))) {
      assertThat(run.exitCode()).isZero();
      assertThat(run.counts().headline(false)).isEqualTo("Nothing ran");
    }
  }

  @Test
  void anInterruptedRunIsNeverAPassedRun() {
    RunReport whole = Reports.run(Reports.PASSED);
    RunReport run =
        new RunReport(
            whole.runId(),
            whole.start(),
            whole.duration(),
            whole.commandLine(),
            true,
            Map.of(),
            List.of(),
            whole.scenarios());
    assertThat(run.exitCode()).isEqualTo(130);
    assertThat(HtmlReport.write(run, _ -> false)).contains("<h1>Interrupted: the scenario passed");
  }

  @Test
  void theHeadlineNamesFailuresBeforeAnythingElse() {
    assertThat(Reports.run(Reports.PASSED, Reports.PASSED).counts().headline(false))
        .isEqualTo("All 2 scenarios passed");
    assertThat(Reports.run(Reports.PASSED, Reports.SKIPPED).counts().headline(false))
        .isEqualTo("1 passed, 1 skipped");
    assertThat(
            Reports.run(Reports.PASSED, Reports.INFRASTRUCTURE, Reports.PRODUCT, Reports.PRODUCT)
                .counts()
                .headline(false))
        .isEqualTo("2 product failures, 1 infrastructure error");
  }

  @Test
  void aFailureWithThePassedVerdictCannotBeMade() {
    assertThatThrownBy(() -> new Outcome.Failed(Verdict.PASSED, FailureKind.BUG, "x", null))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
