package dev.bringup.run;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which feature files are found where somebody points. */
class FeatureFilesTest {
  private static final String FEATURE = "Feature: f\n  Scenario: s\n    Given a step\n";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", "\n \r\n", "# only a comment\n", "\ufeff# language: en\n"})
  void aFileWithoutAFeatureIsRefusedByNameAndPassedOverInAFolder(String nothing)
      throws IOException {
    Path empty = write("empty.feature", nothing);
    refused(empty, "empty.feature: there is no feature in this file");
    refused(folder, "no .feature file is in this folder");
    write("one.feature", "\ufeff" + FEATURE);
    assertThat(FeatureFiles.of(folder.toString())).hasSize(1);
  }

  @Test
  void theLinkToNowhereByWhichAnEditorLocksAFileIsNone() throws IOException {
    write("one.feature", FEATURE);
    Files.createSymbolicLink(folder.resolve(".#one.feature"), Path.of("me@host.4711:1"));
    assertThat(FeatureFiles.of(folder.toString())).hasSize(1);
  }

  @Test
  void whatWasBuiltIsPassedOverButAFolderMayLieBelowOneOfThatName() throws IOException {
    write("target/project/features/one.feature", FEATURE);
    write("target/project/features/target/classes/copy.feature", FEATURE);
    Path features = folder.resolve("target/project/features");
    assertThat(FeatureFiles.of(features.toString())).hasSize(1);
    refused(folder, "no .feature file is in this folder");
  }

  @Test
  void aFileOfAnotherKindIsRefused() throws IOException {
    refused(write("README.md", "# Feature"), "a feature file ends in .feature");
    refused(Path.of("/dev/null"), "a feature file ends in .feature");
    refused(folder.resolve("none"), "no such feature file or folder");
  }

  @Test
  void aLineChoosesAScenario() throws IOException {
    Path file = write("a b#c.feature", FEATURE);
    assertThat(FeatureFiles.of(file + ":2"))
        .singleElement()
        .satisfies(each -> assertThat(each.lines()).containsExactly(2));
  }

  private static void refused(Path path, String why) {
    assertThatExceptionOfType(BringupException.class)
        .isThrownBy(() -> FeatureFiles.of(path.toString()))
        .withMessageContaining(why)
        .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION));
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(requireNonNull(file.getParent()));
    return Files.writeString(file, text);
  }
}
