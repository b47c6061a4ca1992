package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.console.RecordingReader;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A run that is stopped or killed in the midst of a scenario on a real board. */
class InterruptedRunTest {
  private static final String SAID = "the last words";

  @TempDir private Path folder;
  private Launcher bringup;

  @BeforeEach
  void aScenarioThatTakesLong() throws IOException {
    RealParts.assumeQemu();
    RealParts.file("u-boot-qemu-debian12", "u-boot.bin");
    bringup = new Launcher(folder);
    Files.writeString(
        folder.resolve("long.feature"),
        """
        Feature: long
          Scenario: sleeps
            Given the board is at the bootloader
            When U-Boot runs "echo the last words"
            And U-Boot runs "sleep 600" within 600 s
          Scenario: comes later
            Given the board is at the bootloader
        """);
    Files.writeString(
        folder.resolve("short.feature"),
        """
        Feature: short
          Scenario: boots
            Given the board is at the bootloader
        """);
  }

  @Test
  void controlCEndsTheRunWithAReportAndLeavesNothingBehind() throws Exception {
    Assumptions.assumeFalse(interruptsAreIgnored(), "whoever started this ignores SIGINT");
    Launcher.Running run = startLongRun();
    final List<ProcessHandle> children = run.process().descendants().toList();
    assertThat(children).as("the emulator").isNotEmpty();
    assertThat(socketFolders(run.process().pid())).hasSize(1);

    // The shell's own, which is there without procps.
    var kill = new ProcessBuilder("sh", "-c", "kill -INT " + run.process().pid()).start();
    assertThat(kill.waitFor()).isZero();
    Launcher.Ended ended = run.await();

    ended.tells(130);
    JsonNode told = JsonMapper.builder().build().readTree(ended.out());
    assertThat(told.get("interrupted").asBoolean()).isTrue();
    assertThat(told.get("exitCode").asInt()).isEqualTo(130);
    assertThat(children).noneMatch(ProcessHandle::isAlive);
    assertThat(socketFolders(run.process().pid())).isEmpty();
    Path report = runFolder().orElseThrow();
    assertThat(Files.readString(report.resolve("report.html"))).contains("sleeps", "interrupted");
    assertThat(Files.readString(report.resolve("junit.xml"))).contains("<error").contains("sleeps");
    List<Path> verdicts = named(report, "verdict.json");
    assertThat(verdicts).hasSize(2);
    for (Path each : verdicts) {
      JsonNode verdict = JsonMapper.builder().build().readTree(Files.readString(each));
      // What had not begun has no verdict, and says so.
      JsonNode said =
          verdict.get("verdict").isNull() ? verdict.get("skipped") : verdict.get("verdict");
      assertThat(said.asString()).isIn("unknown", "the run was interrupted");
    }
    assertThat(RecordingReader.open(recording()).complete()).isTrue();
  }

  @Test
  void aKilledRunLosesNothingThatTheBoardHadSaidAndTheNextOneStartsCleanly() throws Exception {
    Launcher.Running run = startLongRun();
    List<ProcessHandle> children = run.process().descendants().toList();
    assertThat(children).as("the emulator").isNotEmpty();
    run.process().destroyForcibly();
    assertThat(run.await().code()).isEqualTo(128 + 9);
    for (ProcessHandle child : children) {
      // Not waitable from here, as its parent is gone; onExit looks for its end all the same.
      child.onExit().get(30, TimeUnit.SECONDS);
    }

    Launcher.Ended replayed = bringup.run("replay", recording().toString());
    replayed.tells(0, "killed");
    assertThat(replayed.out()).contains("U-Boot 20", SAID, "sleep 600");

    Path output = folder.resolve("second");
    bringup
        .run("run", "short.feature", "--board", "qemu-virt", "--output", output.toString())
        .tells(0, "passed: boots");
    // It, or somebody else's run before it, has removed what the killed one left.
    assertThat(socketFolders(run.process().pid())).isEmpty();
  }

  private Launcher.Running startLongRun() {
    Launcher.Running run =
        bringup.start("run", "long.feature", "--board", "qemu-virt", "--output", "out", "--json");
    run.until("sleeping board", () -> said("sleep 600"));
    return run;
  }

  /** Whether the board has said so, as far as its recording goes. */
  private boolean said(String text) {
    try {
      if (runFolder().isEmpty() || !Files.exists(recording())) {
        return false;
      }
      var read = RecordingReader.open(recording()).recording();
      return read.text(0, read.end()).contains(text);
    } catch (BringupException e) {
      return false; // not even the header is there
    }
  }

  private Optional<Path> runFolder() {
    Path out = folder.resolve("out");
    if (!Files.isDirectory(out)) {
      return Optional.empty();
    }
    try (Stream<Path> runs = Files.list(out)) {
      return runs.filter(Files::isDirectory).findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path recording() {
    return runFolder().orElseThrow().resolve("qemu-virt.rec");
  }

  private static List<Path> named(Path below, String name) throws IOException {
    try (Stream<Path> all = Files.walk(below)) {
      return all.filter(file -> file.getFileName().toString().equals(name)).toList();
    }
  }

  private static List<Path> socketFolders(long pid) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("bringup-" + pid + "-"))
          .toList();
    }
  }

  /** A shell without job control starts its background jobs so, and children inherit it. */
  private static boolean interruptsAreIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.exists(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
  }
}
