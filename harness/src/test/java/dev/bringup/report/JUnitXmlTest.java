package dev.bringup.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class JUnitXmlTest {

  @Test
  void aNightsRunIsWhatJenkinsAndGitLabRead() throws Exception {
    Document xml = validated(SampleRun.run());
    assertThat(query(xml, "count(//testcase)")).isEqualTo("60");
    assertThat(query(xml, "count(//testsuite)")).isEqualTo("5");
    assertThat(query(xml, "/testsuites/@failures")).isEqualTo("1");
    assertThat(query(xml, "/testsuites/@errors")).isEqualTo("2");
    assertThat(query(xml, "sum(//testsuite/@tests)")).isEqualTo("60");
    assertThat(query(xml, "sum(//testsuite/@skipped)")).isEqualTo("3");
    assertThat(query(xml, "//property[@name='qemu']/@value")).startsWith("QEMU emulator");
    assertThat(query(xml, "//failure/../system-out")).contains(">7.308  (XEN) Panic on CPU 0:");
  }

  @Test
  void onlyTheProductsFaultIsAFailure() throws Exception {
    Document xml =
        validated(
            Reports.run(
                Reports.PRODUCT,
                Reports.INFRASTRUCTURE,
                Reports.UNKNOWN,
                Reports.MISTAKE,
                Reports.SKIPPED,
                Reports.PASSED));
    assertThat(query(xml, "//failure/../@name")).isEqualTo("scenario 0");
    assertThat(query(xml, "count(//failure)")).isEqualTo("1");
    assertThat(query(xml, "//testcase[2]/error/@type")).isEqualTo("infrastructure error");
    assertThat(query(xml, "//testcase[3]/error/@type")).isEqualTo("unknown");
    assertThat(query(xml, "//testcase[4]/error/@message")).isEqualTo("b.yaml:1: bad");
    assertThat(query(xml, "//testcase[5]/skipped/@message")).isEqualTo("no capability Snapshots");
    assertThat(query(xml, "count(//testcase[6]/*)")).isEqualTo("0");
    assertThat(query(xml, "//testcase[2]/error")).contains("hint: install it");
  }

  @Test
  void anEmptyAndAnAllSkippedRunAreValid() throws Exception {
    assertThat(query(validated(Reports.run()), "count(//testsuite)")).isEqualTo("0");
    Document xml = validated(Reports.run(Reports.SKIPPED, Reports.SKIPPED));
    assertThat(query(xml, "//testsuite/@skipped")).isEqualTo("2");
    assertThat(query(xml, "/testsuites/@errors")).isEqualTo("0");
  }

  @Test
  void whatNoXmlMayHoldIsShownInsteadOfLost() throws Exception {
    Document xml = validated(Reports.everywhere(Reports.HOSTILE));
    assertThat(query(xml, "//testcase[1]/failure/@message"))
        .contains("</script>", "]]>", "␀", "␁", "␇", "red", "⟨U+0085⟩", "\ud83d\ude00")
        .doesNotContain("title", "[31mred");
    assertThat(query(xml, "//testcase[1]/system-out")).contains("<![CDATA[&lt;&#0;");
  }

  @Test
  void everyRandomTextIsStillValid() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 30; round++) {
      StringBuilder text = new StringBuilder("x");
      for (int i = 0; i < 60; i++) {
        text.append(
            (char) (random.nextInt(3) == 0 ? random.nextInt(0x10000) : random.nextInt(160)));
      }
      try {
        validated(Reports.everywhere(text.toString()));
      } catch (Exception | AssertionError e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
    }
  }

  @Test
  void scenariosOfOneNameStayApart() throws Exception {
    List<ScenarioReport> scenarios = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      scenarios.add(Reports.scenario("the same", Reports.PASSED, Evidence.NONE));
    }
    Document xml = validated(Reports.run(scenarios)); // the schema asks for unique names
    assertThat(query(xml, "//testcase[2]/@name")).isEqualTo("the same (line 3)");
  }

  @Test
  void aHugeConsoleIsCutToItsSurroundings() throws Exception {
    ConsoleExcerpt console = Reports.console(50_000, 20_000, "x".repeat(5_000));
    RunReport run =
        Reports.run(List.of(Reports.scenario("huge", Reports.PRODUCT, Reports.evidence(console))));
    String xml = JUnitXml.write(run);
    assertThat(xml.length()).isLessThan(250_000);
    assertThat(xml.indexOf("\n&gt;200.000  xxx")).isPositive();
  }

  @Test
  void timesHaveAPointInEveryLocale() {
    Locale old = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(JUnitXml.write(Reports.run(Reports.PASSED))).contains("time=\"1.234\"");
    } finally {
      Locale.setDefault(old);
    }
  }

  private static Document validated(RunReport run) throws Exception {
    String xml = JUnitXml.write(run);
    SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
        .newSchema(JUnitXmlTest.class.getResource("junit.xsd"))
        .newValidator()
        .validate(new StreamSource(new StringReader(xml)));
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }

  private static String query(Document xml, String path) throws Exception {
    return XPathFactory.newInstance().newXPath().evaluate(path, xml);
  }
}
