package dev.bringup.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConsoleExcerptTest {

  @Test
  void keepsTheFailureLineAndCountsWhatItLeavesOutForEveryPosition() {
    for (int failure = 0; failure < 30; failure++) {
      ConsoleExcerpt whole = Reports.console(30, failure, "line");
      ConsoleExcerpt some = whole.around(5, 3);
      assertThat(some.lines()).hasSizeLessThanOrEqualTo(9);
      assertThat(some.lines().get(some.failureLine())).isEqualTo(whole.lines().get(failure));
      assertThat(some.linesBefore()).isEqualTo(Math.max(0, failure - 5));
      assertThat(some.linesBefore() + some.lines().size() + some.linesAfter()).isEqualTo(30);
    }
  }

  @Test
  void keepsTheEndIfNoLineShowsTheFailure() {
    ConsoleExcerpt some = Reports.console(30, -1, "line").around(5, 3);
    assertThat(some.lines()).hasSize(9);
    assertThat(some.lines().getLast().text()).isEqualTo("line 29");
    assertThat(some.failureLine()).isEqualTo(-1);
    assertThat(some.linesBefore()).isEqualTo(21);
  }

  @Test
  void addsToWhatWasLeftOutBefore() {
    ConsoleExcerpt whole =
        new ConsoleExcerpt(Reports.console(10, 4, "line").lines(), 4, 1_000, 2_000);
    ConsoleExcerpt some = whole.around(1, 1);
    assertThat(some.linesBefore()).isEqualTo(1_003);
    assertThat(some.linesAfter()).isEqualTo(2_004);
  }
}
