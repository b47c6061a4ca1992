package dev.bringup.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialects;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** The walker against an independent validator, on the schemas that are published. */
class SchemaTest {
  private static final Path SCHEMAS =
      Path.of(System.getProperty("bringup.root", ".."), "boards/schema");
  private static final JsonMapper JSON = new JsonMapper();
  private static final SchemaRegistry PEER =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  static List<Path> schemas() throws Exception {
    try (Stream<Path> files = Files.list(SCHEMAS)) {
      return files.filter(p -> p.toString().endsWith(".schema.json")).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void publishedSchemasAreValidDraft202012(Path schema) throws Exception {
    var meta = PEER.getSchema(SchemaLocation.of(Dialects.getDraft202012().getId()));

    assertThat(meta.validate(Files.readString(schema), InputFormat.JSON)).isEmpty();
    assertThat(Schema.load(schema.getFileName().toString())).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "7",
        "{\"type\": \"x\", \"cpus\": 4, \"memory\": \"2 GiB\"}",
        "{\"cpus\": 0}",
        "{\"cpus\": 4097}",
        "{\"cpus\": 1.5}",
        "{\"cpus\": true}",
        "{\"memory\": 65535}",
        "{\"memory\": 65536}",
        "{\"memory\": \"2 GB\"}",
        "{\"memory\": \"2GiB\"}",
        "{\"memory\": null}",
        "{\"memory-map\": {\"ram\": \"0x4000_0000\"}}",
        "{\"memory-map\": {\"ram\": \"0x_1\"}}",
        "{\"memory-map\": {\"ram\": -1}}",
        "{\"memory-map\": {\"rom\": \"0x1\"}}",
        "{\"stages\": {}}",
        "{\"stages\": {\"off\": {}}}",
        "{\"stages\": {\"dom0\": {}}}",
        "{\"stages\": {\"dom0\": {\"within\": \"5 s\"}}}",
        "{\"stages\": {\"dom0\": {\"within\": \"5 sec\"}}}",
        "{\"stages\": {\"dom0\": {\"within\": 5}}}",
        "{\"stages\": {\"dom0\": {\"mark\": {}}}}",
        "{\"stages\": {\"dom0\": {\"mark\": {\"prompt\": true}}}}",
        "{\"stages\": {\"dom0\": {\"mark\": {\"prompt\": false}}}}",
        "{\"stages\": {\"dom0\": {\"mark\": {\"literal\": \"\"}}}}",
        "{\"stages\": {\"dom0\": {\"mark\": {\"literal\": \"a\", \"regex\": \"b\"}}}}",
        "{\"labels\": {\"a\": 1, \"b.c\": \"x\", \"d\": false}}",
        "{\"labels\": {\"A b\": 1}}",
        "{\"labels\": {\"a\": []}}",
        "{\"machine\": {\"engine\": \"qemu\", \"anything\": {\"a\": [1]}}}",
        "{\"machine\": {\"engine\": 7}}",
        "{\"drivers\": {}}",
        "{\"drivers\": {\"console\": {\"driver\": \"serial\", \"baud\": 1}}}",
        "{\"drivers\": {\"gpio\": {\"driver\": \"x\"}}}",
        "{\"bad-patterns\": {\"a\": {\"literal\": \"x\", \"verdict\": \"unknown\", \"reason\":"
            + " \"r\"}}}",
        "{\"bad-patterns\": {\"a\": {\"verdict\": \"unknown\", \"reason\": \"r\"}}}",
        "{\"bad-patterns\": {\"a\": {\"literal\": \"x\", \"verdict\": \"passed\", \"reason\":"
            + " \"r\"}}}",
        "{\"bad-patterns\": {\"a\": {\"literal\": \"x\", \"verdict\": \"unknown\", \"reason\":"
            + " \"r\", \"during\": []}}}",
        "{\"network\": {\"mac\": \"52:54:00:12:34:56\"}}",
        "{\"network\": {\"mac\": \"53:54:00:12:34:56\"}}",
        "{\"storage\": {\"sd\": {\"kind\": \"sd-card\", \"size\": \"8 GiB\"}}}",
        "{\"storage\": {\"sd\": {\"kind\": \"floppy\"}}}",
        "{\"bootloader\": {\"autoboot\": {\"mark\": \"x\"}}}",
        "{\"device-tree\": {\"edits\": [{\"path\": \"/a\", \"property\": \"b\", \"value\": \"\","
            + " \"reason\": \"c\"}]}}",
        "{\"device-tree\": {\"edits\": [{\"path\": \"a\", \"property\": \"b\", \"value\": \"\","
            + " \"reason\": \"c\"}]}}",
        "{\"device-tree\": {\"edits\": {}}}"
      })
  void bothValidatorsGiveTheSameVerdict(String json) throws Exception {
    assertThat(ours(json)).as(json).isEqualTo(theirs(json));
  }

  @Test
  void bothValidatorsGiveTheSameVerdictOnDamagedFiles() throws Exception {
    var peer = PEER.getSchema(Files.readString(SCHEMAS.resolve("board.schema.json")));
    Schema schema = Schema.load("board.schema.json");
    long seed = 20261121;
    Random random = new Random(seed);
    int good = 0;
    for (int i = 0; i < 800; i++) {
      Object tree = JSON.readValue(WHOLE_FILE, Object.class);
      for (int n = random.nextInt(3); n >= 0; n--) {
        damage(tree, random);
      }
      String json = JSON.writeValueAsString(tree);
      List<Problem> ours = schema.check(YamlFile.parse("f", json));
      boolean theirs = peer.validate(json, InputFormat.JSON).isEmpty();
      assertThat(ours.isEmpty())
          .as("seed %d, round %d: %s, %s", seed, i, json, ours)
          .isEqualTo(theirs);
      good += theirs ? 1 : 0;
    }
    // both verdicts must have had their turn
    assertThat(good).isBetween(80, 720);
  }

  private static final String WHOLE_FILE =
      """
      {"type": "base", "description": "d", "labels": {"a": true, "b": "x"}, "architecture": "arm64",
       "cpus": 2, "memory": "2 GiB",
       "memory-map": {"ram": "0x40000000", "script": "0x40200000", "load": "0x40400000"},
       "device-tree": {"source": "firmware", "address": "0x40000000", "edits":
         [{"path": "/p", "property": "status", "value": "disabled", "reason": "r"}]},
       "xen": {"dtuart": "/pl011@9000000"},
       "network": {"load-command": "tftpboot", "boot-file": "boot.scr", "mac": "52:54:00:12:34:56"},
       "storage": {"sd": {"kind": "sd-card", "size": "8 GiB", "device": "mmc 0"}},
       "bootloader": {"kind": "u-boot", "prompt": "=> ", "autoboot": {"mark": "Hit", "key": " "}},
       "console": {"baud": 115200, "typing": {"piece": 16, "delay": "0 ms"}, "noise": ["a", "b"]},
       "stages": {"firmware": {"mark": {"regex": "U-Boot"}, "within": "20 s"},
         "bootloader": {"mark": {"prompt": true}, "within": "30 s"}},
       "bad-patterns": {"a panic": {"literal": "panic", "verdict": "product failure", "reason": "r",
         "during": ["dom0"]}},
       "machine": {"engine": "qemu", "gic": 2}, "drivers": {"power": {"driver": "command"}}}
      """;

  // No value here is one on which a quantity must be stricter than JSON Schema can be.
  private static final Object[] VALUES = {
    "x",
    "",
    "2 GB",
    "UPPER",
    -1,
    1.5,
    true,
    false,
    List.of(),
    Map.of(),
    List.of("x"),
    Map.of("x", 1),
    "dom0",
    "5 s",
    "64 MiB",
    "0x40",
    "y".repeat(600)
  };

  @SuppressWarnings("unchecked") // what Jackson reads JSON objects as
  private static void damage(Object tree, Random random) {
    if (tree instanceof List<?> list) {
      if (!list.isEmpty()) {
        damage(list.get(random.nextInt(list.size())), random);
      }
      return;
    }
    if (!(tree instanceof Map<?, ?>) || ((Map<?, ?>) tree).isEmpty()) {
      return;
    }
    Map<String, Object> map = (Map<String, Object>) tree;
    String key = new ArrayList<>(map.keySet()).get(random.nextInt(map.size()));
    Object value = map.get(key);
    if ((value instanceof Map || value instanceof List) && random.nextInt(4) > 0) {
      damage(value, random);
      return;
    }
    switch (random.nextInt(4)) {
      case 0 -> map.remove(key);
      case 1 -> map.put(key + (random.nextBoolean() ? "s" : " X"), map.remove(key));
      default -> map.put(key, copy(VALUES[random.nextInt(VALUES.length)]));
    }
  }

  private static Object copy(Object value) {
    return JSON.readValue(JSON.writeValueAsString(value), Object.class);
  }

  @Test
  void mapsMergeAndAllElseReplaces() {
    assertThat(
            merged(
                "{cpus: 4, labels: {a: 1}, console: {noise: [x]}, stages: {dom0: {within: 9 s}}}",
                "{cpus: 2, memory: 1 GiB, labels: {b: 2}, console: {baud: 9600, noise: [y, z]},"
                    + " stages: {dom0: {within: 1 s, mark: {literal: m}}}}"))
        .isEqualTo(
            plain(
                "{cpus: 4, memory: 1 GiB, labels: {b: 2, a: 1}, console: {baud: 9600, noise: [x]},"
                    + " stages: {dom0: {within: 9 s, mark: {literal: m}}}}"));
  }

  @Test
  void marksAndBadPatternsReplaceAsAWhole() {
    assertThat(
            merged(
                "{stages: {dom0: {mark: {regex: r}}}, bad-patterns: {p: {regex: n}}}",
                "{stages: {dom0: {mark: {literal: l}}}, bad-patterns: {p: {literal: o}, q:"
                    + " {literal: k}}}"))
        .isEqualTo(
            plain(
                "{stages: {dom0: {mark: {regex: r}}}, bad-patterns: {p: {regex: n}, q: {literal:"
                    + " k}}}"));
  }

  @Test
  void anotherEngineOrDriverForgetsTheSettingsOfTheFirst() {
    String type = "{machine: {engine: qemu, cpu: a72}, drivers: {power: {driver: command, on: x}}}";

    assertThat(merged("{machine: {engine: builtin}, drivers: {power: {driver: manual}}}", type))
        .isEqualTo(plain("{machine: {engine: builtin}, drivers: {power: {driver: manual}}}"));
    assertThat(merged("{machine: {engine: qemu, gic: 2}, drivers: {power: {off: y}}}", type))
        .isEqualTo(
            plain(
                "{machine: {engine: qemu, cpu: a72, gic: 2},"
                    + " drivers: {power: {driver: command, on: x, off: y}}}"));
  }

  @Test
  void mergedValuesKeepTheirOwnFile() {
    YamlNode merged =
        Schema.load("board.schema.json")
            .merge(
                YamlFile.parse("heir", "\nconsole:\n  baud: 1\n"),
                YamlFile.parse("base", "console: {typing: {piece: 4}}"));

    assertThat(merged.get("console").get("baud").at()).hasToString("heir:3:9");
    assertThat(merged.get("console").get("typing").at()).hasToString("base:1:19");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"typ\": \"object\"}",
        "{\"properties\": {\"a\": {\"format\": \"uri\"}}}",
        "{\"items\": {\"anyOf\": []}}",
        "{\"$ref\": \"other.json\"}",
        "{\"x-quantity\": \"weight\"}"
      })
  void schemasWithKeywordsThatWouldHaveNoEffectAreRefused(String schema) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Schema.parse("s", schema.getBytes(StandardCharsets.UTF_8)));
  }

  private static Object merged(String heir, String base) {
    return plain(
        Schema.load("board.schema.json")
            .merge(YamlFile.parse("h", heir), YamlFile.parse("b", base)));
  }

  private static Object plain(String yaml) {
    return plain(YamlFile.parse("p", yaml));
  }

  private static Object plain(YamlNode node) {
    return switch (node) {
      case YamlNode.Scalar scalar -> scalar.text();
      case YamlNode.Sequence sequence -> sequence.items().stream().map(SchemaTest::plain).toList();
      case YamlNode.Mapping mapping -> {
        Map<String, Object> map = new LinkedHashMap<>();
        mapping.entries().forEach((key, entry) -> map.put(key, plain(entry.value())));
        yield map;
      }
    };
  }

  private static boolean ours(String json) {
    return Schema.load("board.schema.json").check(YamlFile.parse("f", json)).isEmpty();
  }

  private static boolean theirs(String json) throws Exception {
    return PEER.getSchema(Files.readString(SCHEMAS.resolve("board.schema.json")))
        .validate(json, InputFormat.JSON)
        .isEmpty();
  }
}
