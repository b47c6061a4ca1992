package dev.bringup.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.bringup.board.Board;
import dev.bringup.board.BoardBackend;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardSite;
import dev.bringup.board.PlayedBoard;
import dev.bringup.report.Outcome;
import dev.bringup.report.RunReport;
import dev.bringup.report.ScenarioReport;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import dev.bringup.verdict.Verdict;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run on a board whose recording can no longer be written at some point. */
class IncompleteRecordingTest {
  private static final String REASON = "the recording of desk can no longer be written";
  private static final String GOOD = "the board boots to firmware";
  private static final String WRONG = "the board boots to bootloader";

  @TempDir private Path folder;
  private final List<ScenarioReport> told = new ArrayList<>();

  @BeforeEach
  void boardFile() throws IOException {
    Path boards = Files.createDirectory(folder.resolve("boards"));
    Files.writeString(
        boards.resolve("desk.yaml"),
        """
        description: it says its banner and then that it panics
        architecture: arm64
        cpus: 1
        memory: 1 GiB
        memory-map: {ram: 0x40000000, script: 0x40200000, load: 0x40400000}
        stages:
          firmware: {mark: {literal: Banner}, within: 20 s}
          bootloader: {mark: {literal: Ready}, within: 20 s}
        bootloader: {kind: u-boot, prompt: '=> '}
        bad-patterns:
          panic: {literal: panic, verdict: product failure, reason: it panicked}
        machine: {engine: leaking, leaks-at: banner}
        """);
  }

  @Test
  void aRecordingThatIsWholeLeavesTheVerdictsAlone() throws IOException {
    RunReport report = run("never", GOOD, WRONG);

    assertThat(told.getFirst().outcome()).isEqualTo(new Outcome.Passed());
    assertThat(failed(1).verdict()).isEqualTo(Verdict.PRODUCT_FAILURE);
    assertThat(report.exitCode()).isEqualTo(1);
  }

  @Test
  void aScenarioThatPassesWithoutItsRecordingIsAnInfrastructureError() throws IOException {
    RunReport report = run("power-on", GOOD);

    assertThat(failed(0).kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
    assertThat(failed(0).reason()).startsWith(REASON);
    assertThat(failed(0).hint()).isEqualTo("free disk space");
    assertThat(report.exitCode()).isEqualTo(3);
    assertThat(told.getFirst().evidence().notes()).anyMatch(note -> note.startsWith(REASON));
    Path page = folder.resolve("out").resolve(report.runId()).resolve("report.html");
    assertThat(Files.readString(page)).contains(REASON);
  }

  @Test
  void aProductFailureWithoutItsRecordingIsNoneAndSaysWhatWasSeen() throws IOException {
    RunReport report = run("power-on", WRONG);

    assertThat(failed(0).verdict()).isEqualTo(Verdict.INFRASTRUCTURE_ERROR);
    assertThat(failed(0).reason()).startsWith(REASON).contains("it panicked");
    assertThat(report.exitCode()).isEqualTo(3);
  }

  @Test
  void whatWasRecordedBeforeKeepsItsVerdict() throws IOException {
    RunReport report = run("second-power-on", GOOD, WRONG);

    assertThat(told.getFirst().outcome()).isEqualTo(new Outcome.Passed());
    assertThat(failed(1).kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
    assertThat(report.exitCode()).isEqualTo(3);
  }

  @Test
  void aMistakeInTheFeatureStaysOne() throws IOException {
    RunReport report = run("power-on", GOOD + "\n    And the output is \"x\"");

    assertThat(failed(0).kind()).isEqualTo(FailureKind.CONFIGURATION);
    assertThat(report.exitCode()).isEqualTo(2);
  }

  @Test
  void aProblemAfterTheLastScenarioEndsTheRunButTheReportIsThere() {
    assertThatExceptionOfType(BringupException.class)
        .isThrownBy(() -> run("close", GOOD))
        .withMessageStartingWith(REASON)
        .matches(problem -> problem.kind() == FailureKind.INFRASTRUCTURE);
    assertThat(folder.resolve("out")).isDirectoryRecursivelyContaining("glob:**/report.html");
  }

  private Outcome.Failed failed(int scenario) {
    assertThat(told.get(scenario).outcome()).isInstanceOf(Outcome.Failed.class);
    return (Outcome.Failed) told.get(scenario).outcome();
  }

  private RunReport run(String leaksAt, String... steps) throws IOException {
    Path board = folder.resolve("boards/desk.yaml");
    Files.writeString(board, Files.readString(board).replace("banner}", leaksAt + "}"));
    Path services = Files.createDirectories(folder.resolve("glue/META-INF/services"));
    Files.writeString(
        services.resolve(BoardBackend.class.getName()), LeakingBackend.class.getName());
    var urls = new URL[] {folder.resolve("glue").toUri().toURL()};
    try (var loader = new URLClassLoader(urls, getClass().getClassLoader())) {
      RunRequest request = TestRun.of(folder, loader, steps);
      return new FeatureRunner(request, TestRun::bootSet, told::add).run();
    }
  }

  /** Boards whose host runs out of space at the time that their file gives. */
  public static final class LeakingBackend implements BoardBackend {
    @Override
    public String engine() {
      return "leaking";
    }

    @Override
    public List<Class<?>> capabilities(BoardFile file) {
      return List.of();
    }

    @Override
    public Board open(BoardFile file, BoardSite site) {
      return new LeakingBoard(file, site);
    }
  }

  private static final class LeakingBoard extends PlayedBoard {
    private final BoardSite site;
    private final String leaksAt;
    private int powerOns;

    private LeakingBoard(BoardFile file, BoardSite site) {
      super(file, BoardClock.system());
      this.site = site;
      this.leaksAt = file.require(file.machine(), "machine").settings().get("leaks-at").text();
    }

    private void reach(String time) {
      if (leaksAt.equals(time)) {
        site.problems().accept(BringupException.infrastructure(REASON, "free disk space"));
      }
    }

    @Override
    public void on() {
      super.on();
      powerOns++;
      reach(powerOns == 1 ? "power-on" : "second-power-on");
      recording().append("Banner\npanic\n".getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
      off();
      reach("close");
      recording().close();
    }
  }
}
