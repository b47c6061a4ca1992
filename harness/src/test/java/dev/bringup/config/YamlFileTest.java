package dev.bringup.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.bringup.config.YamlNode.Kind;
import dev.bringup.config.YamlNode.Scalar;
import dev.bringup.units.Address;
import dev.bringup.units.ByteSize;
import dev.bringup.units.Version;
import dev.bringup.verdict.FailureKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlFileTest {

  @Test
  void keysAndValuesKnowWhereTheyStand() {
    YamlNode root =
        YamlFile.parse(
            "f",
            """
            a: 1
            b:
              - x
              - {c: d, "e": 'f'}
            g: |
              text
            """);

    assertThat(root.keyAt("b")).isEqualTo(new Position("f", 2, 1));
    YamlNode inner = root.get("b").items().get(1);
    assertThat(inner.at()).hasToString("f:4:5");
    assertThat(inner.keyAt("e")).hasToString("f:4:12");
    assertThat(inner.get("e").at()).hasToString("f:4:17");
    assertThat(root.get("g").text()).isEqualTo("text\n");
  }

  @Test
  void columnsCountCharactersAndNotBytes() {
    YamlNode root = YamlFile.parse("f", "{ä𝄞: 1, b: 2}".getBytes(StandardCharsets.UTF_8));

    assertThat(root.keyAt("b")).hasToString("f:1:9");
  }

  @Test
  void byteOrderMarkAndWindowsLineEndsAreTaken() {
    YamlNode root = YamlFile.parse("f", "\uFEFFa: 1\r\nb: x\r\n".getBytes(StandardCharsets.UTF_8));

    assertThat(root.keyAt("a")).hasToString("f:1:1");
    assertThat(root.get("b").text()).isEqualTo("x");
    assertThat(root.get("b").at()).hasToString("f:2:4");
  }

  @ParameterizedTest
  @CsvSource({
    "1, INTEGER", "-7, INTEGER", "0x1F, INTEGER", "0o17, INTEGER", "1.5, NUMBER", "1e3, NUMBER",
    "true, BOOLEAN", "False, BOOLEAN", "yes, TEXT", "on, TEXT", "4.17.7, TEXT", "0x, TEXT",
    "~, NULL", "null, NULL", "52:54:00:12:34:56, TEXT", "'\"1\"', TEXT"
  })
  void plainScalarsMeanWhatYaml12Says(String text, Kind kind) {
    assertThat(((Scalar) YamlFile.parse("f", "a: " + text).get("a")).kind()).isEqualTo(kind);
  }

  @Test
  void valuesAreReadAsWhatTheyAre() {
    YamlNode root =
        YamlFile.parse(
            "f",
            """
            size: 2 GiB
            time: 120 s
            address: 0x40200000
            version: 4.10
            flag: true
            count: 010
            hex: 0x10
            list: [a, 1]
            """);

    assertThat(root.get("size").size()).isEqualTo(ByteSize.parse("2 GiB"));
    assertThat(root.get("time").duration()).isEqualTo(Duration.ofMinutes(2));
    assertThat(root.get("address").address()).isEqualTo(new Address(0x40200000L));
    // a reader that made a number of it would say 4.1
    assertThat(root.get("version").version()).isEqualTo(Version.parse("4.10"));
    assertThat(root.get("flag").bool()).isTrue();
    assertThat(root.get("count").integer()).isEqualTo(10);
    assertThat(root.get("hex").integer()).isEqualTo(16);
    assertThat(root.get("list").texts()).containsExactly("a", "1");
    assertThat(root.find("none")).isEmpty();
  }

  @Test
  void wrongReadsSayWhereAndWhat() {
    YamlNode root = YamlFile.parse("f", "a: x\nb: [1]\nc: 99999999999\n");

    expect(
        () -> root.get("a").integer(), "f:1:4: a whole number is needed here, not the text \"x\"");
    expect(
        () -> root.get("a").size(),
        "f:1:4: \"x\" is not a size; write a whole number and B, KiB, MiB or GiB, such as 768 MiB");
    expect(() -> root.get("b").text(), "f:2:4: a value is needed here, not a list");
    expect(() -> root.get("b").get("x"), "f:2:4: a map is needed here, not a list");
    expect(() -> root.get("c").integer(), "f:3:4: \"99999999999\" is too large");
    expect(() -> root.get("d"), "f:1:1: missing key \"d\"");
  }

  @Test
  void filesAreNamedAsTheyWereAskedFor(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("x.yaml");
    expect(() -> YamlFile.read(file), file + ": there is no such file");
    Files.writeString(file, "a: [");
    expect(
        () -> YamlFile.read(file),
        file
            + ":1:5: not YAML: while parsing a flow node: expected the node content, but found"
            + " '<stream end>'");
    expect(() -> YamlFile.read(folder), folder + ": is a folder, not a file");
  }

  @Test
  void devicesAndPipesAreNotWaitedFor() {
    Path zero = Path.of("/dev/zero");
    Assumptions.assumeTrue(Files.exists(zero), "no /dev/zero here");
    expect(() -> YamlFile.read(zero), "/dev/zero: is not a regular file");
  }

  @Test
  void manyFlowLevelsAndLongScalarsEndInOneLine() {
    for (String hostile :
        new String[] {
          "{".repeat(100_000),
          "- ".repeat(50_000),
          "? ".repeat(50_000),
          "a: ".repeat(1000),
          "\"" + "x".repeat(200_000),
          "|" + "\n x".repeat(50_000),
          "!".repeat(100_000),
          "%YAML 9.9\n---\n",
          "\u0085\u2028",
          "&",
          "*",
          "--- ---",
          "...",
          "[a, b]: c",
          "? {a: b}\n: c"
        }) {
      try {
        YamlFile.parse("f", hostile);
      } catch (ConfigurationException e) {
        assertThat(e.getMessage()).startsWith("f").doesNotContain("\n").hasSizeLessThan(400);
      }
    }
  }

  private static void expect(ThrowingCallable call, String message) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(call)
        .withMessage(message)
        .matches(e -> e.kind() == FailureKind.CONFIGURATION);
  }
}
