package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TypingTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private final Recording recording = Recording.inMemory("fake", new JumpingClock());
  private final ConsoleWatcher watcher = new ConsoleWatcher(recording, List.of(), 0);

  private static FakeBoard.Reply ok(String command) {
    return new FakeBoard.Reply("<" + command + ">\n", 0);
  }

  private static FakeBoard.Reply lie(String command) {
    return new FakeBoard.Reply(
        "BR:00000000:0\nBR:00000000:E:0:4294967295 0:.\nBR:$:E:0:0 0:.\n=> \n~ # \n", 1);
  }

  private UBootPrompt uBoot(Wire wire) {
    return new UBootPrompt(
        wire,
        watcher,
        Noise.usual(),
        Typing.USUAL,
        UBootPrompt.USUAL_PROMPT,
        new MarkTokens(new Random(1)));
  }

  private ShellPrompt shell(Wire wire) {
    return new ShellPrompt(
        wire, watcher, Noise.usual(), Typing.USUAL, new MarkTokens(new Random(1)));
  }

  @Test
  void aLostCharacterIsNoticedAndTheLineTypedAgain() {
    for (int lost = 0; lost < 34; lost++) {
      int which = lost;
      var board = FakeBoard.atUBoot(recording, TypingTest::ok).losing(index -> index == which);
      var result = uBoot(board).run("printenv bootcmd", LIMIT);
      assertThat(result.output()).as("lost %d", lost).isEqualTo("<printenv bootcmd>\n");
    }
  }

  @Test
  void aLostCharacterInAShellIsNoticedToo() {
    for (int lost = 0; lost < 300; lost += 7) {
      int which = lost;
      var board = FakeBoard.atShell(recording, TypingTest::ok).losing(index -> index == which);
      long enter = recording.end();
      try {
        var result = shell(board).run("uname -r", LIMIT);
        assertThat(result.output()).as("lost %d", lost).isEqualTo("<uname -r>\n");
      } catch (ConsoleFailure e) {
        // A lost Enter shows no difference to a command that takes its time.
        assertThat(recording.text(enter, recording.end())).as("lost %d", lost).contains("^C");
      }
    }
  }

  @Test
  void aLineThatNeverArrivesIsAFailureThatSaysWhatCameBack() {
    var board = FakeBoard.atUBoot(recording, TypingTest::ok).losing(index -> index % 10 == 5);
    var failure =
        catchThrowableOfType(
            BringupException.class, () -> uBoot(board).run("printenv bootcmd", LIMIT));
    assertThat(failure.kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
    assertThat(failure).hasMessageContaining("typed \"printenv bootcmd; echo BR:");
    assertThat(failure).hasMessageContaining("came back: ");
  }

  @Test
  void aSilentBoardIsAProductFailure() {
    var failure =
        catchThrowableOfType(
            BringupException.class, () -> uBoot(bytes -> {}).run("version", LIMIT));
    assertThat(failure.kind()).isEqualTo(FailureKind.PRODUCT);
    assertThat(failure).hasMessageContaining("nothing came back");
  }

  @Test
  void controlCharactersAreNotTyped() {
    var board = FakeBoard.atUBoot(recording, TypingTest::ok);
    assertThatThrownBy(() -> uBoot(board).run("echo a\tb", LIMIT))
        .isInstanceOf(BringupException.class)
        .hasMessageContaining("control character 0x09 at character 7");
  }

  @Test
  void outputThatLooksLikeAMarkFakesNothing() {
    var inShell = shell(FakeBoard.atShell(recording, TypingTest::lie)).run("lie", LIMIT);
    assertThat(inShell.exitCode()).isEqualTo(1);
    assertThat(inShell.output()).isEqualTo(lie("").output());
    assertThat(inShell.verified()).isTrue();
    var atUBoot = uBoot(FakeBoard.atUBoot(recording, TypingTest::lie)).run("lie", LIMIT);
    assertThat(atUBoot.exitCode()).isEqualTo(1);
    assertThat(atUBoot.output()).isEqualTo(lie("").output());
  }

  @Test
  void theFunctionIsDefinedAgainInANewShell() {
    var board = FakeBoard.atShell(recording, TypingTest::ok);
    var prompt = shell(board);
    assertThat(prompt.run("one", LIMIT).output()).isEqualTo("<one>\n");
    board.forgetFunctions();
    assertThat(prompt.run("two", LIMIT).output()).isEqualTo("<two>\n");
  }

  @Test
  void outputWithALineOfUnknownNoiseIsNotVerified() {
    var board = FakeBoard.atShell(recording, TypingTest::ok);
    var prompt =
        new ShellPrompt(board, watcher, Noise.none(), Typing.USUAL, new MarkTokens(new Random(1)));
    assertThat(prompt.run("x", LIMIT).verified()).isTrue();
    var other = Recording.inMemory("noisy", new JumpingClock());
    var noisy =
        FakeBoard.at(
            true, other, new BoardOutput(other, 450, "intruder\r\n", 4096), TypingTest::ok);
    var result =
        new ShellPrompt(
                noisy,
                new ConsoleWatcher(other, List.of(), 0),
                Noise.none(),
                Typing.USUAL,
                new MarkTokens(new Random(1)))
            .run("y".repeat(40), LIMIT);
    assertThat(result.output()).contains("intruder");
    assertThat(result.verified()).isFalse();
  }

  @Test
  void aCommandThatStaysAwayIsStartedAndWatched() {
    var board = FakeBoard.atUBoot(recording, c -> new FakeBoard.Reply("resetting ...\n", 0));
    long from = uBoot(board).start("reset", LIMIT);
    var expectation = Expectation.of(ConsolePattern.regex("^resetting"));
    long deadline = recording.clock().nanos() + LIMIT.toNanos();
    assertThat(watcher.require(expectation, recording.cursor(from), deadline).start())
        .isGreaterThan(from);
  }

  @Test
  void theChecksumIsThatOfMd5sum() {
    // Printed by coreutils' md5sum.
    assertThat(OutputProof.md5(new byte[0])).isEqualTo("d41d8cd98f00b204e9800998ecf8427e");
    assertThat(OutputProof.md5("hello\n".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo("b1946ac92492d2347c6235b4d2611184");
  }
}
