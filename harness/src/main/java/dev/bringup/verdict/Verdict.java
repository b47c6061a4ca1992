package dev.bringup.verdict;

import java.util.Locale;

/** What a scenario's outcome says, and about whom. */
public enum Verdict {
  PASSED,
  /** The board or its software is at fault. */
  PRODUCT_FAILURE,
  /** The lab is at fault; says nothing about the product, neither good nor bad. */
  INFRASTRUCTURE_ERROR,
  /** The evidence does not tell who is at fault. */
  UNKNOWN;

  /** The verdict in the words of features, reports and {@code verdict.json}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** The exit code of a run whose worst verdict is this one. */
  public int exitCode() {
    return switch (this) {
      case PASSED -> 0;
      case PRODUCT_FAILURE -> 1;
      case INFRASTRUCTURE_ERROR, UNKNOWN -> 3;
    };
  }
}
