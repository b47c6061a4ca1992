package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.console.Fault.Kind;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;

/**
 * Commands over a wire that damages one byte of each, at every place: a few of them, chosen by a
 * seed, or all with {@code -Dbringup.every.fault=true}.
 */
public final class FaultSweep {
  private static final long SEED = 42;

  private final FaultyConsole console;
  private final int few;

  /** A command that counts how often it ran, and what it should print. */
  @FunctionalInterface
  public interface Counting {
    /** Runs the command for the {@code n}-th time. */
    CommandResult run(int n);
  }

  /** One fault on one way. */
  private record Trial(boolean toTheBoard, Fault fault) {}

  public FaultSweep(FaultyConsole console, int few) {
    this.console = console;
    this.few = few;
  }

  /**
   * Runs {@code command} with each fault, and tells what came of them.
   *
   * @param exitCode that the command has
   * @param count asks how often the command has run; over the good wire
   * @param output what the {@code n}-th run prints
   */
  public Map<String, Integer> run(
      Counting command, int exitCode, IntSupplier count, IntFunction<String> output) {
    console.expect(Fault.NONE, Fault.NONE);
    assertThat(command.run(1).output()).isEqualTo(output.apply(1));
    List<Trial> trials = trials(console.typed(), console.answered());
    Map<String, Integer> outcomes = new TreeMap<>();
    int ran = 1;
    for (Trial trial : trials) {
      console.expect(
          trial.toTheBoard() ? trial.fault() : Fault.NONE,
          trial.toTheBoard() ? Fault.NONE : trial.fault());
      String outcome;
      try {
        CommandResult result = command.run(ran + 1);
        assertThat(result.exitCode()).as("exit code with %s", trial).isEqualTo(exitCode);
        boolean right = result.output().equals(output.apply(ran + 1));
        outcome = right ? "right" : "damaged output that nothing proves";
        if (!right) {
          assertThat(result.proof())
              .as("proof with %s of %s", trial, result.output())
              .isEqualTo(CommandResult.Proof.NONE);
          assertThat(trial.toTheBoard()).as("%s: %s", trial, result.output()).isFalse();
        }
      } catch (BringupException e) {
        assertThat(e.kind()).as("%s: %s", trial, e).isEqualTo(FailureKind.INFRASTRUCTURE);
        outcome = "the wire is blamed";
      }
      console.expect(Fault.NONE, Fault.NONE);
      int now = count.getAsInt();
      assertThat(now).as("runs with %s", trial).isBetween(ran, ran + 1);
      assertThat(outcome.equals("the wire is blamed") || now == ran + 1).as("%s", trial).isTrue();
      ran = now;
      String way = trial.toTheBoard() ? " to the board: " : " on the way back: ";
      outcomes.merge(trial.fault().kind() + way + outcome, 1, Integer::sum);
    }
    return outcomes;
  }

  private List<Trial> trials(long typed, long answered) {
    List<Trial> trials = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      int bits = kind == Kind.FLIPPED ? 8 : 1;
      for (int bit = 0; bit < bits; bit++) {
        for (long at = 0; at < typed; at++) {
          trials.add(new Trial(true, new Fault(kind, at, bit)));
        }
        for (long at = 0; at < answered; at++) {
          trials.add(new Trial(false, new Fault(kind, at, bit)));
        }
      }
    }
    Collections.shuffle(trials, new Random(SEED));
    return Boolean.getBoolean("bringup.every.fault")
        ? trials
        : trials.subList(0, Math.min(few, trials.size()));
  }
}
