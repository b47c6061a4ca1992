package dev.bringup.report;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How many scenarios ended how. */
public record Counts(int passed, int product, int infrastructure, int unknown, int skipped) {

  static Counts of(List<ScenarioReport> scenarios) {
    Map<Mark, Integer> by = new EnumMap<>(Mark.class);
    for (ScenarioReport scenario : scenarios) {
      by.merge(Mark.of(scenario.outcome()), 1, Integer::sum);
    }
    return new Counts(
        by.getOrDefault(Mark.PASSED, 0),
        by.getOrDefault(Mark.PRODUCT, 0),
        by.getOrDefault(Mark.INFRASTRUCTURE, 0),
        by.getOrDefault(Mark.UNKNOWN, 0),
        by.getOrDefault(Mark.SKIPPED, 0));
  }

  /** All scenarios. */
  public int total() {
    return passed + failed() + skipped;
  }

  /** The scenarios that ended in any failure. */
  public int failed() {
    return product + infrastructure + unknown;
  }

  int of(Mark mark) {
    return switch (mark) {
      case PASSED -> passed;
      case PRODUCT -> product;
      case INFRASTRUCTURE -> infrastructure;
      case UNKNOWN -> unknown;
      case SKIPPED -> skipped;
    };
  }

  /** The run in one line: what failed, then what passed. */
  String headline(boolean interrupted) {
    String line;
    if (failed() > 0) {
      List<String> parts = new ArrayList<>();
      for (Mark mark : List.of(Mark.PRODUCT, Mark.INFRASTRUCTURE, Mark.UNKNOWN)) {
        if (of(mark) > 0) {
          parts.add(mark.count(of(mark)));
        }
      }
      line = String.join(", ", parts);
    } else if (passed == 0) {
      line = "nothing ran";
    } else if (skipped > 0) {
      line = Mark.PASSED.count(passed) + ", " + Mark.SKIPPED.count(skipped);
    } else {
      line = passed == 1 ? "the scenario passed" : "all " + passed + " scenarios passed";
    }
    String whole = interrupted ? "interrupted: " + line : line;
    return Character.toUpperCase(whole.charAt(0)) + whole.substring(1);
  }
}
