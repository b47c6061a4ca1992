package dev.bringup.report;

import dev.bringup.verdict.FailureKind;
import dev.bringup.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that one run shows, in the order in which it happened. Immutable.
 *
 * @param runId the name of the run folder
 * @param start wall time of the first scenario's start
 * @param duration wall time of the whole run
 * @param commandLine what to type to run it again
 * @param interrupted somebody stopped the run before it was through
 * @param environment versions and other facts that a reader needs to repeat the run, in reading
 *     order
 */
public record RunReport(
    String runId,
    Instant start,
    Duration duration,
    String commandLine,
    boolean interrupted,
    Map<String, String> environment,
    List<BoardReport> boards,
    List<ScenarioReport> scenarios) {

  public RunReport {
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    boards = List.copyOf(boards);
    scenarios = List.copyOf(scenarios);
  }

  /** The fact that names the recording, if no board was used but a recording of one. */
  public static final String REPLAY_OF = "replay of";

  /** The recording that stood in for the board, if one did. */
  public Optional<String> replayOf() {
    return Optional.ofNullable(environment.get(REPLAY_OF));
  }

  /** A board that took part. */
  public record BoardReport(String name, String description) {}

  /**
   * What the run as a whole says. A product failure that was shown stays true whatever else broke,
   * so it comes first; then what nobody can blame on anyone, then the lab. A run in which nothing
   * ran passes, and the reports say in words that nothing ran.
   */
  public Verdict verdict() {
    Counts counts = counts();
    if (counts.product() > 0) {
      return Verdict.PRODUCT_FAILURE;
    }
    if (counts.unknown() > 0) {
      return Verdict.UNKNOWN;
    }
    return counts.infrastructure() > 0 ? Verdict.INFRASTRUCTURE_ERROR : Verdict.PASSED;
  }

  /**
   * The exit code of the command that ran this: 130 if interrupted, else 1 if a product failure was
   * shown, else 3 if something failed that is no mistake in the input, else 2 for such a mistake,
   * else 0.
   */
  public int exitCode() {
    if (interrupted) {
      return FailureKind.CANCELLED.exitCode();
    }
    boolean onlyInput = true;
    for (ScenarioReport scenario : scenarios) {
      if (scenario.outcome() instanceof Outcome.Failed failed) {
        onlyInput &= failed.kind() == FailureKind.CONFIGURATION;
      }
    }
    Verdict verdict = verdict();
    return verdict == Verdict.INFRASTRUCTURE_ERROR && onlyInput
        ? FailureKind.CONFIGURATION.exitCode()
        : verdict.exitCode();
  }

  /** How many scenarios ended how. */
  public Counts counts() {
    return Counts.of(scenarios);
  }
}
