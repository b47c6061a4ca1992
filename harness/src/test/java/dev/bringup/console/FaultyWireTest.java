package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each byte of a session dropped, doubled or flipped, on the way to the board or back: a command
 * has its right result or the wire is blamed, and it never runs twice.
 */
class FaultyWireTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String COMMAND = "cat 'it is' \"a-b\" *; J /M";
  private static final String OUTPUT = "one\ntwo [x] (y) 3\nend";
  private static final int EXIT_CODE = 12;
  private static final String RIGHT = "right";
  private static final String UNPROVEN = "exit code right, output damaged without proof";
  private static final String BLAMED = "the wire is blamed";

  /** What becomes of one session. */
  private record Session(Fault typing, Fault answering) {}

  /** A session with a fault, and what came of it. */
  private static final class Trial {
    private final List<String> ran = new ArrayList<>();
    private final BoardOutput output;
    private final FakeBoard board;
    private final boolean shell;
    private final Keyboard keyboard;
    private final ConsoleWatcher watcher;

    private Trial(boolean shell, Session session) {
      this.shell = shell;
      var recording = Recording.inMemory("fake", new JumpingClock());
      output = BoardOutput.clean(recording).over(session.answering());
      board = FakeBoard.at(shell, recording, output, this::answer).hearing(session.typing());
      keyboard = new Keyboard(board, Typing.USUAL);
      watcher = new ConsoleWatcher(recording, List.of(), 0);
    }

    private FakeBoard.Reply answer(String command) {
      ran.add(command);
      return new FakeBoard.Reply(command.equals(COMMAND) ? OUTPUT : "what?\n", EXIT_CODE);
    }

    private CommandResult run() {
      var tokens = new MarkTokens(new Random(1));
      return shell
          ? new ShellPrompt(keyboard, watcher, Noise.usual(), tokens).run(COMMAND, LIMIT)
          : new UBootPrompt(keyboard, watcher, Noise.usual(), "=> ", tokens).run(COMMAND, LIMIT);
    }
  }

  /** Runs a session and says in a word what came of it. */
  private static String outcome(boolean shell, Session session) {
    var trial = new Trial(shell, session);
    String ran;
    try {
      CommandResult result = trial.run();
      ran = RIGHT;
      assertThat(result.exitCode()).as("exit code with %s", session).isEqualTo(EXIT_CODE);
      assertThat(trial.ran).as("runs with %s", session).containsExactly(COMMAND);
      if (result.proof() == CommandResult.Proof.NONE && !session.answering().equals(Fault.NONE)) {
        // Nothing proves an output at U-Boot; at most the fault itself may be in it, as text.
        assertThat(distance(plain(result.output()), OUTPUT))
            .as("output %s with %s", result.output(), session)
            .isLessThanOrEqualTo(2);
        ran = result.output().equals(OUTPUT) ? ran : UNPROVEN;
      } else {
        assertThat(result.output()).as("output with %s", session).isEqualTo(OUTPUT);
        assertThat(result.verified()).isEqualTo(shell);
      }
    } catch (BringupException e) {
      ran = BLAMED;
      assertThat(e.kind())
          .as("%s: %s", session, e.getMessage())
          .isEqualTo(FailureKind.INFRASTRUCTURE);
      assertThat(trial.ran).as("runs with %s", session).doesNotHaveDuplicates();
    }
    return ran;
  }

  /** With one character for each byte. */
  private static String plain(String output) {
    return output.replaceAll("\\\\x[0-9A-F]{2}", "?");
  }

  /** How many characters must be put in, taken out or changed to get from one text to the other. */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int before = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int change = before + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        before = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }

  /** A fault of this kind at each byte; of bits, one that the seed gives. */
  private static List<Fault> everywhere(Fault.Kind kind, long end) {
    List<Fault> faults = new ArrayList<>();
    var random = new Random(7);
    for (long at = 0; at < end; at++) {
      faults.add(new Fault(kind, at, random.nextInt(8)));
    }
    return faults;
  }

  private static Map<String, Integer> outcomes(
      boolean shell, List<Fault> faults, Function<Fault, Session> session) {
    Map<String, Integer> outcomes = new TreeMap<>();
    faults.forEach(fault -> outcomes.merge(outcome(shell, session.apply(fault)), 1, Integer::sum));
    return outcomes;
  }

  /** A session over a good wire. */
  private static Trial good(boolean shell) {
    var trial = new Trial(shell, new Session(Fault.NONE, Fault.NONE));
    trial.run();
    return trial;
  }

  @ParameterizedTest
  @EnumSource(Fault.Kind.class)
  void whatIsTypedInAShellArrives(Fault.Kind kind) {
    List<Fault> faults = everywhere(kind, good(true).board.heard());
    assertThat(outcomes(true, faults, fault -> new Session(fault, Fault.NONE)))
        .containsOnly(Map.entry(RIGHT, faults.size()));
  }

  @ParameterizedTest
  @EnumSource(Fault.Kind.class)
  void whatAShellSaysIsProvenToBeRight(Fault.Kind kind) {
    List<Fault> faults = everywhere(kind, good(true).output.said());
    assertThat(outcomes(true, faults, fault -> new Session(Fault.NONE, fault)))
        .containsOnly(Map.entry(RIGHT, faults.size()));
  }

  @Test
  void whatIsTypedAtUBootArrives() {
    List<Fault> faults = new ArrayList<>();
    long typed = good(false).board.heard();
    faults.addAll(everywhere(Fault.Kind.DROPPED, typed));
    faults.addAll(everywhere(Fault.Kind.DOUBLED, typed));
    assertThat(outcomes(false, faults, fault -> new Session(fault, Fault.NONE)))
        .containsOnly(Map.entry(RIGHT, faults.size()));
  }

  /** One bit makes Enter of a "*", "J" or "M", and then a part of the line has run. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void aBitThatFlipsOnTheWayToUBootIsPutRightUnlessItMakesEnter(int bit) {
    long typed = good(false).board.heard();
    int enters = bit == 5 ? 1 : bit == 6 ? 2 : 0;
    Map<String, Integer> expected = new TreeMap<>(Map.of(RIGHT, (int) typed - enters));
    if (enters > 0) {
      expected.put(BLAMED, enters);
    }
    List<Fault> faults = new ArrayList<>();
    for (long at = 0; at < typed; at++) {
      faults.add(Fault.flipped(at, bit));
    }
    assertThat(outcomes(false, faults, fault -> new Session(fault, Fault.NONE)))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(Fault.Kind.class)
  void whatUBootSaysHasTheRightExitCode(Fault.Kind kind) {
    List<Fault> faults = everywhere(kind, good(false).output.said());
    var outcomes = outcomes(false, faults, fault -> new Session(Fault.NONE, fault));
    assertThat(outcomes).containsOnlyKeys(RIGHT, UNPROVEN);
    assertThat(outcomes.get(UNPROVEN)).isLessThanOrEqualTo(OUTPUT.length() + 3);
  }
}
