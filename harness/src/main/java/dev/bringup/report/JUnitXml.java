package dev.bringup.report;

import java.io.StringWriter;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes a run as the JUnit XML that Jenkins and GitLab read: one test suite a feature, one test
 * case a scenario. Only a product failure is a {@code failure}; what the lab or nobody is to blame
 * for is an {@code error}. Uses no element or attribute outside the common subset of both readers.
 */
final class JUnitXml {
  private static final int CONSOLE_LINES = 60;
  private static final int LONGEST_LINE = 2000;

  private final RunReport run;
  private final XMLStreamWriter out;
  private final Set<List<String>> taken = new HashSet<>();

  private JUnitXml(RunReport run, XMLStreamWriter out) {
    this.run = run;
    this.out = out;
  }

  static String write(RunReport run) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter out = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
      new JUnitXml(run, out).document();
      out.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return text.toString();
  }

  private void document() throws XMLStreamException {
    Map<String, List<ScenarioReport>> features = new LinkedHashMap<>();
    for (ScenarioReport scenario : run.scenarios()) {
      features.computeIfAbsent(scenario.featureUri(), _ -> new ArrayList<>()).add(scenario);
    }
    Counts counts = run.counts();
    out.writeStartDocument("UTF-8", "1.0");
    line();
    out.writeStartElement("testsuites");
    attribute("name", "bringup " + run.runId());
    attribute("tests", Integer.toString(counts.total()));
    attribute("failures", Integer.toString(counts.product()));
    attribute("errors", Integer.toString(counts.infrastructure() + counts.unknown()));
    attribute("time", Amounts.seconds(run.duration()));
    for (List<ScenarioReport> scenarios : features.values()) {
      line();
      suite(scenarios);
    }
    line();
    out.writeEndElement();
    line();
    out.writeEndDocument();
  }

  private void suite(List<ScenarioReport> scenarios) throws XMLStreamException {
    ScenarioReport first = scenarios.getFirst();
    Counts counts = Counts.of(scenarios);
    Duration time =
        scenarios.stream().map(ScenarioReport::duration).reduce(Duration.ZERO, Duration::plus);
    out.writeStartElement("testsuite");
    attribute("name", first.featureName());
    attribute("tests", Integer.toString(counts.total()));
    attribute("failures", Integer.toString(counts.product()));
    attribute("errors", Integer.toString(counts.infrastructure() + counts.unknown()));
    attribute("skipped", Integer.toString(counts.skipped()));
    attribute("time", Amounts.seconds(time));
    // without a zone: the strictest of the schemas in use does not allow one
    attribute(
        "timestamp",
        DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
            first.start().truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC)));
    attribute("file", first.featureUri());
    properties();
    for (ScenarioReport scenario : scenarios) {
      line();
      testCase(scenario);
    }
    line();
    out.writeEndElement();
  }

  private void properties() throws XMLStreamException {
    line();
    out.writeStartElement("properties");
    property("bringup.run", run.runId());
    property("bringup.command", run.commandLine());
    for (var board : run.boards()) {
      property("bringup.board." + board.name(), board.description());
    }
    for (var fact : run.environment().entrySet()) {
      property(fact.getKey(), fact.getValue());
    }
    line();
    out.writeEndElement();
  }

  private void property(String name, String value) throws XMLStreamException {
    line();
    out.writeEmptyElement("property");
    attribute("name", name);
    attribute("value", value);
  }

  private void testCase(ScenarioReport scenario) throws XMLStreamException {
    // Jenkins cuts the class name at its last dot into package and class
    String className = Printable.line(scenario.featureName()).replace('.', '_');
    out.writeStartElement("testcase");
    attribute("name", uniqueName(scenario, className));
    attribute("classname", className);
    attribute("time", Amounts.seconds(scenario.duration()));
    switch (scenario.outcome()) {
      case Outcome.Passed _ -> {}
      case Outcome.Skipped skipped -> {
        out.writeEmptyElement("skipped");
        attribute("message", skipped.reason());
      }
      case Outcome.Failed failed -> {
        out.writeStartElement(Mark.of(failed) == Mark.PRODUCT ? "failure" : "error");
        attribute("message", failed.reason());
        attribute("type", failed.verdict().text());
        characters(detail(scenario, failed));
        out.writeEndElement();
      }
    }
    String console = consoleTail(scenario.evidence().console());
    if (!console.isEmpty()) {
      line();
      out.writeStartElement("system-out");
      characters(console);
      out.writeEndElement();
    }
    out.writeEndElement();
  }

  /** Readers take cases with the same class and name for one: rows of an outline, for example. */
  private String uniqueName(ScenarioReport scenario, String className) {
    String plain = Printable.line(scenario.name());
    String name = plain;
    for (int n = 1; !taken.add(List.of(className, name)); n++) {
      String more = n == 1 ? "" : ", " + n;
      name = plain + " (line " + scenario.line() + more + ")";
    }
    return name;
  }

  private static String detail(ScenarioReport scenario, Outcome.Failed failed) {
    StringBuilder text = new StringBuilder();
    append(text, "verdict", failed.verdict().text());
    append(text, "rule", failed.rule().text());
    append(text, "reason", failed.reason());
    append(text, "hint", failed.hint());
    append(text, "scenario", scenario.place());
    append(text, "board", scenario.board());
    append(text, "stage", scenario.evidence().stage());
    append(text, "power", scenario.evidence().powerInWords());
    append(text, "wire", scenario.evidence().wireInWords());
    append(text, "evidence", scenario.folder());
    for (StepReport step : scenario.steps()) {
      if (step.error() != null) {
        append(text, "step", step.keyword() + " " + step.text());
        text.append(Printable.cut(step.error(), 20 * LONGEST_LINE)).append('\n');
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String name, @Nullable String value) {
    if (value != null) {
      text.append(name).append(": ").append(Printable.line(value)).append('\n');
    }
  }

  private static String consoleTail(ConsoleExcerpt all) {
    ConsoleExcerpt tail = all.around(CONSOLE_LINES - 1, CONSOLE_LINES / 2);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < tail.lines().size(); i++) {
      ConsoleExcerpt.Line line = tail.lines().get(i);
      text.append(i == tail.failureLine() ? '>' : ' ')
          .append(Amounts.seconds(line.sincePowerOn()))
          .append("  ")
          .append(Printable.cut(Printable.text(line.text()), LONGEST_LINE))
          .append('\n');
    }
    return text.toString();
  }

  private void attribute(String name, String value) throws XMLStreamException {
    out.writeAttribute(name, Printable.line(value));
  }

  private void characters(String text) throws XMLStreamException {
    out.writeCharacters(Printable.text(text));
  }

  private void line() throws XMLStreamException {
    out.writeCharacters("\n");
  }
}
