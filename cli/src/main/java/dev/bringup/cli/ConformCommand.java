package dev.bringup.cli;

import dev.bringup.board.BoardFile;
import dev.bringup.report.Conformance;
import dev.bringup.report.RunReport;
import dev.bringup.verdict.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "conform",
    description = {
      "Runs the same features on two boards and lists what was observed differently.",
      "Exit code 0 if nothing differs, 1 if something does, 3 if the lab failed on either board."
    },
    mixinStandardHelpOptions = true)
final class ConformCommand implements Callable<Integer> {
  @Mixin private RunOptions run;
  @Mixin private ScenarioFilter filter;

  @Parameters(index = "0", paramLabel = "A", description = "The one board.")
  private String first;

  @Parameters(index = "1", paramLabel = "B", description = "The other board.")
  private String second;

  @Parameters(
      index = "2..*",
      arity = "0..*",
      paramLabel = "FEATURES",
      description = "Feature files, folders of them, or FILE:LINE (default: features).")
  private List<String> features = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // picocli injects options and mixins
  ConformCommand() {}

  @Override
  public Integer call() {
    var what =
        new RunOptions.What(
            features.isEmpty() ? List.of("features") : features,
            List.of(),
            ConformCommand.class.getClassLoader(),
            filter.tags(),
            filter.name());
    String command =
        "./bringup conform %s %s %s".formatted(first, second, String.join(" ", what.features()));
    BoardFile firstBoard = run.workspace().catalog().board(first);
    BoardFile secondBoard = run.workspace().catalog().board(second);
    RunReport one = run.report(what, firstBoard, command);
    RunReport other = run.report(what, secondBoard, command);
    Conformance conformance = Conformance.of(one, other);
    if (run.isJson()) {
      Json.print(facts(conformance));
    } else {
      System.out.print(conformance.text());
      System.out.println("reports: " + run.reportOf(one) + " and " + run.reportOf(other));
    }
    if (lab(one) || lab(other)) {
      return Verdict.INFRASTRUCTURE_ERROR.exitCode();
    }
    return conformance.isAlike() ? 0 : Verdict.PRODUCT_FAILURE.exitCode();
  }

  private static boolean lab(RunReport report) {
    return report.counts().infrastructure() > 0;
  }

  private static Map<String, Object> facts(Conformance conformance) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("boards", List.of(conformance.first(), conformance.second()));
    facts.put("alike", conformance.isAlike());
    facts.put(
        "scenarios",
        conformance.scenarios().stream()
            .map(scenario ->
                Map.of(
                    "place",
                    scenario.place(),
                    "name",
                    scenario.name(),
                    "differences",
                    scenario.differences().stream()
                        .map(each ->
                            Map.of(
                                "what", each.what(),
                                "observed", List.of(each.first(), each.second())))
                        .toList()))
            .toList());
    return facts;
  }
}
