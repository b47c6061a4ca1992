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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  private static Function<String, FakeBoard.Reply> counted(AtomicInteger runs) {
    return command -> {
      runs.incrementAndGet();
      return ok(command);
    };
  }

  private UBootPrompt uBoot(Wire wire) {
    return new UBootPrompt(
        new Keyboard(wire, Typing.USUAL),
        watcher,
        Noise.usual(),
        UBootPrompt.USUAL_PROMPT,
        new MarkTokens(new Random(1)));
  }

  private ShellPrompt shell(Wire wire) {
    return new ShellPrompt(
        new Keyboard(wire, Typing.USUAL), watcher, Noise.usual(), new MarkTokens(new Random(1)));
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
    for (int lost = 0; lost < 700; lost++) {
      int which = lost;
      var board = FakeBoard.atShell(recording, TypingTest::ok).losing(index -> index == which);
      var result = shell(board).run("uname -r", LIMIT);
      assertThat(result.output()).as("lost %d", lost).isEqualTo("<uname -r>\n");
    }
  }

  @Test
  void aLineThatNeverArrivesIsAFailureThatSaysWhatCameBack() {
    var board = FakeBoard.atUBoot(recording, TypingTest::ok).losing(index -> index % 10 == 5);
    var failure =
        catchThrowableOfType(
            BringupException.class, () -> uBoot(board).run("printenv bootcmd", LIMIT));
    assertThat(failure.kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
    assertThat(failure).hasMessageContaining("typed \"printenv bootcmd; br=");
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
  void outputWithALineOfUnknownNoiseIsAskedForAgain() {
    var runs = new AtomicInteger();
    for (long at = 400; at < 1100; at += 7) {
      var other = Recording.inMemory("noisy", new JumpingClock());
      var output = new BoardOutput(other, at, "intruder\r\n", 4096);
      var noisy = FakeBoard.at(true, other, output, counted(runs));
      var result =
          new ShellPrompt(
                  new Keyboard(noisy, Typing.USUAL),
                  new ConsoleWatcher(other, List.of(), 0),
                  Noise.none(),
                  new MarkTokens(new Random(1)))
              .run("y".repeat(40), LIMIT);
      assertThat(result.output()).as("noise at %d", at).isEqualTo("<" + "y".repeat(40) + ">\n");
      assertThat(result.verified()).isTrue();
      assertThat(runs.getAndSet(0)).isEqualTo(1);
    }
  }

  /** An open quotation, half a line, half a line that is almost one of ours. */
  @ParameterizedTest
  @ValueSource(strings = {"echo 'left behind\r", "rm -rf /", "_br 00000000 'ls", "echo \"it\r\r\r"})
  void whatSomebodyLeftAtThePromptIsTakenBack(String left) {
    for (boolean inShell : List.of(true, false)) {
      var runs = new AtomicInteger();
      var own = Recording.inMemory("left", new JumpingClock());
      var board = FakeBoard.at(inShell, own, BoardOutput.clean(own), counted(runs));
      var keyboard = new Keyboard(board, Typing.USUAL);
      var watching = new ConsoleWatcher(own, List.of(), 0);
      var tokens = new MarkTokens(new Random(1));
      board.write(left.getBytes(StandardCharsets.US_ASCII));
      var result =
          inShell
              ? new ShellPrompt(keyboard, watching, Noise.usual(), tokens).run("true", LIMIT)
              : new UBootPrompt(keyboard, watching, Noise.usual(), "=> ", tokens)
                  .run("true", LIMIT);
      assertThat(result.output()).isEqualTo("<true>\n");
      assertThat(runs).as("runs, in a shell: %s", inShell).hasValue(1);
    }
  }

  @Test
  void outputThatComesDamagedEachTimeIsKnownAsSuch() {
    var runs = new AtomicInteger();
    var own = Recording.inMemory("board", new JumpingClock());
    var damaged = Recording.inMemory("damaged", own.clock());
    own.follow(
        new Recording.Follower() {
          @Override
          public void bytes(long nanos, byte[] bytes, int from, int length) {
            String text = new String(bytes, from, length, StandardCharsets.ISO_8859_1);
            damaged.append(
                text.replace("\n<uname>", "\n<uname]").getBytes(StandardCharsets.ISO_8859_1));
          }

          @Override
          public void event(ConsoleEvent event) {}

          @Override
          public void end(long nanos) {}
        });
    var board = FakeBoard.at(true, own, BoardOutput.clean(own), counted(runs));
    var result =
        new ShellPrompt(
                new Keyboard(board, Typing.USUAL),
                new ConsoleWatcher(damaged, List.of(), 0),
                Noise.usual(),
                new MarkTokens(new Random(1)))
            .run("uname", LIMIT);
    assertThat(result.proof()).isEqualTo(CommandResult.Proof.DAMAGED);
    assertThat(result.output()).isEqualTo("<uname]\n");
    assertThat(result.exitCode()).isZero();
    assertThat(runs).hasValue(1);
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
