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
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each byte of a session dropped, doubled or flipped, on the way to the board or back: a command
 * has its right result or the wire is blamed, and it never runs twice.
 */
class FaultyWireTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String COMMAND = "cat 'it is' \"a-b\" *; J /M";
  private static final String OUTPUT = "one\ntwo [x] (y) 3\nend";
  private static final int EXIT_CODE = 12;

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
      ran = "right";
      assertThat(result.exitCode()).as("exit code with %s", session).isEqualTo(EXIT_CODE);
      assertThat(trial.ran).as("runs with %s", session).containsExactly(COMMAND);
      if (result.proof() == CommandResult.Proof.NONE && session.answering() != Fault.NONE) {
        // Nothing proves an output at U-Boot; at most the fault itself may be in it.
        assertThat(distance(result.output(), OUTPUT))
            .as("output %s with %s", result.output(), session)
            .isLessThanOrEqualTo(1);
        ran = result.output().equals(OUTPUT) ? ran : "damaged output without proof";
      } else {
        assertThat(result.output()).as("output with %s", session).isEqualTo(OUTPUT);
        assertThat(result.verified()).isEqualTo(shell);
      }
    } catch (BringupException e) {
      ran = "the wire is blamed";
      assertThat(e.kind())
          .as("%s: %s", session, e.getMessage())
          .isEqualTo(FailureKind.INFRASTRUCTURE);
      assertThat(trial.ran).as("runs with %s", session).doesNotHaveDuplicates();
    }
    return ran;
  }

  /** How many characters must be put in, taken out or changed to get from one text to the other. */
  static int distance(String one, String other) {
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

  /** A fault of this kind at each byte from {@code first} on; of bits, one that the seed gives. */
  static List<Fault> everywhere(Fault.Kind kind, long first, long end) {
    List<Fault> faults = new ArrayList<>();
    var random = new Random(7);
    for (long at = first; at < end; at++) {
      faults.add(new Fault(kind, at, random.nextInt(8)));
    }
    return faults;
  }

  private static Map<String, Integer> outcomes(
      boolean shell, List<Fault> faults, java.util.function.Function<Fault, Session> session) {
    Map<String, Integer> outcomes = new TreeMap<>();
    faults.forEach(fault -> outcomes.merge(outcome(shell, session.apply(fault)), 1, Integer::sum));
    return outcomes;
  }

  private static long typed(boolean shell) {
    var trial = new Trial(shell, new Session(Fault.NONE, Fault.NONE));
    trial.run();
    return trial.board.heard();
  }

  private static long said(boolean shell) {
    var trial = new Trial(shell, new Session(Fault.NONE, Fault.NONE));
    trial.run();
    return trial.output.said();
  }

  @ParameterizedTest
  @EnumSource(Fault.Kind.class)
  void whatIsTypedInAShellArrives(Fault.Kind kind) {
    var outcomes =
        outcomes(true, everywhere(kind, 0, typed(true)), f -> new Session(f, Fault.NONE));
    System.out.println(kind + " to shell " + outcomes);
  }

  @ParameterizedTest
  @EnumSource(Fault.Kind.class)
  void whatAShellSaysIsRight(Fault.Kind kind) {
    var outcomes = outcomes(true, everywhere(kind, 0, said(true)), f -> new Session(Fault.NONE, f));
    System.out.println(kind + " from shell " + outcomes);
  }

  @ParameterizedTest
  @EnumSource(Fault.Kind.class)
  void whatIsTypedAtUBootArrives(Fault.Kind kind) {
    var outcomes =
        outcomes(false, everywhere(kind, 0, typed(false)), f -> new Session(f, Fault.NONE));
    System.out.println(kind + " to U-Boot " + outcomes);
  }

  @ParameterizedTest
  @EnumSource(Fault.Kind.class)
  void whatUBootSaysIsRight(Fault.Kind kind) {
    var outcomes =
        outcomes(false, everywhere(kind, 0, said(false)), f -> new Session(Fault.NONE, f));
    System.out.println(kind + " from U-Boot " + outcomes);
  }
}
