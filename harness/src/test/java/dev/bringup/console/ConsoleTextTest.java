package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.time.FakeClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConsoleTextTest {
  @Test
  void bytesThatAreNotUtf8AreShownAsHex() {
    assertThat(ConsoleText.of(new byte[] {'a', (byte) 0xff, (byte) 0xc3, (byte) 0xbc, (byte) 0xc3}))
        .isEqualTo("a\\xFFü\\xC3");
  }

  @Test
  void lineEndsAreLineFeeds() {
    byte[] bytes = "a\r\nb\r\r\nc\rd\r".getBytes(StandardCharsets.US_ASCII);
    assertThat(ConsoleText.of(bytes)).isEqualTo("a\nb\nc\rd\r");
  }

  @Test
  void linesCanBeShownWithTheirTimes() {
    var clock = new FakeClock();
    var recording = Recording.inMemory("b", clock);
    recording.append("one\r\n".getBytes(StandardCharsets.US_ASCII));
    clock.advance(Duration.ofMillis(1234));
    recording.append("two".getBytes(StandardCharsets.US_ASCII));
    assertThat(ConsoleText.timed(recording, 0, recording.end(), 0))
        .isEqualTo("     0.000  one\n     1.234  two\n");
  }
}
