package dev.bringup.config;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Files that cannot be used. Of kind CONFIGURATION; the message is the first problem's line, the
 * hint has those of the others.
 */
public final class ConfigurationException extends BringupException {
  private static final long serialVersionUID = 1L;

  // Nobody serializes failures; the message would survive it.
  private final transient List<Problem> problems;

  /**
   * @param problems at least one
   */
  public ConfigurationException(List<Problem> problems) {
    super(FailureKind.CONFIGURATION, problems.getFirst().toString(), others(problems), null);
    this.problems = List.copyOf(problems);
  }

  ConfigurationException(Position at, String message) {
    this(List.of(new Problem(at, message)));
  }

  /** What is wrong; at least one. */
  public List<Problem> problems() {
    return problems;
  }

  private static @Nullable String others(List<Problem> problems) {
    return problems.size() == 1
        ? null
        : problems.stream()
            .skip(1)
            .map(Problem::toString)
            .collect(Collectors.joining("\n", "also wrong:\n", ""));
  }
}
