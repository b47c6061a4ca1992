package dev.bringup.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.artifact.BootFiles;
import dev.bringup.board.Board;
import dev.bringup.board.BoardBackend;
import dev.bringup.board.BoardCatalog;
import dev.bringup.board.BoardFaults;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardSite;
import dev.bringup.board.FaultInjection;
import dev.bringup.board.PlayedBoard;
import dev.bringup.fault.LineFaults.Piece;
import dev.bringup.report.BoardProgress;
import dev.bringup.report.Outcome;
import dev.bringup.report.RunReport;
import dev.bringup.report.ScenarioReport;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import dev.bringup.verdict.Verdict;
import dev.bringup.verdict.VerdictRule;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run says of a board whose faults were injected on purpose. */
class FaultyRunTest {
  private static final String BOOTS = "When the board boots to firmware within 1 s";
  private static final String LOSES = "Given the serial line loses 3 bytes at console byte 4\n    ";
  private static final String LOST = "3 bytes from the board lost (from console byte 4 on)";

  @TempDir private Path folder;
  private final List<ScenarioReport> told = new ArrayList<>();

  @Test
  void aProductFailureIsNoneIfAFaultStruckInThatBoot() throws IOException {
    RunReport report = run("", BOOTS, LOSES + BOOTS, BOOTS, "When the board boots to bootloader");

    assertThat(told.getFirst().outcome()).isEqualTo(new Outcome.Passed());
    assertThat(failed(1).verdict()).isEqualTo(Verdict.INFRASTRUCTURE_ERROR);
    assertThat(failed(1).reason())
        .contains("no \"firmware\" within 1.0 s")
        .endsWith("faults were injected in this boot: " + LOST);
    assertThat(failed(1).rule()).isEqualTo(VerdictRule.INJECTED_FAULT);
    assertThat(told.get(1).evidence().notes()).contains("injected fault at offset 30: " + LOST);
    assertThat(told.get(2).outcome()).as("the fault has ended").isEqualTo(new Outcome.Passed());
    assertThat(told.get(2).evidence().notes()).isEmpty();
    assertThat(failed(3).verdict()).as("it panics").isEqualTo(Verdict.PRODUCT_FAILURE);
    assertThat(report.environment()).doesNotContainKey("faults");
    assertThat(report.exitCode()).isEqualTo(1);
  }

  @Test
  void aStepThatFailsInABootWithFaultsBlamesThem() throws IOException {
    run(
        "",
        "Given the serial line doubles every 20th byte from the board\n    "
            + BOOTS
            + "\n    Then U-Boot reports version 9999 or later");

    assertThat(failed(0).kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
    assertThat(failed(0).rule()).isEqualTo(VerdictRule.INJECTED_FAULT);
    assertThat(failed(0).reason())
        .isEqualTo(
            "desk: faults were injected in this boot: 1 byte from the board doubled (console byte"
                + " 20); what was seen meanwhile: U-Boot is version 2023");
  }

  @Test
  void aScenarioThatPassesInSpiteOfFaultsPasses() throws IOException {
    run(
        "",
        "Given the serial line doubles every 20th byte from the board\n    "
            + BOOTS
            + "\n    Then at least 1 fault has struck");

    assertThat(told.getFirst().outcome()).isEqualTo(new Outcome.Passed());
    assertThat(told.getFirst().evidence().notes()).hasSize(1);
  }

  @Test
  void faultsOfTheBoardsFileStrikeInEachScenarioAndStandInTheReportWithTheirSeed()
      throws IOException {
    RunReport report =
        run("faults: {seed: 9, serial: [{fault: lost, every: 5, bytes: 2}]}", BOOTS, BOOTS);

    assertThat(failed(0).kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
    assertThat(failed(1).kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
    assertThat(report.environment())
        .containsEntry("faults", "on, with seed 9: every 5th byte from the board: lost, 2 in a row")
        .containsEntry("java", "some");
    assertThat(report.exitCode()).isEqualTo(3);
  }

  private Outcome.Failed failed(int scenario) {
    assertThat(told.get(scenario).outcome()).isInstanceOf(Outcome.Failed.class);
    return (Outcome.Failed) told.get(scenario).outcome();
  }

  private RunReport run(String faults, String... scenarios) throws IOException {
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
          firmware: {mark: {regex: 'Banner (?<version>[0-9]+)'}, within: 60 s}
          bootloader: {mark: {literal: Ready}, within: 60 s}
        bootloader: {kind: u-boot, prompt: '=> '}
        bad-patterns:
          panic: {literal: panic, verdict: product failure, reason: it panicked, during: [bootloader]}
        machine: {engine: scripted}
        """
            + faults);
    var feature = new StringBuilder("Feature: f\n");
    for (int i = 0; i < scenarios.length; i++) {
      feature.append("  Scenario: ").append(i).append("\n    ").append(scenarios[i]).append('\n');
    }
    Path file = Files.writeString(folder.resolve("f.feature"), feature);
    Path services = Files.createDirectories(folder.resolve("glue/META-INF/services"));
    Files.writeString(
        services.resolve(BoardBackend.class.getName()), ScriptedBackend.class.getName());
    var urls = new URL[] {folder.resolve("glue").toUri().toURL()};
    try (var loader = new URLClassLoader(urls, getClass().getClassLoader())) {
      var request =
          new RunRequest(
              List.of(file.toString()),
              List.of(),
              loader,
              null,
              null,
              BoardCatalog.load(boards).board("desk"),
              folder.resolve("out"),
              false,
              "./bringup run",
              Map.of("java", "some"),
              BoardProgress.on(
                  new PrintStream(OutputStream.nullOutputStream()),
                  false,
                  () -> 80,
                  BoardClock.system()));
      return new FeatureRunner(request, FaultyRunTest::bootSet, told::add).run();
    }
  }

  private static BootFiles bootSet(String name) {
    throw BringupException.configuration("there are no boot sets here, nor " + name);
  }

  /** Boards that say the same at each power-on. */
  public static final class ScriptedBackend implements BoardBackend {
    @Override
    public String engine() {
      return "scripted";
    }

    @Override
    public List<Class<?>> capabilities(BoardFile file) {
      return List.of(FaultInjection.class);
    }

    @Override
    public Board open(BoardFile file, BoardSite site) {
      return new ScriptedBoard(file);
    }
  }

  private static final class ScriptedBoard extends PlayedBoard {
    private final BoardFaults faults;

    private ScriptedBoard(BoardFile file) {
      super(file, BoardClock.system());
      this.faults = new BoardFaults(recording(), file.faults(), true);
    }

    @Override
    public void on() {
      faults.powerOn();
      super.on();
      byte[] text = "Banner 2023 and more\npanic\n".getBytes(StandardCharsets.US_ASCII);
      faults.say(text, 0, text.length);
      for (Piece piece = faults.due(); piece != null; piece = faults.due()) {
        faults.record(piece);
      }
    }

    @Override
    public <C> Optional<C> capability(Class<C> capability) {
      return capability.isInstance(faults)
          ? Optional.of(capability.cast(faults))
          : Optional.empty();
    }
  }
}
