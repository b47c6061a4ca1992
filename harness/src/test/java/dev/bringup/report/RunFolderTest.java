package dev.bringup.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir Path temp;

  @Test
  void holdsOneFileForEachReader() throws IOException {
    RunFolder folder = RunFolder.create(temp.resolve("target/bringup"), SampleRun.START);
    assertThat(folder.runId()).isEqualTo("20261121-011055");
    folder.write(SampleRun.run());
    assertThat(folder.path().resolve("junit.xml")).content().startsWith("<?xml");
    assertThat(folder.path().resolve("report.html"))
        .content()
        .contains("<a href=\"./boot-6/verdict.json\">verdict.json</a>")
        .doesNotContain("console.rec</a>");
    try (Stream<Path> files = Files.walk(folder.path())) {
      List<String> names = files.map(file -> file.getFileName().toString()).toList();
      assertThat(names).filteredOn("verdict.json"::equals).hasSize(60);
      assertThat(names).noneMatch(name -> name.endsWith(".part"));
    }
  }

  @Test
  void runsAndScenariosOfOneNameGetFoldersOfTheirOwn() {
    RunFolder first = RunFolder.create(temp, SampleRun.START);
    RunFolder second = RunFolder.create(temp, SampleRun.START);
    assertThat(second.runId()).isEqualTo("20261121-011055-2");
    Path a = first.newScenario("file:///x/xen/boot.feature", 12, "dom0 gets its memory");
    Path b = first.newScenario("classpath:other/boot.feature", 12, "dom0 gets its memory");
    assertThat(first.relative(a)).isEqualTo("boot-12-dom0-gets-its-memory");
    assertThat(first.relative(b)).isEqualTo("boot-12-dom0-gets-its-memory-2");
  }

  @Test
  void noNameLeadsOutOfTheFolder() {
    RunFolder folder = RunFolder.create(temp, SampleRun.START);
    for (String name :
        List.of("../../etc", "", "a/b\\c:d\0", "x".repeat(5000), "日本", Reports.HOSTILE)) {
      Path scenario = folder.newScenario(name, 1, name);
      assertThat(scenario).isDirectory();
      assertThat(scenario.getParent()).isEqualTo(folder.path());
      assertThat(folder.relative(scenario)).hasSizeLessThan(200).matches("[a-z0-9-]+");
    }
    assertThatThrownBy(() -> folder.write(out())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void canBeWrittenAgainWithMoreToSay() {
    RunFolder folder = RunFolder.create(temp, SampleRun.START);
    folder.write(Reports.run());
    folder.write(Reports.run(Reports.PRODUCT));
    assertThat(folder.path().resolve("report.html")).content().contains("<h1>1 product failure");
  }

  @Test
  void aPlaceThatCannotBeWrittenIsTheLabsFaultWithANextStep() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "");
    assertThatThrownBy(() -> RunFolder.create(file.resolve("bringup"), SampleRun.START))
        .isInstanceOfSatisfying(
            BringupException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
              assertThat(e).hasMessageContaining("bringup");
              assertThat(e.hint()).isPresent();
            });
  }

  private static RunReport out() {
    ScenarioReport inside = Reports.scenario("s", Reports.PASSED, Evidence.NONE);
    return Reports.run(
        List.of(
            new ScenarioReport(
                "../outside",
                inside.featureUri(),
                inside.featureName(),
                null,
                inside.name(),
                1,
                List.of(),
                null,
                inside.outcome(),
                inside.start(),
                inside.duration(),
                List.of(),
                Evidence.NONE)));
  }
}
