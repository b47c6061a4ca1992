package dev.bringup.verdict;

/** The closed set of reasons for a failure; each belongs to one {@link Verdict}. */
public enum FailureKind {
  /** The board or its software did something wrong: a panic, a wrong answer, a missed deadline. */
  PRODUCT(Verdict.PRODUCT_FAILURE),
  /**
   * The lab did something wrong: no QEMU, a port taken, a disk full, a file that was not staged.
   */
  INFRASTRUCTURE(Verdict.INFRASTRUCTURE_ERROR),
  /** The person's input is wrong: a board file, a feature, an option. Exit code 2. */
  CONFIGURATION(Verdict.INFRASTRUCTURE_ERROR),
  /** A peer broke a wire protocol in a way that cannot be laid at the product's door. */
  PROTOCOL(Verdict.INFRASTRUCTURE_ERROR),
  /** Something went wrong, and the evidence does not tell whose fault it is. */
  UNKNOWN(Verdict.UNKNOWN),
  /** Somebody stopped the run. Exit code 130. */
  CANCELLED(Verdict.UNKNOWN),
  /** Bringup itself is wrong. */
  BUG(Verdict.UNKNOWN);

  private final Verdict verdict;

  FailureKind(Verdict verdict) {
    this.verdict = verdict;
  }

  /** The verdict of a scenario that ends with this kind of failure. */
  public Verdict verdict() {
    return verdict;
  }

  /** The exit code of a command that ends with this kind of failure. */
  public int exitCode() {
    return switch (this) {
      case PRODUCT -> 1;
      case CONFIGURATION -> 2;
      case INFRASTRUCTURE, PROTOCOL, UNKNOWN, BUG -> 3;
      case CANCELLED -> 130;
    };
  }
}
