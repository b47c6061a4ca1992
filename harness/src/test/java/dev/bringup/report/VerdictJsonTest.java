package dev.bringup.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class VerdictJsonTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void everyScenarioOfANightObeysThePublishedSchema() throws Exception {
    Schema schema = schema();
    RunReport run = SampleRun.run();
    for (ScenarioReport scenario : run.scenarios()) {
      assertThat(schema.validate(VerdictJson.write(run, scenario), InputFormat.JSON)).isEmpty();
    }
  }

  @Test
  void theSchemaNoticesAWrongVerdict() throws Exception {
    RunReport run = Reports.run(Reports.PRODUCT);
    String json = VerdictJson.write(run, run.scenarios().getFirst());
    assertThat(schema().validate(json.replace("product failure", "flaky"), InputFormat.JSON))
        .isNotEmpty();
  }

  @Test
  void saysWhoIsAtFaultAndWhere() {
    RunReport run = SampleRun.run();
    JsonNode json = null;
    for (ScenarioReport scenario : run.scenarios()) {
      if (Mark.of(scenario.outcome()) == Mark.PRODUCT) {
        json = JSON.readTree(VerdictJson.write(run, scenario));
      }
    }
    assertThat(json).isNotNull();
    assertThat(json.get("verdict").asString()).isEqualTo("product failure");
    assertThat(json.get("kind").asString()).isEqualTo("product");
    assertThat(json.get("reason").asString()).contains("2156MB unallocated");
    assertThat(json.get("stage").asString()).isEqualTo("hypervisor");
    JsonNode console = json.at("/evidence/console");
    long offset = console.get("failureOffset").asLong();
    boolean found = false;
    for (JsonNode line : console.get("lines")) {
      found |=
          line.get("offset").asLong() == offset && line.get("text").asString().contains("Panic");
    }
    assertThat(found).isTrue();
  }

  @Test
  void aSkippedScenarioHasAReasonAndNoVerdict() {
    RunReport run = Reports.run(Reports.SKIPPED);
    JsonNode json = JSON.readTree(VerdictJson.write(run, run.scenarios().getFirst()));
    assertThat(json.get("verdict").isNull()).isTrue();
    assertThat(json.get("skipped").asString()).isEqualTo("no capability Snapshots");
  }

  @Test
  void keepsConsoleTextAsItCameExceptHalfCharacters() {
    String raw = "\u0000\u001b[31m</script>\"\\\u2028\ud83d\ude00";
    RunReport run = Reports.everywhere(raw);
    JsonNode json = JSON.readTree(VerdictJson.write(run, run.scenarios().getFirst()));
    assertThat(json.at("/evidence/console/lines/1/text").asString()).isEqualTo(raw + " 1");

    RunReport broken = Reports.everywhere("half \ud800 of one");
    String text = VerdictJson.write(broken, broken.scenarios().getFirst());
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(JSON.readTree(bytes).get("reason").asString())
        .startsWith("half ")
        .endsWith(" of one");
  }

  @Test
  void aHugeConsoleStaysWithinTheBoundsOfTheSchema() throws Exception {
    ConsoleExcerpt console = Reports.console(20_000, 10_000, "y".repeat(9_000));
    RunReport run =
        Reports.run(List.of(Reports.scenario("huge", Reports.PRODUCT, Reports.evidence(console))));
    String json = VerdictJson.write(run, run.scenarios().getFirst());
    assertThat(schema().validate(json, InputFormat.JSON)).isEmpty();
    assertThat(JSON.readTree(json).at("/evidence/console/linesBefore").asLong()).isEqualTo(9_920);
    assertThat(JSON.readTree(json).at("/evidence/console/failureOffset").asLong())
        .isEqualTo(1_000_000);
  }

  private static Schema schema() throws Exception {
    Path file = Path.of(System.getProperty("bringup.root"), "docs", "verdict.schema.json");
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(Files.readString(file));
  }
}
