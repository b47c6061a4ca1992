package dev.bringup.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Two boards side by side: the same scenarios on both, and where what was observed differs. What is
 * observed is how a scenario and each of its steps ended, which boot stages were reached in which
 * order, and which files went over TFTP with which bytes. How long something took is not compared.
 *
 * @param first the one board's name
 * @param second the other's
 * @param scenarios in the order in which the first board ran them, then those that only the second
 *     ran
 */
public record Conformance(String first, String second, List<Compared> scenarios) {

  public Conformance {
    scenarios = List.copyOf(scenarios);
  }

  /**
   * A scenario on both boards.
   *
   * @param place feature and line
   */
  public record Compared(String place, String name, List<Difference> differences) {
    public Compared {
      differences = List.copyOf(differences);
    }
  }

  /**
   * Something that was observed on one board as {@code first} and on the other as {@code second}.
   */
  public record Difference(String what, String first, String second) {}

  /** Compares two runs of the same features. */
  public static Conformance of(RunReport first, RunReport second) {
    String firstName = board(first);
    String secondName = board(second);
    Map<String, ScenarioReport> others = new LinkedHashMap<>();
    second.scenarios().forEach(scenario -> others.put(scenario.place(), scenario));
    var compared = new ArrayList<Compared>();
    for (ScenarioReport scenario : first.scenarios()) {
      compared.add(
          compared(scenario, others.remove(scenario.place()), firstName, secondName, scenario));
    }
    others
        .values()
        .forEach(
            scenario -> compared.add(compared(null, scenario, firstName, secondName, scenario)));
    return new Conformance(firstName, secondName, compared);
  }

  private static String board(RunReport run) {
    return run.boards().isEmpty() ? "(no board)" : run.boards().getFirst().name();
  }

  /** Whether nothing differs. */
  public boolean isAlike() {
    return scenarios.stream().allMatch(scenario -> scenario.differences().isEmpty());
  }

  private static Compared compared(
      @Nullable ScenarioReport first,
      @Nullable ScenarioReport second,
      String firstName,
      String secondName,
      ScenarioReport either) {
    Map<String, String> here = first == null ? Map.of() : observed(first, firstName);
    Map<String, String> there = second == null ? Map.of() : observed(second, secondName);
    var keys = new ArrayList<>(here.keySet());
    there.keySet().stream().filter(key -> !here.containsKey(key)).forEach(keys::add);
    var differences = new ArrayList<Difference>();
    for (String key : keys) {
      String one = here.getOrDefault(key, "nothing");
      String other = there.getOrDefault(key, "nothing");
      if (!one.equals(other)) {
        differences.add(new Difference(key, one, other));
      }
    }
    return new Compared(either.place(), either.name(), differences);
  }

  /** What a reader of the report would say happened, without times and without the board's name. */
  private static Map<String, String> observed(ScenarioReport scenario, String board) {
    var seen = new LinkedHashMap<String, String>();
    seen.put(
        "outcome",
        switch (scenario.outcome()) {
          case Outcome.Passed() -> "passed";
          case Outcome.Skipped(String reason) -> "skipped: " + reason.replace(board, "the board");
          case Outcome.Failed failed ->
              failed.verdict().text() + ": " + failed.reason().replace(board, "the board");
        });
    int number = 0;
    for (StepReport step : scenario.steps()) {
      number++;
      seen.put("step " + number + ", " + step.text(), step.status().name());
    }
    for (StageSpan stage : scenario.evidence().stages()) {
      seen.merge(
          "boot " + stage.boot(),
          stage.stage() + (stage.reached() ? "" : " (not reached)"),
          (before, next) -> before + ", " + next);
    }
    // By file: transfers that follow each other closely may end in either order.
    for (TransferRow row : scenario.evidence().transfers()) {
      seen.merge(
          "TFTP " + row.file() + " " + row.direction().text(),
          "%d bytes, %s, SHA-256 %s"
              .formatted(
                  row.bytes(),
                  row.complete() ? "complete" : row.outcome(),
                  Objects.requireNonNullElse(row.sha256(), "unknown")),
          (before, next) -> before + "; then " + next);
    }
    return seen;
  }

  /** For people: each scenario that differs with its differences, then a sum. */
  public String text() {
    var text = new StringBuilder();
    int differing = 0;
    for (Compared scenario : scenarios) {
      if (scenario.differences().isEmpty()) {
        continue;
      }
      differing++;
      text.append("%s (%s)%n".formatted(scenario.name(), scenario.place()));
      for (Difference each : scenario.differences()) {
        text.append("  %s%n".formatted(each.what()));
        text.append("    %s: %s%n".formatted(first, each.first()));
        text.append("    %s: %s%n".formatted(second, each.second()));
      }
    }
    text.append(
        differing == 0
            ? "%s and %s are alike in %d scenario%s%n"
                .formatted(first, second, scenarios.size(), scenarios.size() == 1 ? "" : "s")
            : "%s and %s differ in %d of %d scenario%s%n"
                .formatted(
                    first, second, differing, scenarios.size(), scenarios.size() == 1 ? "" : "s"));
    return text.toString();
  }
}
