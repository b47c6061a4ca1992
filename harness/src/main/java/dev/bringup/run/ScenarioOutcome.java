package dev.bringup.run;

import dev.bringup.report.Outcome;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import dev.bringup.verdict.Verdict;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/** Lays what a step threw at the right door. */
final class ScenarioOutcome {
  private ScenarioOutcome() {}

  /** The outcome of a scenario whose first failing step threw {@code error}. */
  static Outcome of(Throwable error) {
    return switch (error) {
      case BringupException failure -> Outcome.failed(failure);
      case TestAbortedException skipped -> new Outcome.Skipped(firstLine(skipped));
      case AssertionError wrong ->
          new Outcome.Failed(Verdict.PRODUCT_FAILURE, FailureKind.PRODUCT, firstLine(wrong), null);
      default ->
          new Outcome.Failed(
              Verdict.UNKNOWN,
              FailureKind.BUG,
              "a step definition failed: " + error,
              "run with --debug for the stack trace");
    };
  }

  /**
   * The outcome of a scenario whose evidence is incomplete: nobody could check a verdict on the
   * product, neither good nor bad. What says nothing about the product stays as it is.
   *
   * @param problem why it is incomplete
   */
  static Outcome incomplete(Outcome outcome, BringupException problem) {
    return switch (outcome) {
      case Outcome.Passed() -> Outcome.failed(problem);
      case Outcome.Failed failed when failed.verdict() == Verdict.PRODUCT_FAILURE ->
          Outcome.failed(
              BringupException.infrastructure(
                  problem.getMessage() + "; what was seen without it: " + failed.reason(),
                  problem.hint().orElse("run the scenario again")));
      case Outcome.Failed failed -> failed;
      case Outcome.Skipped skipped -> skipped;
    };
  }

  static String firstLine(Throwable error) {
    @Nullable String message = error.getMessage();
    if (message == null || message.isBlank()) {
      return error.getClass().getSimpleName();
    }
    return message.lines().filter(line -> !line.isBlank()).findFirst().orElse(message).strip();
  }
}
