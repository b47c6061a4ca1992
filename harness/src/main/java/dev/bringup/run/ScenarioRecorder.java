package dev.bringup.run;

import dev.bringup.report.ScenarioReport;
import dev.bringup.report.StepReport;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import io.cucumber.core.exception.CucumberException;
import io.cucumber.plugin.ConcurrentEventListener;
import io.cucumber.plugin.event.EventPublisher;
import io.cucumber.plugin.event.HookTestStep;
import io.cucumber.plugin.event.Node;
import io.cucumber.plugin.event.PickleStepTestStep;
import io.cucumber.plugin.event.Result;
import io.cucumber.plugin.event.Status;
import io.cucumber.plugin.event.StepDefinedEvent;
import io.cucumber.plugin.event.TestCase;
import io.cucumber.plugin.event.TestCaseFinished;
import io.cucumber.plugin.event.TestCaseStarted;
import io.cucumber.plugin.event.TestSourceParsed;
import io.cucumber.plugin.event.TestStepFinished;
import io.cucumber.plugin.event.TestStepStarted;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * Turns Cucumber's events into {@link ScenarioReport}s. All events of a run come from the thread
 * that runs it.
 */
final class ScenarioRecorder implements ConcurrentEventListener {

  /** What the run does at the edges of a scenario. */
  interface Edges {
    /** The scenario begins; returns the folder for its results. */
    Path begin(String featureUri, int line, String name);

    /** A step of the scenario begins. */
    void stepBegins();

    /** The scenario's first failing step has ended. */
    void stepFailed();

    /** The scenario has ended; returns what failed it, as all that was noticed tells. */
    @Nullable Throwable decisive(@Nullable Throwable failure);

    /** What was seen of the board of a scenario that {@code failure} ended, if it failed. */
    RunBoard.Seen end(Path folder, @Nullable Throwable failure);

    /** The scenario's folder as reports name it. */
    String relative(Path folder);

    /** A report is complete. */
    void reported(ScenarioReport report);
  }

  private static final Pattern ARGUMENTS =
      Pattern.compile(
          "is defined with (\\d+) parameters.*the gherkin step has (\\d+) arguments",
          Pattern.DOTALL);

  private final Edges edges;
  private final String board;
  private final StepSuggestions suggestions = new StepSuggestions();
  private final Map<URI, List<Node>> sources = new HashMap<>();
  private @Nullable Running running;

  ScenarioRecorder(Edges edges, String board) {
    this.edges = edges;
    this.board = board;
  }

  private static final class Running {
    private final TestCase scenario;
    private final Path folder;
    private final Instant start;
    private final List<StepReport> steps = new ArrayList<>();
    private @Nullable Throwable failure;

    private Running(TestCase scenario, Path folder, Instant start) {
      this.scenario = scenario;
      this.folder = folder;
      this.start = start;
    }
  }

  @Override
  public void setEventPublisher(EventPublisher publisher) {
    publisher.registerHandlerFor(
        TestSourceParsed.class,
        event -> sources.put(event.getUri(), List.copyOf(event.getNodes())));
    publisher.registerHandlerFor(
        StepDefinedEvent.class, event -> suggestions.add(event.getStepDefinition().getPattern()));
    publisher.registerHandlerFor(TestCaseStarted.class, this::started);
    publisher.registerHandlerFor(
        TestStepStarted.class,
        event -> {
          if (event.getTestStep() instanceof PickleStepTestStep) {
            edges.stepBegins();
          }
        });
    publisher.registerHandlerFor(TestStepFinished.class, this::stepFinished);
    publisher.registerHandlerFor(TestCaseFinished.class, this::finished);
  }

  private void started(TestCaseStarted event) {
    breakOff();
    TestCase scenario = event.getTestCase();
    Path folder =
        edges.begin(place(scenario), scenario.getLocation().getLine(), scenario.getName());
    running = new Running(scenario, folder, event.getInstant());
  }

  private void stepFinished(TestStepFinished event) {
    Running now = running;
    if (now == null) {
      return;
    }
    Result result = event.getResult();
    Throwable error =
        event.getTestStep() instanceof PickleStepTestStep step
            ? told(event.getTestCase(), step, result.getError())
            : result.getError();
    switch (event.getTestStep()) {
      case PickleStepTestStep step -> {
        now.steps.add(
            new StepReport(
                step.getStep().getKeyword().strip(),
                step.getStep().getText(),
                status(result.getStatus()),
                result.getDuration(),
                error == null ? null : text(error)));
        if (now.failure == null && result.getStatus() == Status.UNDEFINED) {
          now.failure = undefined(event.getTestCase(), step);
        }
      }
      case HookTestStep hook when result.getStatus().is(Status.FAILED) ->
          now.steps.add(
              new StepReport(
                  "*",
                  hook.getHookType() + " hook",
                  StepReport.Status.FAILED,
                  result.getDuration(),
                  error == null ? null : text(error)));
      default -> {}
    }
    if (error != null && (now.failure == null || onlySkips(now.failure, error))) {
      now.failure = error;
      edges.stepFailed();
    }
  }

  /** A hook that fails behind a step that skips its scenario is no part of the skip. */
  private static boolean onlySkips(Throwable known, Throwable error) {
    return known instanceof TestAbortedException && !(error instanceof TestAbortedException);
  }

  /** A text or table that is missing below a step, or one too many, is a mistake of the feature. */
  private static @Nullable Throwable told(
      TestCase scenario, PickleStepTestStep step, @Nullable Throwable error) {
    if (!(error instanceof CucumberException)) {
      return error;
    }
    Matcher counts = ARGUMENTS.matcher(String.valueOf(error.getMessage()));
    if (!counts.find()) {
      return error;
    }
    return BringupException.configuration(
        ("%s: \"%s\" comes with %s arguments, and its step is defined with %s;"
                + " a text or table below it is one")
            .formatted(
                place(scenario, step), step.getStep().getText(), counts.group(2), counts.group(1)));
  }

  private static String place(TestCase scenario, PickleStepTestStep step) {
    return place(scenario) + ":" + step.getStep().getLocation().getLine();
  }

  private BringupException undefined(TestCase scenario, PickleStepTestStep step) {
    Optional<String> near = suggestions.nearest(step.getStep().getText());
    return BringupException.configuration(
        "%s: no step is defined as \"%s\"%s"
            .formatted(
                place(scenario, step),
                step.getStep().getText(),
                near.map(known -> "; did you mean \"" + known + "\"?").orElse("")));
  }

  private void finished(TestCaseFinished event) {
    Running done = running;
    if (done != null) {
      end(done, failure(done, event), event.getInstant());
    }
  }

  /**
   * Cucumber gives up a scenario without a word when the process runs out of memory, and goes on
   * with the next. It has not passed.
   */
  void breakOff() {
    Running done = running;
    if (done != null) {
      Throwable known = done.failure;
      Throwable failure =
          known != null
              ? known
              : new BringupException(
                  FailureKind.BUG,
                  "%s:%d: the scenario broke off in the midst, most likely out of memory"
                      .formatted(place(done.scenario), done.scenario.getLocation().getLine()),
                  "give Java more memory: JAVA_TOOL_OPTIONS=-Xmx4g",
                  null);
      end(done, failure, Instant.now());
    }
  }

  private void end(Running done, @Nullable Throwable thrown, Instant ended) {
    running = null;
    TestCase scenario = done.scenario;
    Throwable failure = edges.decisive(thrown);
    RunBoard.Seen seen = edges.end(done.folder, failure);
    edges.reported(
        new ScenarioReport(
            edges.relative(done.folder),
            place(scenario),
            named(scenario, Node.Feature.class).orElse(place(scenario)),
            named(scenario, Node.Rule.class).orElse(null),
            scenario.getName(),
            scenario.getLocation().getLine(),
            scenario.getTags(),
            board,
            ScenarioOutcome.of(failure, seen.faults()),
            done.start,
            Duration.between(done.start, ended),
            done.steps,
            seen.evidence()));
  }

  private static @Nullable Throwable failure(Running done, TestCaseFinished event) {
    if (done.failure != null) {
      return done.failure;
    }
    TestCase scenario = event.getTestCase();
    Throwable error = event.getResult().getError();
    return switch (event.getResult().getStatus()) {
      case PASSED ->
          // To Gherkin, a line with a misspelt keyword is a description.
          done.steps.isEmpty()
              ? BringupException.configuration(
                  "%s:%d: the scenario has no steps; is a keyword misspelt?"
                      .formatted(place(scenario), scenario.getLocation().getLine()))
              : null;
      case SKIPPED -> new TestAbortedException("skipped");
      default ->
          error != null ? error : BringupException.configuration("the scenario is incomplete");
    };
  }

  /** The name of the feature or rule that the scenario stands in. */
  private Optional<String> named(TestCase scenario, Class<? extends Node> kind) {
    for (Node root : sources.getOrDefault(scenario.getUri(), List.of())) {
      Optional<List<Node>> path =
          root.findPathTo(node -> node.getLocation().equals(scenario.getLocation()));
      if (path.isPresent()) {
        return path.get().stream().filter(kind::isInstance).findFirst().flatMap(Node::getName);
      }
    }
    return Optional.empty();
  }

  /** The feature file as a person would name it: relative to where the run was started. */
  private static String place(TestCase scenario) {
    URI uri = scenario.getUri();
    if (!"file".equals(uri.getScheme())) {
      return uri.toString();
    }
    Path file = Path.of(uri.isOpaque() ? uri.getSchemeSpecificPart() : uri.getPath());
    Path here = Path.of("").toAbsolutePath();
    return file.isAbsolute() && file.startsWith(here)
        ? here.relativize(file).toString()
        : file.toString();
  }

  private static StepReport.Status status(Status status) {
    return switch (status) {
      case PASSED -> StepReport.Status.PASSED;
      case SKIPPED, UNUSED -> StepReport.Status.SKIPPED;
      case FAILED -> StepReport.Status.FAILED;
      case UNDEFINED, AMBIGUOUS, PENDING -> StepReport.Status.UNDEFINED;
    };
  }

  /** People get the message; only what is no failure of ours or theirs shows its stack. */
  private static String text(Throwable error) {
    return switch (error) {
      case BringupException failure ->
          failure.getMessage() + failure.hint().map(hint -> "\ntry: " + hint).orElse("");
      case AssertionError wrong -> String.valueOf(wrong.getMessage());
      default -> {
        var text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        yield text.toString();
      }
    };
  }
}
