package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.board.Board;
import dev.bringup.board.BootStage;
import dev.bringup.boot.BootSession;
import dev.bringup.console.Recording;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The built-in machine in step with the host's time, for people who type when they like. */
class HostTimeBoardTest {
  private static final long LIMIT_NANOS = 120_000_000_000L;

  @Test
  void everyKeyArrivesHoweverTheyCome() {
    try (Board board = RealParts.openInHostTime("emu-virt")) {
      var session = new BootSession(board, stage -> {});
      session.bootTo(BootStage.BOOTLOADER, Optional.empty(), Optional.empty());
      Recording recording = board.console().recording();
      var random = new Random(1);
      for (int line = 0; line < 15; line++) {
        long from = recording.end();
        String text = "echo line number " + line;
        for (byte key : (text + "\r").getBytes(StandardCharsets.US_ASCII)) {
          board.console().write(new byte[] {key});
          LockSupport.parkNanos(random.nextInt(2_000_000));
        }
        long end = board.clock().nanos() + LIMIT_NANOS;
        String expected = text + "\n" + text.substring(5) + "\n=> ";
        for (long seen = recording.end();
            !recording.text(from, seen).endsWith("\n=> ");
            seen = recording.end()) {
          assertThat(recording.awaitBeyond(seen, end)).isTrue();
        }
        assertThat(recording.text(from, recording.end())).isEqualTo(expected);
      }
    }
  }
}
