package dev.bringup.run;

import dev.bringup.artifact.BootFiles;
import dev.bringup.board.Board;
import dev.bringup.board.BoardBackend;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardSite;
import dev.bringup.health.BoardHealth;
import dev.bringup.health.HealthStore;
import dev.bringup.report.Outcome;
import dev.bringup.report.RunFolder;
import dev.bringup.report.RunReport;
import dev.bringup.report.ScenarioReport;
import dev.bringup.steps.Bench;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import io.cucumber.core.exception.CompositeCucumberException;
import io.cucumber.core.exception.CucumberException;
import io.cucumber.core.feature.FeatureWithLines;
import io.cucumber.core.feature.GluePath;
import io.cucumber.core.gherkin.FeatureParserException;
import io.cucumber.core.options.RuntimeOptions;
import io.cucumber.core.options.RuntimeOptionsBuilder;
import io.cucumber.core.plugin.HtmlFormatter;
import io.cucumber.core.plugin.MessageFormatter;
import io.cucumber.core.runtime.Runtime;
import io.cucumber.tagexpressions.TagExpressionException;
import io.cucumber.tagexpressions.TagExpressionParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * Runs features on a board and writes the run folder. The command line, JUnit and other people's
 * projects all come through here. Use once; {@link #cancel()} may come from any thread.
 */
public final class FeatureRunner {
  private static final Logger CUCUMBER = Logger.getLogger(Runtime.class.getName());

  private final RunRequest request;
  private final Supplier<BoardBackend> backend;
  private final KnownBootSets bootSets;
  private final Consumer<ScenarioReport> listener;
  private final AtomicReference<@Nullable Thread> running = new AtomicReference<>();
  private final List<ScenarioReport> reports = new ArrayList<>();
  private final @Nullable HealthStore health;
  private @Nullable Bench bench; // of the present scenario

  /** What the last scenario that used the board says about the lab around it. */
  private Optional<BoardAccount> account = Optional.empty();

  private volatile boolean cancelled;

  /** Empty if the board could be used well. */
  private record BoardAccount(Optional<String> error) {

    /** Empty for a scenario that says nothing about the lab around the board. */
    static Optional<BoardAccount> of(Outcome outcome) {
      return switch (outcome) {
        case Outcome.Passed() -> Optional.of(new BoardAccount(Optional.empty()));
        case Outcome.Skipped _ -> Optional.empty();
        case Outcome.Failed failed ->
            switch (failed.rule()) {
              case WRONG_INPUT, INJECTED_FAULT, RECORDING_INCOMPLETE -> Optional.empty();
              default ->
                  switch (failed.verdict()) {
                    case PASSED, PRODUCT_FAILURE -> Optional.of(new BoardAccount(Optional.empty()));
                    case INFRASTRUCTURE_ERROR ->
                        Optional.of(new BoardAccount(Optional.of(failed.reason())));
                    case UNKNOWN -> Optional.empty();
                  };
            };
      };
    }
  }

  /** Finds what a boot set's name stands for. */
  @FunctionalInterface
  public interface BootSets {
    /**
     * The files of the boot set, fetched if need be.
     *
     * @throws BringupException if there is no such set or it cannot be had
     */
    BootFiles files(String name);
  }

  /**
   * A runner on the board that the board's file means, which keeps no account of its health.
   *
   * @param listener told about each scenario as it ends, on the running thread
   */
  public FeatureRunner(RunRequest request, BootSets bootSets, Consumer<ScenarioReport> listener) {
    this(request, bootSets, listener, null);
  }

  /**
   * A runner on the board that the board's file means.
   *
   * @param listener told about each scenario as it ends, on the running thread
   * @param health asked whether the board may be used, and told how it did; null for neither
   */
  public FeatureRunner(
      RunRequest request,
      BootSets bootSets,
      Consumer<ScenarioReport> listener,
      @Nullable HealthStore health) {
    this(
        request,
        () -> BoardBackend.of(request.board(), request.classLoader()),
        bootSets,
        listener,
        health);
  }

  /**
   * A runner on a board of another kind that stands in for the one of the board's file, and tells
   * nothing about that one's health.
   *
   * @param listener told about each scenario as it ends, on the running thread
   */
  public FeatureRunner(
      RunRequest request,
      BoardBackend backend,
      BootSets bootSets,
      Consumer<ScenarioReport> listener) {
    this(request, () -> backend, bootSets, listener, null);
  }

  private FeatureRunner(
      RunRequest request,
      Supplier<BoardBackend> backend,
      BootSets bootSets,
      Consumer<ScenarioReport> listener,
      @Nullable HealthStore health) {
    this.request = request;
    this.backend = backend;
    this.bootSets = new KnownBootSets(bootSets);
    this.listener = listener;
    this.health = health;
  }

  /**
   * Runs everything and returns the report, which is also written to the run folder.
   *
   * @throws BringupException (configuration) if there is nothing to run or a feature is malformed;
   *     (infrastructure) if the board is quarantined or retired
   */
  public RunReport run() {
    if (health != null) {
      health.requireUsable(request.board());
    }
    List<FeatureWithLines> features = new ArrayList<>();
    request.features().forEach(argument -> features.addAll(FeatureFiles.of(argument)));
    Instant start = Instant.now();
    RunFolder folder = RunFolder.create(request.output(), start);
    running.set(Thread.currentThread());
    var board =
        new RunBoard(
            request.board(), folder.path(), problems -> open(folder, problems), request.progress());
    try (board) {
      var edges = new Edges(folder, board, start);
      var recorder = new ScenarioRecorder(edges, request.board().name());
      var messages =
          new MessageFormatter(new ResultFile(folder.path(), "cucumber.ndjson", board::incomplete));
      var page = page(new ResultFile(folder.path(), "cucumber.html", board::incomplete));
      var objects = new StepObjects(() -> bench(board));
      Runtime runtime =
          Runtime.builder()
              .withRuntimeOptions(options(features))
              .withClassLoader(request::classLoader)
              .withObjectFactorySupplier(() -> objects)
              .withAdditionalPlugins(recorder, messages, page)
              .build();
      try {
        quietly(runtime::run);
      } catch (FeatureParserException e) {
        throw BringupException.configuration(ParseErrors.oneLine(e));
      } catch (BringupException e) {
        throw e;
      } catch (RuntimeException e) {
        throw aroundTheScenarios(e);
      }
      recorder.breakOff();
    } finally {
      running.set(null);
    }
    RunReport report = report(folder, start);
    folder.write(report);
    account.ifPresent(said -> noteHealth(report.runId(), said));
    if (report.exitCode() == 0) {
      board
          .problem()
          .ifPresent(afterTheLastScenario -> {
            throw afterTheLastScenario;
          });
    }
    return report;
  }

  /** What Cucumber, the glue or its hooks threw outside of all scenarios. */
  private static BringupException aroundTheScenarios(RuntimeException thrown) {
    Throwable[] several = thrown.getSuppressed(); // of which Cucumber says no more than how many
    Throwable first =
        thrown instanceof CompositeCucumberException && several.length > 0 ? several[0] : thrown;
    if (first instanceof CucumberException) {
      return BringupException.configuration("steps and hooks: " + ScenarioOutcome.firstLine(first));
    }
    return new BringupException(
        FailureKind.BUG,
        "code around the scenarios failed, such as a BeforeAll or AfterAll hook: " + first,
        "run with --debug for the stack trace",
        thrown);
  }

  /** What breaks off a scenario is in the results; Cucumber would print its stack trace as well. */
  private static void quietly(Runnable run) {
    Level before = CUCUMBER.getLevel();
    CUCUMBER.setLevel(Level.OFF);
    try {
      run.run();
    } finally {
      CUCUMBER.setLevel(before);
    }
  }

  private void noteHealth(String run, BoardAccount said) {
    if (health == null) {
      return;
    }
    String line;
    try {
      BoardHealth now = health.ran(request.board(), run, said.error());
      if (now.isUsable()) {
        return;
      }
      line = "board " + now.board() + " is " + now.inWords();
    } catch (BringupException e) {
      line = "the board's health is not noted: " + e.getMessage();
    }
    request.progress().print(System.err, line + "\n");
  }

  /** Ends the run: the scenario under way fails as cancelled, the rest is skipped. */
  public void cancel() {
    cancelled = true;
    Thread thread = running.get();
    if (thread != null) {
      thread.interrupt();
    }
  }

  private Bench bench(RunBoard board) {
    var made =
        new Bench(
            request.board(),
            () -> {
              if (cancelled) {
                throw new TestAbortedException("the run was interrupted");
              }
              return board.session();
            },
            bootSets::files);
    bench = made;
    return made;
  }

  private Board open(RunFolder folder, Consumer<BringupException> problems) {
    BoardFile file = request.board();
    return backend
        .get()
        .open(
            file,
            new BoardSite(
                Optional.of(folder.path().resolve(file.name() + ".rec")),
                request.capture()
                    ? Optional.of(folder.path().resolve(file.name() + ".pcapng"))
                    : Optional.empty(),
                (set, name) -> bootSets.files(set).file(name).path(),
                problems));
  }

  private RuntimeOptions options(List<FeatureWithLines> features) {
    var options = new RuntimeOptionsBuilder();
    features.forEach(options::addFeature);
    options.addGlue(RunRequest.STEPS);
    request.glue().forEach(glue -> options.addGlue(GluePath.parse(glue)));
    String tags = request.tags();
    if (tags != null) {
      try {
        options.addTagFilter(TagExpressionParser.parse(tags));
      } catch (TagExpressionException e) {
        throw BringupException.configuration("tags \"" + tags + "\": " + e.getMessage());
      }
    }
    String name = request.name();
    if (name != null) {
      try {
        options.addNameFilter(Pattern.compile(name));
      } catch (PatternSyntaxException e) {
        throw BringupException.configuration("name \"" + name + "\": " + e.getDescription());
      }
    }
    return options.setMonochrome().setPublishQuiet(true).setNoSummary().build();
  }

  private static HtmlFormatter page(ResultFile file) {
    try {
      return new HtmlFormatter(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cucumber's page cannot be read from its jar", e);
    }
  }

  private RunReport report(RunFolder folder, Instant start) {
    return new RunReport(
        folder.runId(),
        start,
        Duration.between(start, Instant.now()),
        request.commandLine(),
        cancelled,
        facts(),
        List.of(new RunReport.BoardReport(request.board().name(), request.board().description())),
        reports);
  }

  private Map<String, String> facts() {
    // What struck in a recording, its marks tell; the board's file strikes nothing there.
    if (request.board().faults().isEmpty()
        || request.environment().containsKey(RunReport.REPLAY_OF)) {
      return request.environment();
    }
    var facts = new LinkedHashMap<>(request.environment());
    facts.put("faults", request.board().faults().words());
    return facts;
  }

  private final class Edges implements ScenarioRecorder.Edges {
    private final RunFolder folder;
    private final RunBoard board;
    private final Instant start;

    private Edges(RunFolder folder, RunBoard board, Instant start) {
      this.folder = folder;
      this.board = board;
      this.start = start;
    }

    @Override
    public Path begin(String featureUri, int line, String name) {
      board.beginScenario(name);
      return folder.newScenario(featureUri, line, name);
    }

    @Override
    public void stepBegins() {
      board.beginStep();
    }

    @Override
    public void stepFailed() {
      board.failed();
    }

    /** What the scenario noticed before, although it expected something of the kind. */
    @Override
    public @Nullable Throwable decisive(@Nullable Throwable failure) {
      Optional<BringupException> left = board.divergence();
      if (left.isPresent() && !isInterrupt(failure)) {
        return left.get(); // whatever was seen behind it
      }
      Bench known = bench;
      return known == null ? failure : ScenarioOutcome.first(known.noticed(), failure);
    }

    private static boolean isInterrupt(@Nullable Throwable failure) {
      return failure instanceof BringupException known && known.kind() == FailureKind.CANCELLED;
    }

    @Override
    public RunBoard.Seen end(Path scenario, @Nullable Throwable failure) {
      boolean interrupted = Thread.interrupted();
      try {
        return board.endScenario(scenario, failure);
      } finally {
        if (interrupted && !cancelled) {
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public String relative(Path scenario) {
      return folder.relative(scenario);
    }

    /** The run folder is up to date after each scenario, whatever happens to this process. */
    @Override
    public void reported(ScenarioReport report) {
      reports.add(report);
      if (board.isUsed()) {
        account = BoardAccount.of(report.outcome()).or(() -> account);
      }
      try {
        folder.write(FeatureRunner.this.report(folder, start));
      } catch (BringupException e) {
        board.incomplete(e);
      }
      listener.accept(report);
    }
  }
}
