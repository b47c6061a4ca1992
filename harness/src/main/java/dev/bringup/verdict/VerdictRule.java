package dev.bringup.verdict;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * How a scenario's verdict is decided: of these rules, in this order, the first that fits. {@code
 * docs/verdicts.md} says the same in words, and why; {@code verdict.json} names the rule.
 */
public enum VerdictRule {
  INTERRUPTED("interrupted", Verdict.UNKNOWN, seen -> seen.is(FailureKind.CANCELLED)),
  SKIPPED("skipped", null, seen -> seen.failure() instanceof TestAbortedException),
  WRONG_INPUT(
      "wrong input", Verdict.INFRASTRUCTURE_ERROR, seen -> seen.is(FailureKind.CONFIGURATION)),
  TOOL_BUG("tool bug", Verdict.UNKNOWN, seen -> seen.is(FailureKind.BUG)),
  NOT_IN_THE_RECORDING("not in the recording", Verdict.UNKNOWN, Findings::isNotInTheRecording),
  INJECTED_FAULT("injected fault", Verdict.INFRASTRUCTURE_ERROR, Findings::isInjected),
  LAB_FAILED(
      "lab failed",
      Verdict.INFRASTRUCTURE_ERROR,
      seen ->
          (seen.is(FailureKind.INFRASTRUCTURE) && !seen.isBadPattern())
              || seen.is(FailureKind.PROTOCOL)),
  RECORDING_INCOMPLETE("recording incomplete"),
  PASSED("passed", Verdict.PASSED, seen -> seen.failure() == null),
  WIRE_LOST("wire lost"),
  POWER_NOT_CONFIRMED("power not confirmed"),
  TFTP_SERVER_FAILED("tftp server failed"),
  SILENT_SINCE_POWER_ON("silent since power-on", Verdict.UNKNOWN, Findings::isSilence),
  BAD_PATTERN("bad pattern", null, Findings::isBadPattern),
  NOT_CLEAR("not clear", Verdict.UNKNOWN, seen -> seen.is(FailureKind.UNKNOWN)),
  ASSERTION_FAILED(
      "assertion failed",
      Verdict.PRODUCT_FAILURE,
      seen -> seen.failure() instanceof AssertionError),
  BOARD_FAILED("board failed", Verdict.PRODUCT_FAILURE, seen -> seen.is(FailureKind.PRODUCT));

  private final String text;
  private final @Nullable Verdict verdict;

  @SuppressWarnings("ImmutableEnumChecker") // the predicates above keep nothing
  private final Predicate<Findings> fits;

  VerdictRule(String text, @Nullable Verdict verdict, Predicate<Findings> fits) {
    this.text = text;
    this.verdict = verdict;
    this.fits = fits;
  }

  /** A rule that fits where the lab had a fault of its name. */
  VerdictRule(String text) {
    this(text, Verdict.INFRASTRUCTURE_ERROR, seen -> seen.fault(text).isPresent());
  }

  /** What the rules look at. */
  private record Findings(@Nullable Throwable failure, List<LabFault> faults) {

    boolean is(FailureKind kind) {
      return failure != null && kindOf(failure).filter(kind::equals).isPresent();
    }

    boolean isNotInTheRecording() {
      return names(NOT_IN_THE_RECORDING);
    }

    boolean isInjected() {
      return failure != null && (names(INJECTED_FAULT) || fault(INJECTED_FAULT.text).isPresent());
    }

    boolean isSilence() {
      return names(SILENT_SINCE_POWER_ON);
    }

    boolean isBadPattern() {
      return names(BAD_PATTERN);
    }

    private boolean names(VerdictRule rule) {
      return failure instanceof BringupException known
          && known.rule().filter(rule::equals).isPresent();
    }

    Optional<LabFault> fault(String rule) {
      return faults.stream().filter(fault -> fault.rule().text.equals(rule)).findFirst();
    }
  }

  /**
   * The rule that fits, and the fault of the lab that made it fit, if one did of which the failure
   * itself does not tell.
   *
   * @param rule the first that fits
   */
  public record Decision(VerdictRule rule, Optional<LabFault> fault) {}

  /**
   * Decides.
   *
   * @param failure what the first failing step threw; null if every step passed
   * @param faults what was wrong with the lab in the time that the failing step looked at, faults
   *     that were injected in the present boot, and a recording that is incomplete at whatever time
   */
  public static Decision decide(@Nullable Throwable failure, List<LabFault> faults) {
    var seen = new Findings(failure, faults);
    VerdictRule first =
        Arrays.stream(values())
            .filter(rule -> rule.fits.test(seen))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no rule fits " + failure));
    return new Decision(first, seen.names(first) ? Optional.empty() : seen.fault(first.text));
  }

  /** The rule that a failure of that kind falls under if nothing more is known. */
  public static VerdictRule of(FailureKind kind) {
    return switch (kind) {
      case PRODUCT -> BOARD_FAILED;
      case INFRASTRUCTURE, PROTOCOL -> LAB_FAILED;
      case CONFIGURATION -> WRONG_INPUT;
      case UNKNOWN -> NOT_CLEAR;
      case CANCELLED -> INTERRUPTED;
      case BUG -> TOOL_BUG;
    };
  }

  /**
   * What kind of failure it is that a step threw; empty for one that only skips the scenario.
   * Whatever is neither a failure of ours nor an assertion is a bug of the steps or of Bringup.
   */
  public static Optional<FailureKind> kindOf(Throwable failure) {
    return switch (failure) {
      case BringupException known -> Optional.of(known.kind());
      case TestAbortedException _ -> Optional.empty();
      case AssertionError _ -> Optional.of(FailureKind.PRODUCT);
      default -> Optional.of(FailureKind.BUG);
    };
  }

  /** Its name in {@code verdict.json} and in the documentation. */
  public String text() {
    return text;
  }

  /**
   * The verdict that it gives; empty where there is none ({@link #SKIPPED}) or the failure names it
   * ({@link #BAD_PATTERN}).
   */
  public Optional<Verdict> verdict() {
    return Optional.ofNullable(verdict);
  }
}
