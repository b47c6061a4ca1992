package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.time.FakeClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  /** More than one part, with lines and characters across the seams. */
  @Test
  void aRecordingIsWrittenAsItsWholeTextReads(@TempDir Path folder) throws IOException {
    var random = new Random(5);
    var pieces = List.of("x", "\r", "\r\n", "\n", "ü", "€", "\ud83d\ude00", "a longer piece ");
    for (int round = 0; round < 4; round++) {
      var recording = Recording.inMemory("b", new FakeClock());
      while (recording.end() < 2_500_000) {
        // In later rounds, hardly a line ends.
        int among = random.nextInt(1000) < 10 >> (2 * round) ? 4 : 0;
        String piece = pieces.get(among == 0 ? 4 + random.nextInt(4) : random.nextInt(among));
        recording.append(piece.getBytes(StandardCharsets.UTF_8));
        if (round % 2 == 1 && random.nextInt(50) == 0) {
          recording.append(new byte[] {(byte) random.nextInt()});
        }
      }
      Path file = folder.resolve("console.log");
      long from = random.nextInt(10);
      ConsoleText.write(recording, from, recording.end() - round, file);
      assertThat(Files.readString(file).equals(recording.text(from, recording.end() - round)))
          .as("round %d", round)
          .isTrue();
    }
  }
}
