package dev.bringup.report;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One step of a scenario.
 *
 * @param keyword Given, When, Then, And, But or {@code *}
 * @param error what failed, of any number of lines
 */
public record StepReport(
    String keyword, String text, Status status, Duration duration, @Nullable String error) {

  /** How a step ended. */
  public enum Status {
    PASSED,
    FAILED,
    SKIPPED,
    /** No step definition, more than one, or one that is not written yet. */
    UNDEFINED
  }
}
