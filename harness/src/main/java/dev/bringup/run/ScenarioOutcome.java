package dev.bringup.run;

import dev.bringup.boot.BootFailure;
import dev.bringup.report.Outcome;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import dev.bringup.verdict.LabFault;
import dev.bringup.verdict.Verdict;
import dev.bringup.verdict.VerdictRule;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/** Lays what a step threw at the right door. */
final class ScenarioOutcome {
  private ScenarioOutcome() {}

  /**
   * The outcome of a scenario.
   *
   * @param failure what its first failing step threw; null if every step passed
   * @param faults what was wrong with the lab meanwhile
   */
  static Outcome of(@Nullable Throwable failure, List<LabFault> faults) {
    VerdictRule.Decision decision = VerdictRule.decide(failure, faults);
    if (decision.fault().isPresent()) {
      LabFault fault = decision.fault().get();
      String seen = failure == null ? "" : "; what was seen meanwhile: " + firstLine(failure);
      return new Outcome.Failed(
          Verdict.INFRASTRUCTURE_ERROR,
          FailureKind.INFRASTRUCTURE,
          decision.rule(),
          fault.what() + seen,
          fault.hint());
    }
    return switch (failure) {
      case null -> new Outcome.Passed();
      case BringupException known -> Outcome.failed(known);
      case TestAbortedException skipped -> new Outcome.Skipped(firstLine(skipped));
      case AssertionError wrong ->
          new Outcome.Failed(
              Verdict.PRODUCT_FAILURE,
              FailureKind.PRODUCT,
              decision.rule(),
              firstLine(wrong),
              null);
      default ->
          new Outcome.Failed(
              Verdict.UNKNOWN,
              FailureKind.BUG,
              decision.rule(),
              "a step definition failed: " + failure,
              "run with --debug for the stack trace");
    };
  }

  /**
   * What failed a scenario: a boot failure that it caught, expecting some other one, came first and
   * decides, unless it lays the board at fault, for that was what the scenario judged.
   *
   * @param caught the boot failure that a step of the scenario caught
   * @param failure what its first failing step threw; null if every step passed
   */
  static @Nullable Throwable first(Optional<BootFailure> caught, @Nullable Throwable failure) {
    return failure instanceof AssertionError
            && caught.isPresent()
            && caught.get().kind().verdict() != Verdict.PRODUCT_FAILURE
        ? caught.get()
        : failure;
  }

  static String firstLine(Throwable error) {
    @Nullable String message = error.getMessage();
    if (message == null || message.isBlank()) {
      return error.getClass().getSimpleName();
    }
    return message.lines().filter(line -> !line.isBlank()).findFirst().orElse(message).strip();
  }
}
