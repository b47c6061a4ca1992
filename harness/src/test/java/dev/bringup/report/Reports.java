package dev.bringup.report;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import dev.bringup.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Small runs for tests. */
final class Reports {
  /** Everything that could break a line, a tag, an attribute, a script, a style or a terminal. */
  static final String HOSTILE =
      "</script><script>alert(1)</script></style>-->]]><![CDATA[&lt;&#0;\"'=`<img src=x"
          + " onerror=y>\u0000\u0001\u0007\b\u000b\u001b]0;title\u0007\u001b[31mred\u001b[0m\u001b[2J\u007f\u0085\u009b31m\r\n"
          + "next\r"
          + "line\ttab\ud800 \ufffe\uffff\u202egnp.exe\u2028\ud83d\ude00";

  static final Outcome PRODUCT =
      new Outcome.Failed(Verdict.PRODUCT_FAILURE, FailureKind.PRODUCT, "it panicked", "look");
  static final Outcome INFRASTRUCTURE =
      Outcome.failed(BringupException.infrastructure("no QEMU", "install it"));
  static final Outcome UNKNOWN =
      new Outcome.Failed(Verdict.UNKNOWN, FailureKind.BUG, "a bug", null);
  static final Outcome MISTAKE = Outcome.failed(BringupException.configuration("b.yaml:1: bad"));
  static final Outcome PASSED = new Outcome.Passed();
  static final Outcome SKIPPED = new Outcome.Skipped("no capability Snapshots");

  private Reports() {}

  static RunReport run(Outcome... outcomes) {
    List<ScenarioReport> scenarios = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      scenarios.add(scenario("scenario " + scenarios.size(), outcome, Evidence.NONE));
    }
    return run(scenarios);
  }

  static RunReport run(List<ScenarioReport> scenarios) {
    return new RunReport(
        "run",
        SampleRun.START,
        Duration.ofSeconds(90),
        "./bringup run",
        false,
        Map.of("java", "25"),
        List.of(new RunReport.BoardReport("qemu-virt", "a board")),
        scenarios);
  }

  static ScenarioReport scenario(String name, Outcome outcome, Evidence evidence) {
    return new ScenarioReport(
        "folder",
        "features/a.feature",
        "A feature",
        null,
        name,
        3,
        List.of("@tag"),
        "qemu-virt",
        outcome,
        SampleRun.START,
        Duration.ofMillis(1234),
        List.of(),
        evidence);
  }

  /** A run in which every text is {@code text}. */
  static RunReport everywhere(String text) {
    List<ScenarioReport> scenarios = new ArrayList<>();
    for (Outcome outcome :
        List.of(
            new Outcome.Failed(Verdict.PRODUCT_FAILURE, FailureKind.PRODUCT, text, text),
            new Outcome.Skipped(text),
            PASSED)) {
      scenarios.add(
          new ScenarioReport(
              "folder",
              text,
              text,
              text,
              text,
              1,
              List.of(text),
              text,
              outcome,
              SampleRun.START,
              Duration.ofSeconds(1),
              List.of(
                  new StepReport(
                      text, text, StepReport.Status.FAILED, Duration.ofSeconds(1), text + text)),
              new Evidence(
                  text,
                  text,
                  console(2, 1, text),
                  List.of(new StageSpan(1, text, Duration.ZERO, Duration.ofSeconds(1), null, true)),
                  List.of(
                      new TransferRow(
                          text,
                          TransferRow.Direction.FROM_BOARD,
                          1,
                          0,
                          Duration.ofSeconds(1),
                          true,
                          text,
                          text)),
                  List.of(text))));
    }
    return new RunReport(
        text,
        SampleRun.START,
        Duration.ofSeconds(1),
        text,
        false,
        Map.of("x" + text, text),
        List.of(new RunReport.BoardReport("x" + text, text)),
        scenarios);
  }

  /** {@code count} lines, each {@code text} and its number. */
  static ConsoleExcerpt console(int count, int failureLine, String text) {
    List<ConsoleExcerpt.Line> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(new ConsoleExcerpt.Line(Duration.ofMillis(i * 10L), i * 100L, text + " " + i));
    }
    return new ConsoleExcerpt(lines, failureLine, 0, 0);
  }

  static Evidence evidence(ConsoleExcerpt console) {
    return new Evidence("dom0", "on", console, List.of(), List.of(), List.of());
  }
}
