package dev.bringup.steps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StepsPageTest {
  private static final Path ROOT = Path.of(System.getProperty("bringup.root", ".."));
  private static final Path PAGE = ROOT.resolve("docs/steps.md");
  private static final Path SOURCES = ROOT.resolve("harness/src/main/java/dev/bringup/steps");

  @Test
  void thePageSaysWhatTheCodeSays() throws IOException {
    String expected = StepsPage.of(SOURCES);
    if (Boolean.getBoolean("bringup.renew")) {
      Files.writeString(PAGE, expected);
    }
    assertThat(Files.readString(PAGE))
        .as(
            "docs/steps.md is stale; renew it with:"
                + " mvn -pl harness test -Dtest=StepsPageTest -Dbringup.renew=true")
        .isEqualTo(expected);
  }

  @Test
  void thePageHasEveryStepOfEveryKind() throws IOException {
    assertThat(StepsPage.of(SOURCES))
        .contains("| `{duration}` | `120 s`, `500 ms`, `2 min` |")
        .contains("## U-Boot\n\nWhat U-Boot does at its prompt.")
        .contains("- **Given** `the board is at {stage}`  \n  Leaves a board that is at this stage")
        .contains("- **When** `U-Boot runs {string} within {duration}`")
        .contains("- **Then** `the command fails with exit code {int}`");
  }
}
