package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A kernel line at any byte of a session must not change what a command's result is. */
class NoiseAtEveryByteTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String DMESG =
      """
      [    0.000000] Booting Linux on physical CPU 0x0
      [    0.000000] Linux version 6.1
      plain
      (XEN) also here
      [    1.234567] [drm] no (d1) display\
      """;

  private static FakeBoard.Reply command(String command) {
    return switch (command) {
      case "dmesg" -> new FakeBoard.Reply(DMESG, 0);
      case "cat it's" -> new FakeBoard.Reply("one\ntwo [x] (y) 3\nend", 3);
      case "version" -> new FakeBoard.Reply("U-Boot 2023.01\n\ngcc\n", 0);
      default -> new FakeBoard.Reply("what?\n", 127);
    };
  }

  private static ConsoleWatcher watcher(Recording recording) {
    return new ConsoleWatcher(
        recording, List.of(ConsolePattern.literal("panic", "Kernel panic")), 0);
  }

  private CommandResult inShell(BoardOutput output, Recording recording, String command) {
    var board = FakeBoard.at(true, recording, output, NoiseAtEveryByteTest::command);
    var prompt =
        new ShellPrompt(
            new Keyboard(board, Typing.USUAL),
            watcher(recording),
            Noise.usual(),
            new MarkTokens(new Random(1)));
    return prompt.run(command, LIMIT);
  }

  private CommandResult atUBoot(BoardOutput output, Recording recording, String command) {
    var board = FakeBoard.at(false, recording, output, NoiseAtEveryByteTest::command);
    var prompt =
        new UBootPrompt(
            new Keyboard(board, Typing.USUAL),
            watcher(recording),
            Noise.usual(),
            UBootPrompt.USUAL_PROMPT,
            new MarkTokens(new Random(1)));
    return prompt.run(command, LIMIT);
  }

  @FunctionalInterface
  private interface Session {
    CommandResult run(BoardOutput output, Recording recording);
  }

  private static Recording recording() {
    return Recording.inMemory("fake", new JumpingClock());
  }

  /** Runs a session with noise before each of its bytes and behind the last one. */
  private static void survives(Session session, String output, int exitCode, String noise) {
    var whole = recording();
    var quiet = BoardOutput.clean(whole);
    assertThat(session.run(quiet, whole).output()).isEqualTo(output);
    for (long at = 0; at <= quiet.said(); at++) {
      var recording = recording();
      var result = session.run(new BoardOutput(recording, at, noise, 4096), recording);
      assertThat(result.output()).as("output with noise at byte %d", at).isEqualTo(output);
      assertThat(result.exitCode()).as("exit code with noise at byte %d", at).isEqualTo(exitCode);
    }
  }

  private static final class Noises {
    static final String LINUX = "[   12.345678] usb 1-1: new device\r\n";
    static final String BARE_LF = "[  112.345678][    T1] eth0: link up\n";
    static final String XEN = "(XEN) d0v0: vGICD: unhandled word write\r\n";
    static final String TWO = LINUX + "[   12.345679] usb 1-1: SerialNumber: BR:0\r\n";
  }

  @ParameterizedTest
  @ValueSource(strings = {Noises.LINUX, Noises.BARE_LF, Noises.XEN, Noises.TWO})
  void kernelLinesDoNotChangeAShellCommandsResult(String noise) {
    survives(
        (output, recording) -> {
          var result = inShell(output, recording, "cat it's");
          assertThat(result.verified()).isTrue();
          return result;
        },
        "one\ntwo [x] (y) 3\nend",
        3,
        noise);
  }

  @ParameterizedTest
  @ValueSource(strings = {Noises.LINUX, Noises.XEN, Noises.TWO})
  void kernelLinesDoNotChangeOutputThatLooksLikeThem(String noise) {
    survives(
        (output, recording) -> {
          var result = inShell(output, recording, "dmesg");
          assertThat(result.verified()).isTrue();
          return result;
        },
        DMESG,
        0,
        noise);
  }

  @ParameterizedTest
  @ValueSource(strings = {Noises.LINUX, Noises.BARE_LF, Noises.XEN, Noises.TWO})
  void kernelLinesDoNotChangeAUBootCommandsResult(String noise) {
    survives(
        (output, recording) -> atUBoot(output, recording, "version"),
        "U-Boot 2023.01\n\ngcc\n",
        0,
        noise);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void resultsDoNotDependOnHowTheBytesAreCut(int cut) {
    var one = recording();
    var shell = inShell(new BoardOutput(one, 500, Noises.TWO, cut), one, "cat it's");
    assertThat(shell.output()).isEqualTo("one\ntwo [x] (y) 3\nend");
    var two = recording();
    var uBoot = atUBoot(new BoardOutput(two, 20, Noises.TWO, cut), two, "version");
    assertThat(uBoot.output()).isEqualTo("U-Boot 2023.01\n\ngcc\n");
  }

  @Test
  void aPanicWhileACommandRunsIsReportedAtOnce() {
    var recording = recording();
    var output = new BoardOutput(recording, 300, "Kernel panic - not syncing\r\n", 4096);
    var failure =
        catchThrowableOfType(ConsoleFailure.class, () -> inShell(output, recording, "cat it's"));
    assertThat(failure.outcome()).isInstanceOf(Outcome.BadPattern.class);
    assertThat(failure).hasMessageContaining("panic at offset");
  }
}
