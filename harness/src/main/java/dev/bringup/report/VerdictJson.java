package dev.bringup.report;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes {@code verdict.json}: one scenario's outcome and evidence for scripts. The fields are
 * described in {@code docs/results.md} and {@code docs/verdict.schema.json}.
 */
final class VerdictJson {
  /** Rises when a field changes its meaning or disappears, not when one is added. */
  private static final int FORMAT = 1;

  private static final int LINES_BEFORE = 80;

  /** Enough for the whole text of a panic, with registers, stack and modules. */
  private static final int LINES_AFTER = 200;

  private static final int LONGEST_LINE = 4000;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private VerdictJson() {}

  static String write(RunReport run, ScenarioReport scenario) {
    ObjectNode root = JSON.createObjectNode();
    root.put("format", FORMAT);
    root.put("run", run.runId());
    ObjectNode about = root.putObject("scenario");
    about.put("feature", scenario.featureName());
    about.put("uri", scenario.featureUri());
    about.put("rule", scenario.rule());
    about.put("name", scenario.name());
    about.put("line", scenario.line());
    ArrayNode tags = about.putArray("tags");
    scenario.tags().forEach(tags::add);
    root.put("board", scenario.board());
    root.put("replayOf", run.replayOf().orElse(null));
    outcome(root, scenario);
    root.put("stage", scenario.evidence().stage());
    root.put("power", scenario.evidence().power());
    root.put("started", scenario.start().toString());
    root.put("seconds", seconds(scenario.duration()));
    stages(root.putArray("stages"), scenario.evidence());
    steps(root.putArray("steps"), scenario);
    evidence(root.putObject("evidence"), scenario.evidence());
    return JSON.writeValueAsString(root) + "\n";
  }

  private static void outcome(ObjectNode root, ScenarioReport scenario) {
    root.putNull("verdict");
    root.put("rule", scenario.outcome().decidedBy().text());
    root.putNull("kind").putNull("reason").putNull("hint").putNull("skipped");
    switch (scenario.outcome()) {
      case Outcome.Passed _ -> root.put("verdict", Mark.PASSED.text);
      case Outcome.Skipped skipped -> root.put("skipped", skipped.reason());
      case Outcome.Failed failed -> {
        root.put("verdict", failed.verdict().text());
        root.put("kind", failed.kind().name().toLowerCase(Locale.ROOT));
        root.put("reason", failed.reason());
        root.put("hint", failed.hint());
      }
    }
  }

  private static void stages(ArrayNode to, Evidence evidence) {
    for (StageSpan span : evidence.stages()) {
      ObjectNode node = to.addObject();
      node.put("boot", span.boot());
      node.put("stage", span.stage());
      node.put("enteredAt", seconds(span.enteredAt()));
      node.put("seconds", seconds(span.duration()));
      node.put("limit", secondsOrNull(span.limit()));
      node.put("reached", span.reached());
    }
  }

  private static void steps(ArrayNode to, ScenarioReport scenario) {
    for (StepReport step : scenario.steps()) {
      ObjectNode node = to.addObject();
      node.put("keyword", step.keyword().strip());
      node.put("text", step.text());
      node.put("status", step.status().name().toLowerCase(Locale.ROOT));
      node.put("seconds", seconds(step.duration()));
      node.put("error", step.error());
    }
  }

  private static void evidence(ObjectNode to, Evidence evidence) {
    ConsoleExcerpt console = evidence.console().around(LINES_BEFORE, LINES_AFTER);
    ObjectNode excerpt = to.putObject("console");
    excerpt.put(
        "failureOffset",
        console.failureLine() < 0 ? null : console.lines().get(console.failureLine()).offset());
    excerpt.put("linesBefore", console.linesBefore());
    excerpt.put("linesAfter", console.linesAfter());
    lines(excerpt.putArray("before"), evidence.before());
    lines(excerpt.putArray("lines"), console.lines());
    ObjectNode power = to.putObject("power");
    power.put("told", evidence.powerTold());
    power.put("readBack", evidence.power());
    wire(to, evidence.wire());
    ArrayNode transfers = to.putArray("transfers");
    for (TransferRow row : evidence.transfers()) {
      ObjectNode node = transfers.addObject();
      node.put("file", row.file());
      node.put("direction", row.direction().text());
      node.put("bytes", row.bytes());
      node.put("blocksRetransmitted", row.blocksRetransmitted());
      node.put("seconds", seconds(row.duration()));
      node.put("complete", row.complete());
      node.put("outcome", row.outcome());
      node.put("sha256", row.sha256());
    }
    ArrayNode notes = to.putArray("notes");
    evidence.notes().forEach(notes::add);
  }

  private static void lines(ArrayNode to, List<ConsoleExcerpt.Line> lines) {
    for (ConsoleExcerpt.Line line : lines) {
      ObjectNode node = to.addObject();
      node.put("offset", line.offset());
      node.put("seconds", seconds(line.sincePowerOn()));
      node.put("text", Printable.cut(line.text(), LONGEST_LINE));
    }
  }

  private static void wire(ObjectNode to, Evidence.@Nullable Wire wire) {
    if (wire == null) {
      to.putNull("wire");
      return;
    }
    ObjectNode node = to.putObject("wire");
    node.put("transport", wire.transport());
    node.put("bytes", wire.bytes());
    node.put("typedAgain", wire.typedAgain());
    ArrayNode gaps = node.putArray("gaps");
    for (Evidence.Gap gap : wire.gaps()) {
      ObjectNode each = gaps.addObject();
      each.put("offset", gap.offset());
      each.put("lost", seconds(gap.lost()));
      each.put("back", secondsOrNull(gap.back()));
      each.put("reason", gap.reason());
      each.put("withPower", gap.withPower());
    }
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }

  private static @Nullable Double secondsOrNull(@Nullable Duration duration) {
    return duration == null ? null : seconds(duration);
  }
}
