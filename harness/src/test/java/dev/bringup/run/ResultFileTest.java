package dev.bringup.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFileTest {
  private static final byte[] TEXT = "text\n".getBytes(StandardCharsets.US_ASCII);

  private final List<BringupException> problems = new ArrayList<>();

  @Test
  void whatIsWrittenIsInTheFile(@TempDir Path folder) throws IOException {
    try (var file = new ResultFile(folder, "x", problems::add)) {
      file.write(TEXT);
      file.write('!');
    }
    assertThat(folder.resolve("x")).hasContent("text\n!");
    assertThat(problems).isEmpty();
  }

  @Test
  void aFullDiskIsToldOnceAndStopsNobody() throws IOException {
    Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")), "there is no /dev/full");
    try (var file = new ResultFile(Path.of("/dev"), "full", problems::add)) {
      for (int i = 0; i < 3; i++) {
        file.write(TEXT);
        file.flush();
      }
    }
    assertThat(problems)
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
          assertThat(problem).hasMessageContaining("/dev/full").hasMessageContaining("No space");
        });
  }

  @Test
  void aDiskThatTurnsOutToBeFullWhenTheFileIsClosedIsToldToo() throws IOException {
    Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")), "there is no /dev/full");
    var file = new ResultFile(Path.of("/dev"), "full", problems::add);
    file.write(TEXT);
    file.close();
    assertThat(problems).hasSize(1);
  }

  @Test
  void aFileThatCannotBeMadeIsRefused(@TempDir Path folder) {
    assertThatExceptionOfType(BringupException.class)
        .isThrownBy(() -> new ResultFile(folder.resolve("none"), "x", problems::add))
        .matches(failure -> failure.kind() == FailureKind.INFRASTRUCTURE);
  }
}
