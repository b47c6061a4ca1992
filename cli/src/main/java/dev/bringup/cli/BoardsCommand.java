package dev.bringup.cli;

import dev.bringup.board.BoardBackend;
import dev.bringup.board.BoardCatalog;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BootStage;
import dev.bringup.config.Problem;
import dev.bringup.health.HealthStore;
import dev.bringup.verdict.BringupException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "boards",
    description = "Lists the boards and what each can do; exit code 2 if a board file is wrong.",
    mixinStandardHelpOptions = true)
final class BoardsCommand implements Callable<Integer> {
  @Mixin private Workspace workspace;

  @Option(names = "--json", description = "One JSON document on standard output.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli injects the mixin
  BoardsCommand() {}

  @Override
  public Integer call() {
    BoardCatalog catalog = workspace.catalog();
    HealthStore health = HealthStore.ofUser(Map.copyOf(System.getenv()));
    if (json) {
      Json.print(
          Map.of(
              "boards", catalog.boards().stream().map(board -> facts(board, health)).toList(),
              "problems", catalog.problems().stream().map(Problem::toString).toList()));
    } else {
      for (BoardFile board : catalog.boards()) {
        System.out.printf("%s  %s%n", board.name(), board.description());
        facts(board, health)
            .forEach((key, value) -> {
              if (!key.equals("name") && !key.equals("description")) {
                System.out.printf("  %-13s %s%n", key, text(value));
              }
            });
      }
    }
    catalog.problems().forEach(problem -> System.err.println(problem));
    return catalog.problems().isEmpty() ? 0 : 2;
  }

  private static String text(Object value) {
    return value instanceof List<?> list
        ? String.join(", ", list.stream().map(String::valueOf).toList())
        : value.toString();
  }

  private static Map<String, Object> facts(BoardFile board, HealthStore health) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("name", board.name());
    facts.put("description", board.description());
    if (board.type() != null) {
      facts.put("type", board.type());
    }
    facts.put("architecture", board.architecture());
    facts.put("cpus", board.cpus());
    facts.put("memory", board.memory().toString());
    facts.put(
        "labels",
        board.labels().entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    facts.put("stages", board.stages().keySet().stream().map(BootStage::word).toList());
    facts.put("capabilities", capabilities(board));
    facts.put("health", health(board, health));
    return facts;
  }

  /** One damaged file must not hide the other boards. */
  private static String health(BoardFile board, HealthStore health) {
    try {
      return health.of(board).inWords();
    } catch (BringupException e) {
      return "not known: " + e.getMessage();
    }
  }

  private static List<String> capabilities(BoardFile board) {
    var names = new TreeSet<>(board.drivers().keySet());
    names.add("console");
    names.add("power");
    BoardBackend.of(board, BoardsCommand.class.getClassLoader())
        .capabilities(board)
        .forEach(capability -> names.add(capability.getSimpleName()));
    return new ArrayList<>(names);
  }
}
