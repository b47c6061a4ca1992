package dev.bringup.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.time.FakeClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressTickerTest {

  @Test
  void ticksWhenTheClockSaysSoAndNeverAfterItIsClosed() throws Exception {
    FakeClock clock = new FakeClock();
    CountDownLatch ticked = new CountDownLatch(1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out =
        new PrintStream(bytes, true, StandardCharsets.UTF_8) {
          @Override
          public void print(String text) {
            super.print(text);
            if (text.contains("for")) {
              ticked.countDown();
            }
          }
        };
    BoardProgress progress = BoardProgress.on(out, false, () -> 80, clock);
    progress.stage("b", "rom");
    try (ProgressTicker ticker = ProgressTicker.start(progress, Duration.ofMillis(200), clock)) {
      assertThat(ticker).isNotNull();
      // until the thread has looked at the clock, time may have to move more than once
      for (int i = 0; i < 1000 && !ticked.await(10, TimeUnit.MILLISECONDS); i++) {
        clock.advance(Duration.ofSeconds(6));
      }
      assertThat(ticked.getCount()).isZero();
    }
    String said = bytes.toString(StandardCharsets.UTF_8);
    clock.advance(Duration.ofMinutes(10));
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(said);
  }
}
