package dev.bringup.cli;

import dev.bringup.board.Board;
import dev.bringup.board.BoardBackend;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardSite;
import dev.bringup.board.BootStage;
import dev.bringup.boot.BootConfiguration;
import dev.bringup.boot.BootRequirements;
import dev.bringup.boot.BootSession;
import dev.bringup.boot.StageTiming;
import dev.bringup.hold.WireLock;
import dev.bringup.report.BoardProgress;
import dev.bringup.report.StageSpan;
import dev.bringup.report.TimelineText;
import dev.bringup.units.Durations;
import dev.bringup.verdict.BringupException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "boot",
    description = "Boots a board to a stage, says how long each stage took, and switches it off.",
    mixinStandardHelpOptions = true)
final class BootCommand implements Callable<Integer> {

  @Mixin private Workspace workspace;

  /** This process is asked to end, and switches the board off. */
  private volatile boolean ending;

  @Parameters(paramLabel = "BOARD", description = "The board's name.")
  private String boardName;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "STAGE",
      description = "firmware, bootloader, hypervisor, dom0, guest, kernel or userland.")
  private String stageWord;

  @Mixin private BootSetOption bootSet;

  @Option(names = "--within", paramLabel = "DURATION", description = "Limit for all of it.")
  private @Nullable String within;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "Record the console into this file, for ./bringup replay.")
  private @Nullable Path record;

  @Option(names = "--json", description = "One JSON document on standard output.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli injects options and mixins
  BootCommand() {}

  @Override
  public Integer call() {
    BoardFile file = workspace.catalog().board(boardName);
    BootStage target = BootSetOption.stage(stageWord);
    Optional<Duration> limit = Optional.ofNullable(within).map(BootCommand::limit);
    Booted booted = boot(file, target, limit);
    show(file, target, booted);
    if (booted.failure() == null) {
      return 0;
    }
    if (!json) {
      throw booted.failure();
    }
    return booted.failure().kind().exitCode();
  }

  private static Duration limit(String text) {
    Duration limit = Durations.parse(text);
    if (limit.isZero()) {
      throw BringupException.configuration(
          "--within " + text + ": nothing boots in no time; write such as 120 s");
    }
    return limit;
  }

  private record Booted(List<StageTiming> timings, @Nullable BringupException failure) {}

  private Booted boot(BoardFile file, BootStage target, Optional<Duration> limit) {
    try (var live = new LiveProgress()) {
      BoardProgress progress = live.boards();
      var announced = new Announced(progress);
      Optional<BootConfiguration> configuration =
          bootSet.configuration(workspace, target, announced);
      // Before anything is opened: no wire has to be there to learn what cannot go well.
      configuration.ifPresent(wanted -> BootRequirements.check(file, wanted));
      var problem = new AtomicReference<@Nullable BringupException>();
      var site =
          new BoardSite(
              Optional.ofNullable(record),
              Optional.empty(),
              (set, name) -> workspace.files(set, announced).file(name).path(),
              reason -> problem.compareAndSet(null, reason));
      try (var _ = WireLock.take(file, System.getenv(), "boot");
          BootSession session =
              new BootSession(
                  open(file, site), stage -> progress.stage(file.name(), stage.word()))) {
        try {
          session.bootTo(target, configuration, limit);
          return new Booted(session.timings(), problem.get());
        } catch (BringupException e) {
          // Not what the board seems to have done when an interrupt switched it off.
          return new Booted(
              session.timings(), ending ? BringupException.cancelled("interrupted") : e);
        }
      }
    }
  }

  /** Opens a board that is off when this process ends, however it does. */
  private Board open(BoardFile file, BoardSite site) {
    Board board = BoardBackend.of(file, BootCommand.class.getClassLoader()).open(file, site);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  ending = true;
                  board.close();
                }));
    return board;
  }

  private void show(BoardFile file, BootStage target, Booted booted) {
    List<StageTiming> timings = booted.timings();
    BringupException failure = booted.failure();
    if (!json) {
      System.out.print(
          TimelineText.text(
              timings.stream()
                  .map(t ->
                      new StageSpan(
                          t.boot(),
                          t.stage().word(),
                          t.sincePowerOn(),
                          t.duration(),
                          t.limit(),
                          t.reached()))
                  .toList()));
      return;
    }
    var facts = new LinkedHashMap<String, Object>();
    facts.put("board", file.name());
    facts.put("target", target.word());
    facts.put("verdict", failure == null ? "passed" : failure.kind().verdict().text());
    if (failure != null) {
      facts.put("reason", String.valueOf(failure.getMessage()));
    }
    facts.put(
        "stages",
        timings.stream()
            .map(t ->
                Map.of(
                    "stage",
                    t.stage().word(),
                    "reached",
                    t.reached(),
                    "begun",
                    t.sincePowerOn().toMillis() / 1000.0,
                    "seconds",
                    t.duration().toMillis() / 1000.0))
            .toList());
    Json.print(facts);
  }
}
