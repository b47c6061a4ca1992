package dev.bringup.cli;

import dev.bringup.board.BoardFile;
import dev.bringup.health.HealthStore;
import dev.bringup.hold.WireLock;
import dev.bringup.replay.ReplayBackend;
import dev.bringup.report.BoardProgress;
import dev.bringup.report.Outcome;
import dev.bringup.report.RunReport;
import dev.bringup.report.RunSummary;
import dev.bringup.report.ScenarioReport;
import dev.bringup.report.TimelineText;
import dev.bringup.run.FeatureRunner;
import dev.bringup.run.RunRequest;
import dev.bringup.verdict.BringupException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code run} and {@code demo} share: how a run is watched, stopped and summed up. */
final class RunOptions {
  private static final int SECONDS_TO_STOP = 20;

  @Mixin private Workspace workspace;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      defaultValue = "target/bringup",
      description = "Folder for the run folders (default: ${DEFAULT-VALUE}).")
  private Path output;

  @Option(names = "--json", description = "The result as one JSON document on standard output.")
  private boolean json;

  @Option(
      names = "--capture",
      description = "Record the packets of the board's network (pcapng, in the run folder).")
  private boolean capture;

  @SuppressWarnings("NullAway.Init") // picocli injects options and mixins
  RunOptions() {}

  Workspace workspace() {
    return workspace;
  }

  boolean isJson() {
    return json;
  }

  /** Where a person reads about a run. */
  Path reportOf(RunReport report) {
    return output.resolve(report.runId()).resolve("report.html");
  }

  /** What is run, on whatever board. */
  record What(
      List<String> features,
      List<String> glue,
      ClassLoader classLoader,
      @Nullable String tags,
      @Nullable String name) {}

  /** Runs the features, sums up, and returns the exit code. */
  int run(What what, BoardFile board, String commandLine) {
    return report(what, board, commandLine, this::finish).exitCode();
  }

  /** Runs the features; at least one scenario ran. */
  RunReport report(What what, BoardFile board, String commandLine) {
    return report(what, board, commandLine, _ -> {});
  }

  private RunReport report(
      What what, BoardFile board, String commandLine, Consumer<RunReport> result) {
    HealthStore health = HealthStore.ofUser(Map.copyOf(System.getenv()));
    try (var _ = WireLock.take(board, System.getenv(), "run")) {
      return report(
          what,
          board,
          commandLine,
          Environment.facts(),
          (request, sets, listener) -> new FeatureRunner(request, sets, listener, health),
          result);
    }
  }

  /** Runs the features on a recording of the board, sums up, and returns the exit code. */
  int replay(
      What what, BoardFile board, String commandLine, Path recording, ReplayBackend backend) {
    if (capture) {
      throw BringupException.configuration("--capture: a recording has no packets to record");
    }
    var facts = new LinkedHashMap<String, String>();
    facts.put(RunReport.REPLAY_OF, recording.toString());
    facts.putAll(Environment.facts());
    return report(
            what,
            board,
            commandLine,
            facts,
            (request, sets, listener) -> new FeatureRunner(request, backend, sets, listener),
            this::finish)
        .exitCode();
  }

  /** Makes what runs a request. */
  private interface Runners {
    FeatureRunner of(
        RunRequest request, FeatureRunner.BootSets sets, Consumer<ScenarioReport> listener);
  }

  private RunReport report(
      What what,
      BoardFile board,
      String commandLine,
      Map<String, String> environment,
      Runners runners,
      Consumer<RunReport> result) {
    try (var interrupt = new Interrupt()) {
      RunReport report = report(what, board, commandLine, environment, runners, interrupt);
      if (report.scenarios().isEmpty() && !report.interrupted()) {
        throw BringupException.configuration(
            what.tags() == null && what.name() == null
                ? "no scenario ran: there is none in " + String.join(" ", what.features())
                : "no scenario ran: none in %s fits%s%s"
                    .formatted(
                        String.join(" ", what.features()),
                        what.tags() == null ? "" : " --tags \"" + what.tags() + '"',
                        what.name() == null ? "" : " --name \"" + what.name() + '"'));
      }
      result.accept(report);
      return report;
    }
  }

  private RunReport report(
      What what,
      BoardFile board,
      String commandLine,
      Map<String, String> environment,
      Runners runners,
      Interrupt interrupt) {
    try (var live = new LiveProgress()) {
      BoardProgress progress = live.boards();
      var request =
          new RunRequest(
              what.features(),
              what.glue(),
              what.classLoader(),
              what.tags(),
              what.name(),
              board,
              output,
              capture,
              commandLine,
              environment,
              progress);
      FeatureRunner.BootSets sets = set -> workspace.files(set, new Announced(progress));
      Consumer<ScenarioReport> listener = ended -> progress.print(System.err, line(ended));
      FeatureRunner runner = runners.of(request, sets, listener);
      interrupt.cancels(runner);
      return runner.run();
    }
  }

  /** Ctrl-C must still leave the board off, the report written and the result told. */
  private static final class Interrupt implements AutoCloseable {
    private final CountDownLatch done = new CountDownLatch(1);
    private @Nullable Thread hook;

    void cancels(FeatureRunner runner) {
      Thread stop =
          Thread.ofPlatform()
              .name("interrupt")
              .unstarted(() -> {
                runner.cancel();
                try {
                  var _ = done.await(SECONDS_TO_STOP, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      Runtime.getRuntime().addShutdownHook(stop);
      hook = stop;
    }

    @Override
    public void close() {
      System.out.flush();
      done.countDown();
      try {
        if (hook != null) {
          Runtime.getRuntime().removeShutdownHook(hook);
        }
      } catch (IllegalStateException _) {
        // The process is on its way out: that was the interrupt.
      }
    }
  }

  private static String line(ScenarioReport report) {
    return switch (report.outcome()) {
      case Outcome.Passed() -> "passed: " + report.name() + "\n";
      case Outcome.Skipped(String reason) -> "skipped: " + report.name() + ": " + reason + "\n";
      case Outcome.Failed failed ->
          failed.verdict().text() + ": " + report.name() + ": " + failed.reason() + "\n";
    };
  }

  private void finish(RunReport report) {
    Path folder = output.resolve(report.runId());
    if (json) {
      Json.print(facts(report, folder));
      return;
    }
    report.scenarios().stream()
        .filter(scenario -> !scenario.evidence().stages().isEmpty())
        .reduce((first, second) -> second)
        .ifPresent(last -> System.out.print(TimelineText.text(last.evidence().stages())));
    System.out.print(RunSummary.text(report, folder, Terminal.colour()));
  }

  private static Map<String, @Nullable Object> facts(RunReport report, Path folder) {
    var facts = new LinkedHashMap<String, @Nullable Object>();
    facts.put("run", report.runId());
    facts.put("folder", folder.toString());
    facts.put("replayOf", report.replayOf().orElse(null));
    boolean ran = report.counts().passed() + report.counts().failed() > 0;
    facts.put("verdict", ran ? report.verdict().text() : null);
    facts.put("exitCode", report.exitCode());
    facts.put("interrupted", report.interrupted());
    facts.put("seconds", report.duration().toMillis() / 1000.0);
    facts.put("scenarios", report.scenarios().stream().map(RunOptions::facts).toList());
    return facts;
  }

  private static Map<String, Object> facts(ScenarioReport scenario) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("name", scenario.name());
    facts.put("place", scenario.place());
    facts.put("folder", scenario.folder());
    switch (scenario.outcome()) {
      case Outcome.Passed() -> facts.put("verdict", "passed");
      case Outcome.Skipped(String reason) -> {
        facts.put("verdict", "skipped");
        facts.put("reason", reason);
      }
      case Outcome.Failed failed -> {
        facts.put("verdict", failed.verdict().text());
        facts.put("reason", failed.reason());
      }
    }
    facts.put("seconds", scenario.duration().toMillis() / 1000.0);
    return facts;
  }
}
