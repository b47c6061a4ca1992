package dev.bringup.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import dev.bringup.verdict.Verdict;
import dev.bringup.verdict.VerdictRule;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whoever reads a run's summary, its {@code verdict.json} files, its JUnit XML or its exit code
 * learns the same: each is read here as its readers do, for every mixture of up to three outcomes.
 */
class AgreementTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final List<Outcome> OUTCOMES =
      List.of(
          new Outcome.Passed(),
          new Outcome.Skipped("no capability Snapshots"),
          Outcome.failed(BringupException.product("it panicked")),
          Outcome.failed(BringupException.infrastructure("the wire is lost", "plug it")),
          Outcome.failed(BringupException.protocol("the far end talks nonsense")),
          Outcome.failed(BringupException.configuration("b.yaml:1: bad")),
          new Outcome.Failed(
              Verdict.UNKNOWN,
              FailureKind.UNKNOWN,
              VerdictRule.SILENT_SINCE_POWER_ON,
              "not a word",
              null),
          new Outcome.Failed(Verdict.UNKNOWN, FailureKind.BUG, "a bug", null),
          new Outcome.Failed(
              Verdict.INFRASTRUCTURE_ERROR,
              FailureKind.INFRASTRUCTURE,
              VerdictRule.WIRE_LOST,
              "lost; what was seen meanwhile: no prompt",
              null),
          Outcome.failed(BringupException.cancelled("somebody stopped it")));

  /** How many scenarios passed, failed for each reason and were skipped. */
  private record Tally(int passed, int product, int infrastructure, int unknown, int skipped) {}

  @Test
  void summaryJsonJUnitAndExitCodeAgreeForEveryMixture() throws Exception {
    DocumentBuilder reader = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
    int mixtures = 0;
    for (List<Outcome> mixture : mixtures(3)) {
      RunReport run = Reports.run(mixture.toArray(Outcome[]::new));
      List<JsonNode> verdicts = new ArrayList<>();
      for (ScenarioReport scenario : run.scenarios()) {
        verdicts.add(JSON.readTree(VerdictJson.write(run, scenario)));
      }
      Tally json = tally(verdicts);
      Document junit = parse(reader, JUnitXml.write(run));
      assertThat(sameForReadersWhoKnowNoUnknown(json)).as("%s", mixture).isEqualTo(ofJUnit(junit));
      assertThat(sumOfSuites(junit)).as("%s", mixture).isEqualTo(ofJUnit(junit));
      assertThat(ofSummary(RunSummary.text(run, Path.of("run"), false), json))
          .as("%s", mixture)
          .isEqualTo(json);
      assertThat(run.exitCode()).as("%s", mixture).isEqualTo(exitCode(verdicts));
      mixtures++;
    }
    assertThat(mixtures).isEqualTo(1 + 10 + 100 + 1000);
  }

  @Test
  void whatIsNoFailureOfTheProductNeverExitsAsOneOrAsAPass() {
    for (Outcome outcome : OUTCOMES) {
      if (outcome instanceof Outcome.Failed failed) {
        int code = Reports.run(new Outcome.Passed(), outcome).exitCode();
        assertThat(code == 1)
            .as("%s", failed)
            .isEqualTo(failed.verdict() == Verdict.PRODUCT_FAILURE);
        assertThat(code).as("%s", failed).isNotZero();
      }
    }
  }

  private static List<List<Outcome>> mixtures(int longest) {
    List<List<Outcome>> all = new ArrayList<>(List.of(List.of()));
    for (int from = 0; all.getLast().size() < longest; ) {
      int to = all.size();
      for (List<Outcome> shorter : List.copyOf(all.subList(from, to))) {
        for (Outcome next : OUTCOMES) {
          List<Outcome> longer = new ArrayList<>(shorter);
          longer.add(next);
          all.add(longer);
        }
      }
      from = to;
    }
    return all;
  }

  private static Tally tally(List<JsonNode> verdicts) {
    return new Tally(
        count(verdicts, "passed"),
        count(verdicts, "product failure"),
        count(verdicts, "infrastructure error"),
        count(verdicts, "unknown"),
        (int) verdicts.stream().filter(json -> !json.get("skipped").isNull()).count());
  }

  private static int count(List<JsonNode> verdicts, String verdict) {
    return (int)
        verdicts.stream().filter(json -> verdict.equals(json.get("verdict").asString(""))).count();
  }

  /** As {@code docs/results.md} says it, from what the files say. */
  private static int exitCode(List<JsonNode> verdicts) {
    Tally tally = tally(verdicts);
    if (tally.product() > 0) {
      return 1;
    }
    int failed = tally.infrastructure() + tally.unknown();
    long mistakes =
        verdicts.stream()
            .filter(json -> json.get("kind").asString("").equals("configuration"))
            .count();
    return failed == 0 ? 0 : failed == mistakes ? 2 : 3;
  }

  private static Document parse(DocumentBuilder reader, String xml) throws Exception {
    return reader.parse(new InputSource(new StringReader(xml)));
  }

  /** JUnit's readers know passed, failure, error and skipped. */
  private static Tally sameForReadersWhoKnowNoUnknown(Tally tally) {
    return new Tally(
        tally.passed(),
        tally.product(),
        tally.infrastructure() + tally.unknown(),
        0,
        tally.skipped());
  }

  private static Tally ofJUnit(Document xml) {
    int cases = xml.getElementsByTagName("testcase").getLength();
    int failures = xml.getElementsByTagName("failure").getLength();
    int errors = xml.getElementsByTagName("error").getLength();
    int skipped = xml.getElementsByTagName("skipped").getLength();
    assertThat(number(xml.getDocumentElement(), "tests")).isEqualTo(cases);
    assertThat(number(xml.getDocumentElement(), "failures")).isEqualTo(failures);
    assertThat(number(xml.getDocumentElement(), "errors")).isEqualTo(errors);
    return new Tally(cases - failures - errors - skipped, failures, errors, 0, skipped);
  }

  private static Tally sumOfSuites(Document xml) {
    int passed = 0;
    int failures = 0;
    int errors = 0;
    int skipped = 0;
    var suites = xml.getElementsByTagName("testsuite");
    for (int i = 0; i < suites.getLength(); i++) {
      var suite = (Element) suites.item(i);
      failures += number(suite, "failures");
      errors += number(suite, "errors");
      skipped += number(suite, "skipped");
      passed +=
          number(suite, "tests")
              - number(suite, "failures")
              - number(suite, "errors")
              - number(suite, "skipped");
    }
    return new Tally(passed, failures, errors, 0, skipped);
  }

  private static int number(Element element, String attribute) {
    return Integer.parseInt(element.getAttribute(attribute));
  }

  /** The last lines' words, and a paragraph for each failure. */
  private static Tally ofSummary(String text, Tally expected) {
    String last = text.lines().filter(line -> line.endsWith(")")).reduce((a, b) -> b).orElseThrow();
    int product = paragraphs(text, "product failure");
    int infrastructure = paragraphs(text, "infrastructure error");
    int unknown = paragraphs(text, "unknown");
    assertThat(named(last, "product failures?")).isEqualTo(product);
    assertThat(named(last, "infrastructure errors?")).isEqualTo(infrastructure);
    assertThat(named(last, "unknown")).isEqualTo(unknown);
    int all = named(last, "scenarios?\\b(?! passed)");
    int skipped = last.contains("all skipped") ? all : named(last, "skipped");
    int passed = all - product - infrastructure - unknown - skipped;
    if (passed == 0) {
      assertThat(last).doesNotContain("passed");
    } else if (product + infrastructure + unknown + skipped > 0) {
      assertThat(named(last, "passed")).isEqualTo(passed);
    } else {
      assertThat(last).startsWith(passed == 1 ? "The scenario passed" : "All " + passed);
    }
    assertThat(last.startsWith("Nothing ran"))
        .isEqualTo(passed + product + infrastructure + unknown == 0);
    assertThat(all).isEqualTo(all(expected));
    return new Tally(passed, product, infrastructure, unknown, skipped);
  }

  private static int all(Tally tally) {
    return tally.passed()
        + tally.product()
        + tally.infrastructure()
        + tally.unknown()
        + tally.skipped();
  }

  private static int paragraphs(String text, String verdict) {
    return (int) text.lines().filter(line -> line.startsWith(verdict + ": scenario ")).count();
  }

  private static int named(String line, String what) {
    Matcher matcher = Pattern.compile("(\\d+) " + what).matcher(line.toLowerCase(Locale.ROOT));
    int last = 0;
    while (matcher.find()) {
      last = Integer.parseInt(matcher.group(1));
    }
    return last;
  }
}
