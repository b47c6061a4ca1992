package dev.bringup.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which scenarios of the features are run. */
final class ScenarioFilter {
  @Option(names = "--tags", paramLabel = "EXPR", description = "Only scenarios with these tags.")
  private @Nullable String tags;

  @Option(
      names = "--name",
      paramLabel = "REGEX",
      description = "Only scenarios whose name contains this.")
  private @Nullable String name;

  @Nullable String tags() {
    return tags;
  }

  @Nullable String name() {
    return name;
  }

  boolean isGiven() {
    return tags != null || name != null;
  }
}
