package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.time.BoardClock;
import dev.bringup.time.FakeClock;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;

/** Bytes come out at the times at which they came in, or in proportion to them. */
class RecordingPlaybackTest {

  /** Whoever waits sees his deadline at once. */
  private static final class PatientClock implements BoardClock {
    private long now;

    @Override
    public long nanos() {
      return now;
    }

    @Override
    public void await(Lock lock, Condition changed, long deadline) {
      now = deadline;
    }
  }

  private static List<String> played(double speed) throws IOException {
    var then = new FakeClock();
    var recording = Recording.inMemory("b", then);
    then.advance(Duration.ofSeconds(5));
    recording.append("a".getBytes(StandardCharsets.US_ASCII));
    then.advance(Duration.ofSeconds(1));
    recording.mark("scenario \"x\" begins");
    recording.append("b".getBytes(StandardCharsets.US_ASCII));
    then.advance(Duration.ofSeconds(60));
    recording.append("c".getBytes(StandardCharsets.US_ASCII));
    var clock = new PatientClock();
    List<String> played = new ArrayList<>();
    var out =
        new OutputStream() {
          @Override
          public void write(int b) {
            played.add((char) b + " at " + Duration.ofNanos(clock.nanos()).toMillis());
          }
        };
    RecordingPlayback.play(recording, out, clock, speed);
    return played;
  }

  @Test
  void itBeginsAtOnceAndKeepsThePauses() throws IOException {
    assertThat(played(1)).containsExactly("a at 0", "b at 1000", "c at 61000");
  }

  @Test
  void aFactorMakesItFasterOrSlower() throws IOException {
    assertThat(played(10)).containsExactly("a at 0", "b at 100", "c at 6100");
    assertThat(played(0.5)).containsExactly("a at 0", "b at 2000", "c at 122000");
  }
}
