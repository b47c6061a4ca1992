package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.board.BoardBackend;
import dev.bringup.board.BoardCatalog;
import dev.bringup.replay.ReplayBackend;
import dev.bringup.report.BoardProgress;
import dev.bringup.report.RunReport;
import dev.bringup.run.FeatureRunner;
import dev.bringup.run.RunRequest;
import dev.bringup.time.BoardClock;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs on boards and on recordings of them, and what both say. */
final class Replays {
  private Replays() {}

  /** A run that has ended, and its folder. */
  record Ended(RunReport report, Path folder) {
    /** The recording of the whole run. */
    Path recording(String board) {
      return folder.resolve(board + ".rec");
    }

    /** The verdict.json of each scenario, in the order of their folders. */
    List<JsonNode> verdicts() {
      return Replays.verdicts(folder);
    }
  }

  static Ended run(String board, Path output, List<String> features) {
    return run(board, output, features, Map.of(), null);
  }

  static Ended replay(Path recording, String board, Path output, List<String> features) {
    var facts = Map.of(RunReport.REPLAY_OF, recording.toString());
    return run(board, output, features, facts, ReplayBackend.of(recording));
  }

  private static Ended run(
      String board,
      Path output,
      List<String> features,
      Map<String, String> facts,
      @Nullable BoardBackend standIn) {
    var quiet = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    var request =
        new RunRequest(
            features,
            List.of(),
            Replays.class.getClassLoader(),
            null,
            null,
            BoardCatalog.load(RealParts.root().resolve("boards")).board(board),
            output,
            false,
            "a test",
            facts,
            BoardProgress.on(quiet, false, () -> 80, BoardClock.system()));
    var runner =
        standIn == null
            ? new FeatureRunner(request, RealParts::files, scenario -> {})
            : new FeatureRunner(request, standIn, RealParts::files, scenario -> {});
    RunReport report = runner.run();
    return new Ended(report, output.resolve(report.runId()));
  }

  private static List<JsonNode> verdicts(Path folder) {
    try (Stream<Path> files = Files.walk(folder, 2)) { // a run's folder, or a scenario's
      var verdicts = new ArrayList<JsonNode>();
      for (Path file : files.filter(each -> each.endsWith("verdict.json")).sorted().toList()) {
        verdicts.add(JsonMapper.shared().readTree(Files.readString(file)));
      }
      return verdicts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The verdict.json of a scenario's folder. */
  static JsonNode verdict(Path scenario) throws IOException {
    return JsonMapper.shared().readTree(Files.readString(scenario.resolve("verdict.json")));
  }

  /**
   * What a replay must say as well. Offsets are those of the recording that was replayed, and a
   * word that marks a command is known if it got as far as being typed.
   */
  record Result(
      String scenario,
      String verdict,
      String rule,
      String skipped,
      String reason,
      String stage,
      String power,
      List<Stage> stages,
      List<String> steps,
      List<String> transfers) {

    /**
     * A stage that was reached, or given up.
     *
     * @param boot its number in the scenario
     * @param millis since power-on
     */
    record Stage(String name, int boot, boolean reached, long millis) {}

    /**
     * Times are rounded to milliseconds, so that a sum of two may be one off. When a stage was
     * given up depends on the host in wall time.
     */
    boolean isAs(Result other) {
      if (stages.size() != other.stages.size()) {
        return false;
      }
      for (int i = 0; i < stages.size(); i++) {
        Stage mine = stages.get(i);
        Stage its = other.stages.get(i);
        if ((mine.reached && Math.abs(mine.millis - its.millis) > 2)
            || !mine.name.equals(its.name)
            || mine.boot != its.boot
            || mine.reached != its.reached) {
          return false;
        }
      }
      return withoutStages().equals(other.withoutStages());
    }

    private Result withoutStages() {
      return new Result(
          scenario, verdict, rule, skipped, reason, stage, power, List.of(), steps, transfers);
    }
  }

  static Result result(JsonNode verdict) {
    return new Result(
        verdict.path("scenario").path("uri").asString()
            + ": "
            + verdict.path("scenario").path("name").asString(),
        verdict.path("verdict").toString(),
        verdict.path("rule").toString(),
        verdict.path("skipped").toString(),
        verdict
            .path("reason")
            .toString()
            .replaceAll("offset [0-9]+", "offset")
            .replaceAll("br=[0-9a-f]{8}", "br=")
            .replaceAll("within [0-9.]+ s", "in time"),
        verdict.path("stage").toString(),
        verdict.path("power").toString(),
        verdict.path("stages").valueStream().map(Replays::stage).toList(),
        verdict
            .path("steps")
            .valueStream()
            .map(step -> step.path("text").asString() + ": " + step.path("status").asString())
            .toList(),
        verdict.path("evidence").path("transfers").valueStream().map(JsonNode::toString).toList());
  }

  private static Result.Stage stage(JsonNode stage) {
    double end = stage.path("enteredAt").asDouble() + stage.path("seconds").asDouble();
    return new Result.Stage(
        stage.path("stage").asString(),
        stage.path("boot").asInt(),
        stage.path("reached").asBoolean(),
        Math.round(end * 1000));
  }

  /**
   * As {@link #assertSame}, for a board in wall time: a recording does not tell what a busy host
   * had seen when it decided, so a few scenarios may be unknown, because they are not in the
   * recording. None is anything else.
   */
  static void assertNothingElse(Path run, Path replay) {
    List<Result> were = verdicts(run).stream().map(Replays::result).toList();
    List<Result> are = verdicts(replay).stream().map(Replays::result).toList();
    assertThat(are).hasSameSizeAs(were);
    List<String> lost = new ArrayList<>();
    for (int i = 0; i < are.size(); i++) {
      Result is = are.get(i);
      if (is.rule().equals("\"not in the recording\"")) {
        lost.add(is.scenario() + ": " + is.reason());
      } else {
        assertThat(is).usingComparator((a, b) -> a.isAs(b) ? 0 : 1).isEqualTo(were.get(i));
      }
    }
    assertThat(lost).hasSizeLessThanOrEqualTo(1 + were.size() / 10);
  }

  /** The same scenarios ended in the same way at the same times. */
  static void assertSame(Path run, Path replay) {
    List<Result> were = verdicts(run).stream().map(Replays::result).toList();
    List<Result> are = verdicts(replay).stream().map(Replays::result).toList();
    assertThat(are).usingElementComparator((a, b) -> a.isAs(b) ? 0 : 1).isEqualTo(were);
  }
}
