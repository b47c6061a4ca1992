package dev.bringup.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bringup.report.Outcome;
import dev.bringup.report.RunReport;
import dev.bringup.report.ScenarioReport;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import dev.bringup.verdict.VerdictRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps and hooks of somebody's own that break: no scenario is lost, none passes for it. */
class BrokenGlueTest {
  @TempDir private Path folder;
  private final List<ScenarioReport> told = new ArrayList<>();

  private RunReport run(String glue, String... steps) throws IOException {
    Path boards = Files.createDirectories(folder.resolve("boards"));
    Files.writeString(
        boards.resolve("desk.yaml"),
        """
        description: nobody opens it
        architecture: arm64
        cpus: 1
        memory: 1 GiB
        memory-map: {ram: 0x40000000, script: 0x40200000, load: 0x40400000}
        stages: {firmware: {mark: {literal: Banner}, within: 60 s}}
        machine: {engine: none}
        """);
    RunRequest plain = TestRun.of(folder, getClass().getClassLoader(), steps);
    var request =
        new RunRequest(
            plain.features(),
            List.of("dev.bringup.run.glue.steps", "dev.bringup.run.glue." + glue),
            plain.classLoader(),
            null,
            null,
            plain.board(),
            plain.output(),
            false,
            plain.commandLine(),
            plain.environment(),
            plain.progress());
    return new FeatureRunner(request, TestRun::bootSet, told::add).run();
  }

  private BringupException failure(String glue, String... steps) {
    return catchThrowableOfType(BringupException.class, () -> run(glue, steps));
  }

  private Outcome.Failed failed(int scenario) {
    assertThat(told.get(scenario).outcome()).isInstanceOf(Outcome.Failed.class);
    return (Outcome.Failed) told.get(scenario).outcome();
  }

  @Test
  void aScenarioThatRunsOutOfMemoryIsInTheReportAndHasNotPassed() throws IOException {
    RunReport report = run("steps", "it passes", "memory runs out", "it passes", "memory runs out");

    assertThat(report.exitCode()).isEqualTo(3);
    assertThat(report.scenarios()).hasSize(4);
    assertThat(told.get(2).outcome()).isEqualTo(new Outcome.Passed());
    for (int scenario : List.of(1, 3)) {
      assertThat(failed(scenario).rule()).isEqualTo(VerdictRule.TOOL_BUG);
      assertThat(failed(scenario).reason()).contains("broke off", "out of memory");
    }
    try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
      assertThat(files.filter(file -> file.endsWith("verdict.json"))).hasSize(4);
    }
  }

  @Test
  void aHookThatFailsBehindASkipFailsTheScenario() throws IOException {
    assertThat(run("steps", "it is skipped, and its hook fails").exitCode()).isEqualTo(1);
    assertThat(failed(0).reason()).isEqualTo("the hook failed");
  }

  @Test
  void aReasonIsOneLine() throws IOException {
    assertThat(run("steps", "it throws two lines").exitCode()).isEqualTo(3);
    assertThat(failed(0).reason()).endsWith("IllegalStateException: one | two");
  }

  @Test
  void aHookOfTheRunThatFailsIsNamedAsSuch() {
    BringupException before = failure("before", "it passes");
    assertThat(before.kind()).isEqualTo(FailureKind.BUG);
    assertThat(before).hasMessageContaining("hook").hasMessageContaining("no such bench");
    assertThat(told).isEmpty();

    BringupException after = failure("after", "it passes");
    assertThat(after.kind()).isEqualTo(FailureKind.BUG);
    assertThat(after).hasMessageContaining("hook").hasMessageContaining("no such bench");
    assertThat(told).hasSize(1);
  }

  @Test
  void twoStepsOfTheSameWordsAreAMistakeInTheInput() {
    BringupException failure = failure("twice", "it passes", "it passes");

    assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION);
    assertThat(failure).hasMessageContaining("Duplicate step definitions");
    assertThat(String.valueOf(failure.getMessage())).doesNotContain("\n");
  }
}
