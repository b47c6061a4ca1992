package dev.bringup.report;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import dev.bringup.verdict.Verdict;
import dev.bringup.verdict.VerdictRule;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a scenario ended. */
public sealed interface Outcome {

  /** Every step passed. */
  record Passed() implements Outcome {}

  /** It did not run, so nothing is known about the board; {@code reason} says why. */
  record Skipped(String reason) implements Outcome {}

  /**
   * A step or hook failed.
   *
   * @param verdict who is at fault; never {@link Verdict#PASSED}
   * @param rule by which the verdict was decided
   * @param reason what happened and where; kept as one line, with bars where the board's words in
   *     it had several
   * @param hint what to try next
   */
  record Failed(
      Verdict verdict, FailureKind kind, VerdictRule rule, String reason, @Nullable String hint)
      implements Outcome {
    /** A failure of which no more is known than its kind. */
    public Failed(Verdict verdict, FailureKind kind, String reason, @Nullable String hint) {
      this(verdict, kind, VerdictRule.of(kind), reason, hint);
    }

    public Failed {
      if (verdict == Verdict.PASSED) {
        throw new IllegalArgumentException("a failure cannot have the verdict passed: " + reason);
      }
      reason = reason.strip().replaceAll("\\s*[\\r\\n]\\s*", " | ");
    }
  }

  /** The outcome of a scenario that {@code failure} ended, if the lab had no fault beside it. */
  static Outcome failed(BringupException failure) {
    FailureKind kind = failure.kind();
    String reason = Objects.requireNonNullElse(failure.getMessage(), "no message");
    VerdictRule rule = failure.rule().orElse(VerdictRule.of(kind));
    return new Failed(kind.verdict(), kind, rule, reason, failure.hint().orElse(null));
  }

  /** The rule by which the verdict was decided. */
  default VerdictRule decidedBy() {
    return switch (this) {
      case Passed _ -> VerdictRule.PASSED;
      case Skipped _ -> VerdictRule.SKIPPED;
      case Failed failed -> failed.rule();
    };
  }
}
