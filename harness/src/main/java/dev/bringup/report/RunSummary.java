package dev.bringup.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The end of a run in plain text, for a terminal or a CI log. */
public final class RunSummary {
  private static final int LONGEST_REASON = 300;

  private RunSummary() {}

  /**
   * What the run says, each failed scenario with verdict, reason, hint and where to look, then the
   * counts and the report.
   *
   * @param folder of the run, as it shall be printed
   * @param colour with ANSI colours
   * @return lines that end with a line feed
   */
  public static String text(RunReport run, Path folder, boolean colour) {
    StringBuilder out = new StringBuilder();
    for (Mark mark : Mark.values()) {
      if (mark.isFailure()) {
        for (ScenarioReport scenario : run.scenarios()) {
          if (scenario.outcome() instanceof Outcome.Failed failed && Mark.of(failed) == mark) {
            failed(out, scenario, failed, folder, colour);
          }
        }
      }
    }
    Counts counts = run.counts();
    Mark worst = worst(run, counts);
    out.append(paint(counts.headline(run.interrupted()), worst, colour))
        .append(" in ")
        .append(Amounts.duration(run.duration()))
        .append(" (")
        .append(tally(counts))
        .append(")\n");
    run.replayOf()
        .ifPresent(file ->
            out.append("replay of ").append(Printable.line(file)).append("; no board was used\n"));
    out.append("report: ").append(folder.resolve("report.html")).append('\n');
    return out.toString();
  }

  private static void failed(
      StringBuilder out,
      ScenarioReport scenario,
      Outcome.Failed failed,
      Path folder,
      boolean colour) {
    Mark mark = Mark.of(failed);
    out.append(paint(mark.text, mark, colour))
        .append(": ")
        .append(Printable.line(scenario.name(), LONGEST_REASON))
        .append(": ")
        .append(Printable.line(failed.reason(), LONGEST_REASON))
        .append('\n');
    String stage = scenario.evidence().stage();
    out.append("  at ").append(Printable.line(scenario.place()));
    if (scenario.board() != null) {
      out.append(", board ").append(Printable.line(scenario.board()));
    }
    if (stage != null) {
      out.append(", stage ").append(Printable.line(stage));
    }
    out.append('\n');
    if (failed.hint() != null) {
      out.append("  try: ").append(Printable.line(failed.hint(), LONGEST_REASON)).append('\n');
    }
    out.append("  see: ").append(folder.resolve(scenario.folder())).append("\n\n");
  }

  private static Mark worst(RunReport run, Counts counts) {
    return switch (run.verdict()) {
      case PRODUCT_FAILURE -> Mark.PRODUCT;
      case INFRASTRUCTURE_ERROR -> Mark.INFRASTRUCTURE;
      case UNKNOWN -> Mark.UNKNOWN;
      case PASSED ->
          run.interrupted() ? Mark.UNKNOWN : counts.passed() > 0 ? Mark.PASSED : Mark.SKIPPED;
    };
  }

  private static String tally(Counts counts) {
    List<String> parts = new ArrayList<>();
    parts.add(counts.total() + (counts.total() == 1 ? " scenario" : " scenarios"));
    if (counts.failed() > 0) {
      // the headline has named the failures only
      for (Mark mark : List.of(Mark.PASSED, Mark.SKIPPED)) {
        if (counts.of(mark) > 0) {
          parts.add(mark.count(counts.of(mark)));
        }
      }
    } else if (counts.passed() == 0 && counts.skipped() > 0) {
      parts.add("all skipped");
    }
    return String.join(", ", parts);
  }

  private static String paint(String text, Mark mark, boolean colour) {
    if (!colour) {
      return text;
    }
    int code =
        switch (mark) {
          case PRODUCT -> 31;
          case INFRASTRUCTURE -> 33;
          case UNKNOWN -> 35;
          case PASSED -> 32;
          case SKIPPED -> 36;
        };
    return "\u001b[1;" + code + "m" + text + "\u001b[0m";
  }
}
