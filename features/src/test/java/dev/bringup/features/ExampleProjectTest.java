package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example project under docs/ works as it stands there. */
class ExampleProjectTest {
  private static final Path ROOT = RealParts.root();
  private static final Path PROJECT = ROOT.resolve("docs/example-project");
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  @TempDir private Path folder;

  private record Ended(int exitCode, String said) {}

  @Test
  void mavenWouldRunItsFeaturesWithItsOwnStep() throws Exception {
    assumeTools();
    Path classes = compile();
    copyFeatures();
    Ended ended = runJUnitClass(classes);
    assertThat(ended.said())
        .contains("1 passed, 0 failed, 0 aborted")
        .contains("passed: The bootloader introduces itself: the banner names the program");
    assertThat(ended.exitCode()).isZero();
    try (Stream<Path> runs = Files.list(folder.resolve("target/bringup"))) {
      assertThat(runs.filter(run -> Files.exists(run.resolve("report.html")))).hasSize(1);
    }
  }

  @Test
  void aFailureOfTheProductIsAFailedAssertionWithItsPlace() throws Exception {
    assumeTools();
    Path classes = compile();
    copyFeatures();
    Path feature = folder.resolve("src/test/features/greeting.feature");
    Files.writeString(feature, Files.readString(feature).replace("U-Boot 20", "barebox"));
    Ended ended = runJUnitClass(classes);
    assertThat(ended.said())
        .contains("0 passed, 1 failed, 0 aborted")
        .contains("AssertionFailedError")
        .contains("greeting.feature:3: the bootloader did not say \"barebox\"");
    assertThat(ended.exitCode()).isEqualTo(1);
  }

  @Test
  void theCommandLineRunsItsFeaturesWithItsClasses() throws Exception {
    assumeTools();
    Ended ended =
        run(
            List.of(
                ROOT.resolve("bringup").toString(),
                "run",
                PROJECT.resolve("src/test/features").toString(),
                "--glue",
                compile().toString(),
                "--boards",
                ROOT.resolve("boards").toString()));
    assertThat(ended.said()).contains("The scenario passed");
    assertThat(ended.exitCode()).isZero();
  }

  @Test
  void itsPomNamesTheVersionsOfThisBuild() throws IOException {
    String ours = Files.readString(ROOT.resolve("pom.xml"));
    String theirs = Files.readString(PROJECT.resolve("pom.xml"));
    assertThat(first(theirs, "<bringup.version>([^<]+)<"))
        .isEqualTo(first(ours, "<artifactId>bringup-parent</artifactId>\\s*<version>([^<]+)<"));
    for (String property : List.of("<junit.version>([^<]+)<", "<maven.compiler.release>([^<]+)<")) {
      assertThat(first(theirs, property)).isEqualTo(first(ours, property));
    }
    for (String plugin : List.of("toolchains", "resources", "compiler", "surefire")) {
      String version = "<artifactId>maven-" + plugin + "-plugin</artifactId>\\s*<version>([^<]+)<";
      assertThat(first(theirs, version)).as(plugin).isEqualTo(first(ours, version));
    }
  }

  private static String first(String text, String pattern) {
    var matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(pattern).isTrue();
    return matcher.group(1);
  }

  private static void assumeTools() {
    RealParts.assumeQemu();
    var _ = RealParts.file("u-boot-qemu-debian12", "u-boot.bin");
  }

  private Path compile() throws IOException {
    var compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    Path classes = Files.createDirectories(folder.resolve("classes"));
    var errors = new java.io.ByteArrayOutputStream();
    var arguments =
        new ArrayList<>(
            List.of("-proc:none", "-parameters", "-cp", CLASS_PATH, "-d", classes.toString()));
    try (Stream<Path> sources = Files.walk(PROJECT.resolve("src/test/java"))) {
      sources
          .map(Path::toString)
          .filter(source -> source.endsWith(".java"))
          .forEach(arguments::add);
    }
    int code = compiler.run(null, null, errors, arguments.toArray(String[]::new));
    assertThat(code).as(errors.toString(StandardCharsets.UTF_8)).isZero();
    return classes;
  }

  private void copyFeatures() throws IOException {
    Path features = Files.createDirectories(folder.resolve("src/test/features"));
    try (Stream<Path> all = Files.list(PROJECT.resolve("src/test/features"))) {
      for (Path feature : all.toList()) {
        Files.copy(feature, features.resolve(feature.getFileName()));
      }
    }
  }

  private Ended runJUnitClass(Path classes) throws IOException, InterruptedException {
    return run(
        List.of(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-cp",
            classes + File.pathSeparator + CLASS_PATH,
            JUnitClass.class.getName(),
            "com.example.BoardTest"));
  }

  /** Runs a process in the temporary folder. */
  private Ended run(List<String> command) throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.getOutputStream().close();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("ended in time").isTrue();
    } finally {
      process.destroy();
    }
    String said = Files.readString(output);
    return new Ended(process.exitValue(), said);
  }
}
