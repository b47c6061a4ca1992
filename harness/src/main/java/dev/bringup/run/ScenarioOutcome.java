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

  static String firstLine(Throwable error) {
    @Nullable String message = error.getMessage();
    if (message == null || message.isBlank()) {
      return error.getClass().getSimpleName();
    }
    return message.lines().filter(line -> !line.isBlank()).findFirst().orElse(message).strip();
  }
}
