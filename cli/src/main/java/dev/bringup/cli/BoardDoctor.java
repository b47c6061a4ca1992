package dev.bringup.cli;

import dev.bringup.board.BoardBackend;
import dev.bringup.board.BoardFile;
import dev.bringup.health.BoardHealth;
import dev.bringup.health.HealthStore;
import dev.bringup.hold.WireLock;
import dev.bringup.verdict.BringupException;
import dev.bringup.wired.HealthCheck;
import dev.bringup.wired.HealthCheck.Check;
import dev.bringup.wired.HealthCheck.Result;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code doctor --board}: whether one board is fit, and whether runs may use it. */
final class BoardDoctor {
  private final BoardFile board;
  private final HealthStore store;
  private final boolean powerCycle;

  BoardDoctor(BoardFile board, HealthStore store, boolean powerCycle) {
    this.board = board;
    this.store = store;
    this.powerCycle = powerCycle;
  }

  /**
   * Checks, lifts a quarantine if that is wished and nothing speaks against it, and prints.
   *
   * @param force lifts without a look at what the checks found
   * @return the exit code: 0 if the board is fit and runs may use it, else 3
   */
  int run(boolean lift, boolean force, boolean json) {
    if (lift && board.isRetired()) {
      throw BringupException.configuration(
          "%s: the board is retired; take \"health: retired\" out of its labels to use it again"
              .formatted(board.path()));
    }
    List<Check> checks = board.machine() == null ? wired() : emulated();
    boolean healthy = HealthCheck.isHealthy(checks);
    boolean lifted = lift && (healthy || force);
    BoardHealth health = lifted ? store.lift(board) : store.of(board);
    boolean fit = (healthy || (lifted && force)) && health.isUsable();
    if (json) {
      Json.print(facts(checks, health, lifted, fit));
    } else {
      print(checks, health, lift, lifted);
    }
    return fit ? 0 : 3;
  }

  private List<Check> wired() {
    try (var _ = WireLock.take(board, System.getenv(), "doctor")) {
      return HealthCheck.of(board, powerCycle).run();
    }
  }

  private List<Check> emulated() {
    Optional<String> missing =
        BoardBackend.of(board, BoardDoctor.class.getClassLoader()).missing(board);
    return List.of(
        missing.isPresent()
            ? new Check("engine", Result.FAILED, missing.get(), "./bringup doctor")
            : new Check("engine", Result.OK, "an engine plays it; it has no wires", null));
  }

  private void print(List<Check> checks, BoardHealth health, boolean lift, boolean lifted) {
    for (Check check : checks) {
      System.out.printf("%-11s  %-11s  %s%n", check.name(), check.result().word(), check.fact());
      if (check.next() != null) {
        System.out.printf("%-11s  %-11s  try: %s%n", "", "", check.next());
      }
    }
    System.out.printf("%-11s  %s%n", "health", health.inWords());
    if (lifted) {
      System.err.println("runs may use " + board.name() + " again");
    } else if (lift) {
      System.err.println(
          "not lifted, because not all is well; --lift --force lifts it all the same");
    }
  }

  private Map<String, @Nullable Object> facts(
      List<Check> checks, BoardHealth health, boolean lifted, boolean fit) {
    var facts = new LinkedHashMap<String, @Nullable Object>();
    facts.put("board", board.name());
    facts.put("fit", fit);
    facts.put("health", health.state().word());
    facts.put("errorsInARow", health.errorsInARow());
    facts.put("since", health.since() == null ? null : health.since().toString());
    facts.put("reason", health.reason());
    facts.put("lifted", lifted);
    facts.put("checks", checks.stream().map(BoardDoctor::facts).toList());
    return facts;
  }

  private static Map<String, @Nullable Object> facts(Check check) {
    var facts = new LinkedHashMap<String, @Nullable Object>();
    facts.put("name", check.name());
    facts.put("result", check.result().word());
    facts.put("fact", check.fact());
    facts.put("try", check.next());
    return facts;
  }
}
