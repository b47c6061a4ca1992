package dev.bringup.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTextTest {

  @Test
  void barsFollowOneAnotherOnOneAxis() {
    List<String> lines = TimelineText.text(SampleRun.boot(0)).lines().toList();
    assertThat(lines).hasSize(5);
    assertThat(lines.get(2)).contains("hypervisor", "5.3 s", "limit 30.0 s");
    for (int i = 1; i < lines.size(); i++) {
      assertThat(lines.get(i).indexOf('='))
          .isGreaterThanOrEqualTo(lines.get(i - 1).lastIndexOf('='));
    }
    assertThat(lines).allMatch(line -> line.lastIndexOf('|') == lines.getFirst().lastIndexOf('|'));
  }

  @Test
  void secondBootsAndStagesNotReachedAreNamed() {
    List<StageSpan> spans =
        List.of(
            new StageSpan(1, "firmware", Duration.ZERO, Duration.ofSeconds(1), null, true),
            new StageSpan(2, "firmware", Duration.ZERO, Duration.ofSeconds(2), null, false));
    assertThat(TimelineText.text(spans).lines())
        .hasSize(4)
        .anyMatch(line -> line.equals("boot 2"))
        .anyMatch(line -> line.contains("x|") && line.endsWith("not reached"));
  }

  @Test
  void nothingAndNoTimeAtAllAreFine() {
    assertThat(TimelineText.text(List.of())).isEmpty();
    StageSpan span = new StageSpan(1, "rom", Duration.ZERO, Duration.ZERO, Duration.ZERO, true);
    assertThat(TimelineText.text(List.of(span))).contains("rom", "0 s");
  }
}
