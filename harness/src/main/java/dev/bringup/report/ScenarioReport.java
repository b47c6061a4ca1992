package dev.bringup.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One scenario (or one row of an outline) on one board. Immutable.
 *
 * @param folder its folder below the run folder, with {@code /} between the parts
 * @param featureUri where the feature was read from
 * @param line one-based line of the scenario or example row
 * @param tags with their leading {@code @}
 * @param board null if it never got one
 * @param start wall time
 * @param duration wall time
 */
public record ScenarioReport(
    String folder,
    String featureUri,
    String featureName,
    @Nullable String rule,
    String name,
    int line,
    List<String> tags,
    @Nullable String board,
    Outcome outcome,
    Instant start,
    Duration duration,
    List<StepReport> steps,
    Evidence evidence) {

  public ScenarioReport {
    tags = List.copyOf(tags);
    steps = List.copyOf(steps);
  }

  /** Feature and line, as an editor opens it. */
  public String place() {
    return featureUri + ":" + line;
  }
}
