package dev.bringup.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Writes {@code report.html}: one file that needs no network. Its content security policy names the
 * hashes of its one style sheet and one script, so that nothing that a board printed could run even
 * if it came through unescaped. Without scripts everything but the filter works.
 */
final class HtmlReport {
  /** Lanes of the chart that are always shown; the others are one click away. */
  private static final int LANES = 8;

  /** Failed scenarios are open from the start if they are no more than this. */
  private static final int OPEN = 4;

  private final RunReport run;
  private final Predicate<String> exists;
  private final Html html = new Html();

  private HtmlReport(RunReport run, Predicate<String> exists) {
    this.run = run;
    this.exists = exists;
  }

  /**
   * The whole page.
   *
   * @param exists whether there is a file, named relative to the page, that a link may lead to
   */
  static String write(RunReport run, Predicate<String> exists) {
    HtmlReport report = new HtmlReport(run, exists);
    report.page();
    return report.html.toString();
  }

  private void page() {
    String style = resource("report.css");
    String script = resource("report.js");
    html.raw("<!DOCTYPE html>\n").open("html", "lang", "en").raw("\n<head>\n");
    html.open("meta", "charset", "utf-8").raw("\n");
    html.open(
            "meta",
            "http-equiv",
            "Content-Security-Policy",
            "content",
            "default-src 'none'; img-src data:; style-src "
                + hash(style)
                + "; script-src "
                + hash(script))
        .raw("\n");
    html.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.raw("\n").open("meta", "name", "color-scheme", "content", "light dark").raw("\n");
    html.open("link", "rel", "icon", "href", "data:,").raw("\n");
    html.element("title", headline() + " · " + run.runId()).raw("\n");
    html.raw("<style>").raw(style).raw("</style>\n</head>\n<body>\n");
    html.raw(
        "<svg class=\"defs\" aria-hidden=\"true\"><defs><pattern id=\"hatch\" width=\"8\""
            + " height=\"8\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
            + "<rect width=\"3\" height=\"8\"></rect></pattern></defs></svg>\n");
    head();
    html.open("main").raw("\n");
    failures();
    timeline();
    scenarios();
    environment();
    html.close("main").raw("\n<script>").raw(script).raw("</script>\n</body>\n</html>\n");
  }

  private String headline() {
    return run.counts().headline(run.interrupted());
  }

  private void head() {
    Counts counts = run.counts();
    html.open("header", "class", "top " + tone(counts));
    html.element("p", "Bringup run " + run.runId(), "class", "kicker");
    html.element("h1", headline());
    html.open("p", "class", "sub");
    html.text(counts.total() == 1 ? "1 scenario" : counts.total() + " scenarios");
    if (!run.boards().isEmpty()) {
      html.text(" on ").text(boards());
    }
    html.raw(" in ").element("strong", Amounts.duration(run.duration()));
    html.text(", started ");
    html.element("time", Amounts.minute(run.start()), "datetime", run.start().toString());
    run.replayOf().ifPresent(file -> html.text("; a replay of ").element("strong", file));
    html.close("p");
    if (counts.total() > 0) {
      proportions(counts);
      html.open("div", "class", "tiles", "role", "group", "aria-label", "Show scenarios by result");
      tile("all", "", counts.total(), "all");
      for (Mark mark : Mark.values()) {
        if (counts.of(mark) > 0) {
          int count = counts.of(mark);
          tile(mark.key, mark.sign, count, count == 1 ? mark.text : mark.plural);
        }
      }
      html.close("div");
    }
    html.close("header").raw("\n");
  }

  private String boards() {
    int count = run.boards().size();
    return count > 2
        ? count + " boards"
        : String.join(
            " and ", run.boards().stream().map(board -> Printable.line(board.name())).toList());
  }

  private String tone(Counts counts) {
    return switch (run.verdict()) {
      case PRODUCT_FAILURE -> Mark.PRODUCT.key;
      case INFRASTRUCTURE_ERROR -> Mark.INFRASTRUCTURE.key;
      case UNKNOWN -> Mark.UNKNOWN.key;
      case PASSED -> run.interrupted() || counts.passed() == 0 ? Mark.SKIPPED.key : Mark.PASSED.key;
    };
  }

  private void proportions(Counts counts) {
    html.open("svg", "class", "share", "width", "100%", "height", "6", "aria-hidden", "true");
    double at = 0;
    for (Mark mark : Mark.values()) {
      double width = 100.0 * counts.of(mark) / counts.total();
      if (width > 0) {
        html.open(
            "rect", "class", "f-" + mark.key, "x", at + "%", "width", width + "%", "height", "6");
        html.close("rect");
      }
      at += width;
    }
    html.close("svg");
  }

  private void tile(String key, String sign, int count, String label) {
    html.open(
        "button",
        "type",
        "button",
        "class",
        "tile t-" + key,
        "data-show",
        key,
        "aria-pressed",
        key.equals("all") ? "true" : "false",
        "disabled",
        "");
    html.element("b", Integer.toString(count)).open("span");
    if (!sign.isEmpty()) {
      html.element("i", sign, "aria-hidden", "true").raw(" ");
    }
    html.text(label).close("span").close("button");
  }

  private void failures() {
    if (run.counts().failed() == 0) {
      return;
    }
    html.raw("<section class=\"failures\" aria-labelledby=\"h-failed\">");
    html.raw("<h2 id=\"h-failed\">What failed, and why</h2>\n<ul>\n");
    for (Mark mark : Mark.values()) {
      for (int i = 0; i < run.scenarios().size(); i++) {
        ScenarioReport scenario = run.scenarios().get(i);
        if (scenario.outcome() instanceof Outcome.Failed failed && Mark.of(failed) == mark) {
          html.open("li", "class", "b-" + mark.key);
          badge(mark);
          html.open("div").element("a", title(scenario), "href", "#" + anchor(i));
          html.element("p", Printable.line(failed.reason(), 400), "class", "why");
          html.open("p", "class", "where").element("code", Printable.line(scenario.place()));
          if (scenario.board() != null && run.boards().size() > 1) {
            html.text(" on ").text(Printable.line(scenario.board()));
          }
          if (scenario.evidence().stage() != null) {
            html.text(" at stage ").text(Printable.line(scenario.evidence().stage()));
          }
          html.text(" after ").text(Amounts.duration(scenario.duration()));
          html.close("p").close("div").close("li").raw("\n");
        }
      }
    }
    html.raw("</ul></section>\n");
  }

  private void badge(Mark mark) {
    html.open("span", "class", "badge c-" + mark.key);
    html.element("i", mark.sign, "aria-hidden", "true").raw(" ").text(mark.text).close("span");
  }

  private void timeline() {
    List<StageChart.Lane> lanes = new ArrayList<>();
    for (int i = 0; i < run.scenarios().size(); i++) {
      lanes.addAll(StageChart.lanes(anchor(i), run.scenarios().get(i)));
    }
    if (lanes.isEmpty()) {
      return;
    }
    html.raw("<section class=\"timeline\" aria-labelledby=\"h-boots\">");
    html.raw("<h2 id=\"h-boots\">How long each boot stage took</h2>\n");
    StageChart chart = new StageChart(html, lanes);
    List<StageChart.Lane> shown =
        lanes.stream()
            .sorted(
                Comparator.comparing((StageChart.Lane lane) -> lane.failed() == null)
                    .thenComparing(StageChart.Lane::length, Comparator.reverseOrder()))
            .limit(LANES)
            .toList();
    chart.draw(shown);
    html.raw("<p class=\"legend\">");
    if (lanes.size() > LANES) {
      html.raw("Boots of failed scenarios, then the longest. ");
    }
    html.raw("Time since power-on. The line under a stage shows how much of its time limit it");
    html.raw(" used; a hatched stage was not reached.</p>\n");
    if (lanes.size() > LANES) {
      html.raw("<details class=\"more\"><summary>");
      html.text("All " + lanes.size() + " boots in order").raw("</summary>");
      chart.draw(lanes);
      html.raw("</details>\n");
    }
    stageTable(lanes);
    html.raw("</section>\n");
  }

  private void stageTable(List<StageChart.Lane> lanes) {
    Map<String, List<StageSpan>> stages = new LinkedHashMap<>();
    for (StageChart.Lane lane : lanes) {
      for (StageSpan span : lane.spans()) {
        stages.computeIfAbsent(span.stage(), _ -> new ArrayList<>()).add(span);
      }
    }
    tableStart("Boot stages", "Stage", "#Reached", "#Shortest", "#Median", "#Longest", "#Limit");
    stages.forEach((stage, spans) -> {
      List<Duration> times =
          spans.stream().filter(StageSpan::reached).map(StageSpan::duration).sorted().toList();
      Duration limit =
          spans.stream()
              .map(StageSpan::limit)
              .filter(Objects::nonNull)
              .max(Duration::compareTo)
              .orElse(null);
      html.raw("<tr>").open("th", "scope", "row");
      html.open("i", "class", "dot d-" + StageChart.key(stage)).close("i").raw(" ");
      html.text(Printable.line(stage)).close("th");
      number(times.size() + " of " + spans.size());
      number(times.isEmpty() ? "–" : Amounts.duration(times.getFirst()));
      number(times.isEmpty() ? "–" : Amounts.duration(times.get(times.size() / 2)));
      number(times.isEmpty() ? "–" : Amounts.duration(times.getLast()));
      number(limit == null ? "–" : Amounts.duration(limit));
      html.raw("</tr>\n");
    });
    html.raw("</tbody></table></div>\n");
  }

  private void scenarios() {
    if (run.scenarios().isEmpty()) {
      return;
    }
    html.raw("<section class=\"scenarios\" aria-labelledby=\"h-all\">");
    html.raw("<div class=\"heading\"><h2 id=\"h-all\">Scenarios</h2>");
    html.raw("<p id=\"shown\" role=\"status\"></p>");
    html.raw("<label class=\"find\" hidden>Find <input id=\"find\" type=\"search\"></label>");
    html.raw("<button type=\"button\" id=\"expand\" hidden>Expand shown</button></div>\n");
    Map<String, List<Integer>> features = new LinkedHashMap<>();
    for (int i = 0; i < run.scenarios().size(); i++) {
      features.computeIfAbsent(run.scenarios().get(i).featureUri(), _ -> new ArrayList<>()).add(i);
    }
    features.values().forEach(this::feature);
    html.raw("</section>\n");
  }

  private void feature(List<Integer> numbers) {
    ScenarioReport first = run.scenarios().get(numbers.getFirst());
    html.open("section", "class", "feature").open("h3").text(Printable.line(first.featureName()));
    html.raw(" ").element("small", Printable.line(first.featureUri())).close("h3").raw("\n");
    for (int number : numbers) {
      new ScenarioSection(html, anchor(number), run.counts().failed() <= OPEN, exists)
          .write(run.scenarios().get(number));
    }
    html.close("section").raw("\n");
  }

  private void environment() {
    html.raw("<section class=\"environment\" aria-labelledby=\"h-env\">");
    html.raw("<h2 id=\"h-env\">Where this ran</h2>\n<dl>");
    fact("command", run.commandLine());
    for (RunReport.BoardReport board : run.boards()) {
      fact("board " + board.name(), board.description());
    }
    run.environment().forEach(this::fact);
    html.raw("</dl></section>\n");
  }

  private void fact(String name, String value) {
    html.open("div").element("dt", Printable.line(name)).element("dd", value).close("div");
    html.raw("\n");
  }

  private void number(String text) {
    html.element("td", text, "class", "n");
  }

  private void tableStart(String caption, String... columns) {
    tableStart(html, caption, columns);
  }

  /** A table that scrolls by itself; the names of columns of numbers begin with {@code #}. */
  static void tableStart(Html html, String caption, String... columns) {
    html.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", caption);
    html.raw("<table><thead><tr>");
    for (String column : columns) {
      boolean number = column.startsWith("#");
      html.element(
          "th", number ? column.substring(1) : column, "scope", "col", "class", number ? "n" : "s");
    }
    html.raw("</tr></thead><tbody>\n");
  }

  static String title(ScenarioReport scenario) {
    String name = Printable.line(scenario.name());
    return name.isEmpty() ? scenario.place() : name;
  }

  private static String anchor(int number) {
    return "s" + (number + 1);
  }

  private static String hash(String content) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
