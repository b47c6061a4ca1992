package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.verdict.BringupException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How fast is typed. */
class KeyboardTest {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final long A_MILLISECOND = 1_000_000;

  private static FakeBoard.Reply ok(String command) {
    return new FakeBoard.Reply("<" + command + ">\n", 0);
  }

  /** A board with a slow UART, a prompt in each of its two worlds, and their recording. */
  private static final class Desk {
    final SlowBoard slow;
    final Recording recording;
    final FakeBoard board;
    final UBootPrompt uBoot;
    final ShellPrompt shell;

    Desk(boolean inShell, int room, Typing typing) {
      slow = new SlowBoard(room, A_MILLISECOND);
      recording = Recording.inMemory("slow", slow);
      board =
          inShell
              ? FakeBoard.atShell(recording, KeyboardTest::ok)
              : FakeBoard.atUBoot(recording, KeyboardTest::ok);
      var keyboard = new Keyboard(slow.running(board), typing);
      var watcher = new ConsoleWatcher(recording, List.of(), 0);
      var tokens = new MarkTokens(new Random(1));
      uBoot = new UBootPrompt(keyboard, watcher, Noise.usual(), "=> ", tokens);
      shell = new ShellPrompt(keyboard, watcher, Noise.usual(), tokens);
    }

    List<String> facts() {
      return recording.events().stream()
          .filter(ConsoleEvent.Mark.class::isInstance)
          .map(event -> ((ConsoleEvent.Mark) event).text())
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 16})
  void neverMoreIsUnderWayThanTheFifoHolds(int room) {
    for (boolean inShell : List.of(true, false)) {
      var desk = new Desk(inShell, room, Typing.of(room, Duration.ZERO));
      // One of the characters is lost, so lines are taken back as well.
      desk.board.losing(index -> index == 30);
      var result = inShell ? desk.shell.run("uname -a", LIMIT) : desk.uBoot.run("printenv", LIMIT);
      assertThat(result.exitCode()).isZero();
      assertThat(desk.slow.most()).isEqualTo(room);
      assertThat(desk.slow.lost()).isZero();
    }
  }

  @Test
  void aPauseFollowsEachPieceAndEachKey() {
    var desk = new Desk(false, 16, Typing.of(3, Duration.ofMillis(20)));
    desk.board.losing(index -> index == 10);
    assertThat(desk.uBoot.run("version", LIMIT).output()).isEqualTo("<version>\n");
    assertThat(desk.slow.closest()).isEqualTo(20 * A_MILLISECOND);
    assertThat(desk.slow.most()).isLessThanOrEqualTo(3);
  }

  /** A board that is said to hold 16 characters, but holds fewer. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 8})
  void aBoardThatDropsCharactersIsTypedAtSlowerFromThenOn(int room) {
    for (boolean inShell : List.of(true, false)) {
      var desk = new Desk(inShell, room, Typing.USUAL);
      for (String command : List.of("one", "two", "three")) {
        var result = inShell ? desk.shell.run(command, LIMIT) : desk.uBoot.run(command, LIMIT);
        assertThat(result.output()).isEqualTo("<" + command + ">\n");
        boolean first = command.equals("one");
        assertThat(desk.slow.lost() > 0).as("%s loses characters", command).isEqualTo(first);
      }
      assertThat(desk.facts())
          .filteredOn(fact -> !fact.equals(ConsoleEvent.Mark.TYPED_AGAIN))
          .startsWith(
              "typing slowed to 4 characters at a time because characters were lost or doubled on"
                  + " the way")
          .hasSize(room < 4 ? 2 : 1);
    }
  }

  @Test
  void whatIsLostIsNoticedAtOnce() {
    var desk = new Desk(false, 16, Typing.USUAL);
    desk.board.losing(index -> index == 3);
    var result = desk.uBoot.run("printenv bootcmd", LIMIT);
    assertThat(result.output()).isEqualTo("<printenv bootcmd>\n");
    long took = desk.slow.nanos();
    assertThat(took).as("nanoseconds in all").isLessThan(Typing.USUAL.echoLimit().toNanos());
  }

  @Test
  void aBadWireDoesNotMakeALimitLonger() {
    for (boolean inShell : List.of(true, false)) {
      for (int good : List.of(0, 20, 700)) {
        var desk = new Desk(inShell, 16, Typing.USUAL);
        desk.board.losing(index -> index > good && index % 3 == 0);
        var limit = Duration.ofSeconds(9);
        try {
          for (int i = 0; i < 30; i++) {
            final long begun = desk.slow.nanos();
            try {
              var _ = inShell ? desk.shell.run("a", limit) : desk.uBoot.run("a", limit);
            } finally {
              // The time to interrupt what takes too long comes on top.
              assertThat(desk.slow.nanos() - begun).isLessThan(16_000 * A_MILLISECOND);
            }
          }
        } catch (BringupException e) {
          continue;
        }
        throw new AssertionError("nothing was lost");
      }
    }
  }

  @Test
  void aGoodWireIsTypedAtAsBefore() {
    var desk = new Desk(false, 16, Typing.USUAL);
    desk.uBoot.run("printenv bootcmd", LIMIT);
    assertThat(desk.slow.nanos()).isLessThan(100 * A_MILLISECOND);
    assertThat(desk.facts()).isEmpty();
  }
}
