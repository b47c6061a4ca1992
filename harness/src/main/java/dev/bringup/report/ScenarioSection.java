package dev.bringup.report;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One scenario in the HTML report: a line that unfolds into steps and evidence. */
final class ScenarioSection {
  private static final int LINES_BEFORE = 60;

  /** Enough for the whole text of a panic, with registers, stack and modules. */
  private static final int LINES_AFTER = 200;

  private static final int LONGEST_LINE = 1000;
  private static final int LONGEST_ERROR = 20_000;

  private final Html html;
  private final String anchor;
  private final boolean openIfFailed;
  private final Predicate<String> exists;

  ScenarioSection(Html html, String anchor, boolean openIfFailed, Predicate<String> exists) {
    this.html = html;
    this.anchor = anchor;
    this.openIfFailed = openIfFailed;
    this.exists = exists;
  }

  void write(ScenarioReport scenario) {
    Mark mark = Mark.of(scenario.outcome());
    html.raw(mark.isFailure() && openIfFailed ? "<details open" : "<details");
    html.raw(" class=\"scn b-" + mark.key + "\" id=\"" + anchor + "\" data-result=\"")
        .raw(mark.key + "\">");
    html.open("summary").open("span", "class", "sign c-" + mark.key, "title", mark.text);
    html.element("i", mark.sign, "aria-hidden", "true");
    html.element("span", mark.text, "class", "vh").close("span");
    html.open("span", "class", "name");
    if (scenario.rule() != null) {
      html.element("small", Printable.line(scenario.rule()) + " / ");
    }
    html.text(HtmlReport.title(scenario));
    switch (scenario.outcome()) {
      case Outcome.Passed _ -> {}
      case Outcome.Failed failed ->
          html.raw(" ").element("small", Printable.line(failed.reason(), 300), "class", "why");
      case Outcome.Skipped skipped ->
          html.raw(" ").element("small", Printable.line(skipped.reason(), 300), "class", "why");
    }
    html.close("span").element("span", Amounts.duration(scenario.duration()), "class", "time");
    html.close("summary").open("div", "class", "body");
    outcome(scenario);
    facts(scenario);
    steps(scenario);
    console(scenario);
    stages(scenario);
    transfers(scenario.evidence().transfers());
    gaps(scenario.evidence().wire());
    notes(scenario.evidence().notes());
    html.close("div").close("details").raw("\n");
  }

  private void outcome(ScenarioReport scenario) {
    if (scenario.outcome() instanceof Outcome.Failed failed) {
      html.open("div", "class", "callout b-" + Mark.of(failed).key);
      html.open("p").element("strong", Mark.of(failed).text + ":").raw(" ");
      html.text(Printable.cut(failed.reason(), LONGEST_ERROR)).close("p");
      html.open("p", "class", "hint").raw("<b>Rule:</b> ").text(failed.rule().text()).close("p");
      if (failed.hint() != null) {
        html.open("p", "class", "hint").raw("<b>Try:</b> ").text(failed.hint()).close("p");
      }
      html.close("div");
    }
  }

  private void facts(ScenarioReport scenario) {
    Evidence evidence = scenario.evidence();
    html.open("dl", "class", "facts");
    fact("at", scenario.place());
    fact("board", scenario.board());
    fact("stage reached", evidence.stage());
    fact("power", evidence.powerInWords());
    fact("wire", evidence.wireInWords());
    fact("started", Amounts.second(scenario.start()));
    if (!scenario.tags().isEmpty()) {
      fact("tags", String.join(" ", scenario.tags()));
    }
    List<String> files =
        Stream.of("console.log", "console.rec", "tftp.jsonl", "verdict.json")
            .filter(file -> exists.test(scenario.folder() + "/" + file))
            .toList();
    if (!files.isEmpty()) {
      html.open("div").element("dt", "files").open("dd");
      for (String file : files) {
        html.file(scenario.folder(), file).raw(" ");
      }
      html.close("dd").close("div");
    }
    html.close("dl").raw("\n");
  }

  private void fact(String name, @Nullable String value) {
    if (value != null) {
      html.open("div").element("dt", name).element("dd", Printable.line(value)).close("div");
    }
  }

  private void steps(ScenarioReport scenario) {
    List<StepReport> steps = scenario.steps();
    if (steps.isEmpty()) {
      return;
    }
    // not what is said above once more
    String known = scenario.outcome() instanceof Outcome.Failed failed ? failed.reason() : "";
    html.element("h4", "Steps").open("ol", "class", "steps");
    for (StepReport step : steps) {
      String status = step.status().name().toLowerCase(Locale.ROOT);
      String sign =
          switch (step.status()) {
            case PASSED -> Mark.PASSED.sign;
            case FAILED -> Mark.PRODUCT.sign;
            case SKIPPED -> Mark.SKIPPED.sign;
            case UNDEFINED -> Mark.UNKNOWN.sign;
          };
      html.open("li", "class", "step-" + status);
      html.open("span", "class", "sign").element("i", sign, "aria-hidden", "true");
      html.element("span", status, "class", "vh").close("span");
      html.open("span", "class", "name").element("b", step.keyword().strip()).raw(" ");
      html.text(step.text());
      if (step.error() != null && !step.error().strip().equals(known.strip())) {
        html.element("pre", Printable.cut(step.error(), LONGEST_ERROR), "tabindex", "0");
      }
      String time =
          step.status() == StepReport.Status.PASSED || step.status() == StepReport.Status.FAILED
              ? Amounts.duration(step.duration())
              : status;
      html.close("span").element("span", time, "class", "time").close("li");
    }
    html.close("ol").raw("\n");
  }

  private void console(ScenarioReport scenario) {
    ConsoleExcerpt console = scenario.evidence().console().around(LINES_BEFORE, LINES_AFTER);
    if (console.lines().isEmpty() || scenario.outcome() instanceof Outcome.Passed) {
      return;
    }
    String title = console.failureLine() < 0 ? "End of the console" : "Console around the failure";
    html.element("h4", title);
    html.open("div", "class", "console", "tabindex", "0", "role", "region", "aria-label", title);
    html.raw("<table><thead class=\"vh\"><tr><th scope=\"col\">Seconds since power-on</th>");
    html.raw("<th scope=\"col\">Offset</th><th scope=\"col\">Line</th></tr></thead><tbody>\n");
    long shown = console.lines().getFirst().offset();
    List<ConsoleExcerpt.Line> before =
        scenario.evidence().before().stream().filter(line -> line.offset() < shown).toList();
    before.forEach(line -> line(line, false));
    leftOut(Math.max(0, console.linesBefore() - before.size()), "before");
    for (int i = 0; i < console.lines().size(); i++) {
      line(console.lines().get(i), i == console.failureLine());
    }
    leftOut(console.linesAfter(), "after");
    html.raw("</tbody></table></div>\n");
  }

  private void line(ConsoleExcerpt.Line line, boolean failure) {
    html.raw(failure ? "<tr class=\"hit\"><td>" : "<tr><td>");
    html.text(Amounts.seconds(line.sincePowerOn())).raw("</td><td>");
    html.text(Long.toString(line.offset())).raw("</td><td>");
    if (failure) {
      html.element("span", "Failure seen here: ", "class", "vh");
    }
    html.text(Printable.cut(line.text(), LONGEST_LINE)).raw("</td></tr>\n");
  }

  private void leftOut(long lines, String where) {
    if (lines > 0) {
      html.raw("<tr class=\"left-out\"><td></td><td></td><td>");
      html.text("… " + lines + (lines == 1 ? " line " : " lines ") + where + ", in console.log");
      html.raw("</td></tr>\n");
    }
  }

  private void stages(ScenarioReport scenario) {
    List<StageChart.Lane> lanes = StageChart.lanes("", scenario);
    if (lanes.isEmpty()) {
      return;
    }
    html.element("h4", "Boot stages");
    new StageChart(html, lanes).draw(lanes);
  }

  private void transfers(List<TransferRow> rows) {
    if (rows.isEmpty()) {
      return;
    }
    html.element("h4", "Transfers");
    HtmlReport.tableStart(
        html,
        "Transfers",
        "File",
        "Direction",
        "#Size",
        "#Sent again",
        "#Duration",
        "Outcome",
        "SHA-256");
    for (TransferRow row : rows) {
      html.raw(row.complete() ? "<tr>" : "<tr class=\"bad\">");
      html.element("th", Printable.line(row.file()), "scope", "row");
      html.element("td", row.direction().text());
      html.element("td", Amounts.bytes(row.bytes()), "class", "n", "title", row.bytes() + " bytes");
      html.element("td", Long.toString(row.blocksRetransmitted()), "class", "n");
      html.element("td", Amounts.duration(row.duration()), "class", "n");
      html.element("td", Printable.line(row.outcome()));
      String sum = row.sha256() == null ? "" : Printable.line(row.sha256());
      html.open("td", "title", sum).element("code", Printable.cut(sum, 13)).raw("</td></tr>\n");
    }
    html.raw("</tbody></table></div>\n");
  }

  private void gaps(Evidence.@Nullable Wire wire) {
    if (wire == null || wire.gaps().isEmpty()) {
      return;
    }
    html.element("h4", "Times without the console's wire");
    HtmlReport.tableStart(html, "Times without the wire", "Reason", "#Offset", "#Lost", "#Back");
    for (Evidence.Gap gap : wire.gaps()) {
      html.raw(gap.withPower() ? "<tr>" : "<tr class=\"bad\">");
      String reason = gap.withPower() ? gap.reason() + " (no power)" : gap.reason();
      html.element("th", Printable.line(reason), "scope", "row");
      html.element("td", Long.toString(gap.offset()), "class", "n");
      html.element("td", Amounts.seconds(gap.lost()), "class", "n");
      String back = gap.back() == null ? "not yet" : Amounts.seconds(gap.back());
      html.element("td", back, "class", "n").raw("</tr>\n");
    }
    html.raw("</tbody></table></div>\n");
  }

  private void notes(List<String> notes) {
    if (notes.isEmpty()) {
      return;
    }
    html.element("h4", "Notes").open("ul", "class", "notes");
    notes.forEach(note -> html.element("li", Printable.line(note)));
    html.close("ul").raw("\n");
  }
}
