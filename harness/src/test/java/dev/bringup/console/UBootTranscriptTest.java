package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The U-Boot prompt against what a real U-Boot said. */
class UBootTranscriptTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private final Transcript transcript = Transcript.load("u-boot-2023.01.txt");

  /** A replayed board at its first prompt. */
  private final class Session {
    final Recording recording = Recording.inMemory("u-boot", new JumpingClock());
    final ConsoleWatcher watcher = new ConsoleWatcher(recording, List.of(), 0);
    final Cursor cursor = recording.cursor(0);
    final BoardOutput output;
    final Wire wire;
    final UBootPrompt prompt;

    Session(long noiseAt, String noise, int cut) {
      output = new BoardOutput(recording, noiseAt, noise, cut);
      wire = transcript.replayTo(output, recording);
      prompt =
          new UBootPrompt(
              new Keyboard(wire, Typing.USUAL),
              watcher,
              Noise.usual(),
              UBootPrompt.USUAL_PROMPT,
              new MarkTokens(new Random(2)));
      expect(ConsolePattern.literal("Hit any key to stop autoboot"));
      wire.write(new byte[] {' '});
    }

    void expect(ConsolePattern pattern) {
      long deadline = recording.clock().nanos() + LIMIT.toNanos();
      watcher.require(Expectation.of(pattern), cursor, deadline);
    }

    void hasResult(String command, int exitCode, String output) {
      var result = prompt.run(command, LIMIT);
      assertThat(result.output()).isEqualTo(output);
      assertThat(result.exitCode()).isEqualTo(exitCode);
    }

    void runCommandsThatEnd() {
      hasResult(
          "version",
          0,
          """
          U-Boot 2023.01+dfsg-2+deb12u3 (Jun 22 2026 - 08:38:07 +0000)

          aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0
          GNU ld (GNU Binutils for Debian) 2.40
          """);
      hasResult("echo 'a;b' \"c d\" $? ${arch}; false", 1, "a;b c d 0 arm\n");
      hasResult("printenv no_such_variable", 1, "## Error: \"no_such_variable\" not defined\n");
      hasResult("nosuch", 1, "Unknown command 'nosuch' - try 'help'\n");
      hasResult("echo -n foo", 0, "foo");
      hasResult(
          "md 40000000 8",
          0,
          """
          40000000: edfe0dd0 00001000 40000000 441a0000  ...........@...D
          40000010: 30000000 11000000 10000000 00000000  ...0............
          """);
      hasResult("setenv greet 'echo hello; false'; run greet", 1, "hello\n");
    }
  }

  @Test
  void commandsHaveTheirOutputAndExitCode() {
    var session = new Session(-1, "", 4096);
    session.expect(ConsolePattern.prompt("prompt", "=> "));
    session.runCommandsThatEnd();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[   12.345678] usb 1-1: new device\r\n", "(XEN) line\n"})
  void kernelLinesAtAnyByteDoNotMatter(String noise) {
    var quiet = new Session(-1, "", 4096);
    long first = quiet.output.said();
    quiet.runCommandsThatEnd();
    for (long at = first; at <= quiet.output.said(); at++) {
      new Session(at, noise, 4096).runCommandsThatEnd();
    }
  }

  @Test
  void itDoesNotMatterHowTheBytesAreCut() {
    new Session(-1, "", 1).runCommandsThatEnd();
  }

  @Test
  void commandsThatDoNotEndAreReportedAsWhatTheyAre() {
    var session = new Session(-1, "", 4096);
    session.runCommandsThatEnd();
    var prompt = session.prompt;

    var endless =
        catchThrowableOfType(
            ConsoleFailure.class,
            () -> prompt.run("while true; do sleep 1; done", Duration.ofMillis(300)));
    assertThat(endless.outcome()).isInstanceOf(Outcome.TimedOut.class);
    assertThatThrownBy(() -> prompt.run("echo 'unclosed", LIMIT))
        .hasMessageContaining("a quotation or block is not closed");
    assertThatThrownBy(() -> prompt.run("echo it # is", LIMIT))
        .hasMessageContaining("without the exit code");
    var tooLong =
        catchThrowableOfType(
            BringupException.class, () -> prompt.run("echo " + "y".repeat(600), LIMIT));
    assertThat(tooLong.kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
    assertThat(tooLong.hint()).get().asString().contains("longer than its line buffer");
    session.hasResult("true", 0, "");
  }

  @Test
  void aSecondBannerIsABadPatternUnlessANewBootWasMeant() {
    var session = new Session(-1, "", 4096);
    session.runCommandsThatEnd();
    var bad = List.of(ConsolePattern.literal("unexpected reset", "U-Boot 2023.01"));
    var watcher = new ConsoleWatcher(session.recording, bad, 0);
    assertThat(watcher.check()).isPresent();
    watcher.watchFrom(session.recording.end());
    assertThat(watcher.check()).isEmpty();
  }
}
