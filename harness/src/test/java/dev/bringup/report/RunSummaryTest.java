package dev.bringup.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunSummaryTest {
  private static final Path FOLDER = Path.of("target/bringup/run");

  @Test
  void eachFailureHasVerdictReasonAndWhereToLook() {
    String text = RunSummary.text(SampleRun.run(), FOLDER, false);
    assertThat(text)
        .contains(
            """
            infrastructure error: a large file passes the block wrap: the TFTP server could not read Image-large: No space left on device
              at features/tftp/transfer.feature:41, board qemu-virt, stage bootloader
              try: free some space below the cache folder; ./bringup doctor shows how much is needed
              see: target/bringup/run/transfer-41
            """)
        .endsWith(
            "1 product failure, 1 infrastructure error, 1 unknown in 12 min 42 s (60 scenarios, 54"
                + " passed, 3 skipped)\nreport: target/bringup/run/report.html\n");
    assertThat(text.indexOf("product failure:")).isLessThan(text.indexOf("infrastructure error:"));
    assertThat(text).doesNotContain("\u001b");
  }

  @Test
  void passedRunsTakeTwoLines() {
    String text = RunSummary.text(Reports.run(Reports.PASSED, Reports.PASSED), FOLDER, false);
    assertThat(text.lines())
        .containsExactly(
            "All 2 scenarios passed in 1 min 30 s (2 scenarios)",
            "report: target/bringup/run/report.html");
  }

  @Test
  void anEmptyRunDoesNotLookPassed() {
    assertThat(RunSummary.text(Reports.run(), FOLDER, false)).startsWith("Nothing ran in");
    assertThat(RunSummary.text(Reports.run(Reports.SKIPPED), FOLDER, true))
        .doesNotContain("\u001b[1;32m");
  }

  @Test
  void colourComesOnlyFromUs() {
    String plain = RunSummary.text(Reports.everywhere(Reports.HOSTILE), FOLDER, false);
    assertThat(plain).doesNotContain("\u001b", "\r", "\0");
    // every field is one line, whatever is in it
    assertThat(plain.lines()).hasSize(7);
    String colour =
        RunSummary.text(
            Reports.run(List.of(Reports.PRODUCT).toArray(Outcome[]::new)), FOLDER, true);
    assertThat(colour).contains("\u001b[1;31mproduct failure\u001b[0m: scenario 0: it panicked");
  }
}
