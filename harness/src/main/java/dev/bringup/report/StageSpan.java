package dev.bringup.report;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a board took to one boot stage.
 *
 * @param boot number of the boot within the scenario, from 1
 * @param enteredAt board time from this boot's power-on to the moment at which the stage before was
 *     reached
 * @param duration board time from there until this stage's mark was seen or, if it was not {@code
 *     reached}, until the wait ended
 * @param limit the time that it may take
 */
public record StageSpan(
    int boot,
    String stage,
    Duration enteredAt,
    Duration duration,
    @Nullable Duration limit,
    boolean reached) {

  /** Board time from power-on to the end of the span. */
  public Duration end() {
    return enteredAt.plus(duration);
  }
}
