package dev.bringup.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.console.Recording;
import dev.bringup.time.BoardClock;
import dev.bringup.transport.Connection;
import dev.bringup.transport.PtyTransport;
import dev.bringup.transport.WireEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A console for programs that know serial ports only. */
@Timeout(60)
class ConsolePtyTest {
  private final Recording recording = Recording.inMemory("board", BoardClock.system());
  private final LinkedBlockingQueue<String> board = new LinkedBlockingQueue<>();

  @BeforeEach
  void linux() {
    Assumptions.assumeTrue(
        System.getProperty("os.name").equals("Linux"), "pseudo terminals are opened on Linux only");
  }

  private ConsolePty start() {
    return ConsolePty.start(
        recording, bytes -> board.add(new String(bytes, StandardCharsets.US_ASCII)));
  }

  private void say(String text) {
    recording.append(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String await(Connection connection, String text) {
    var heard = new ByteArrayOutputStream();
    while (!heard.toString(StandardCharsets.US_ASCII).contains(text)) {
      WireEvent event = connection.next();
      assertThat(event).isInstanceOf(WireEvent.Received.class);
      var bytes = ((WireEvent.Received) event).bytes();
      while (bytes.hasRemaining()) {
        heard.write(bytes.get());
      }
    }
    return heard.toString(StandardCharsets.US_ASCII);
  }

  @Test
  void whatTheBoardSaidWaitsForAProgramAndTheNextOneGoesOn() throws InterruptedException {
    try (ConsolePty pty = start()) {
      String much = "0123456789\r\n".repeat(20_000);
      say(much + "first");
      try (Connection program = new PtyTransport(pty.path()).open()) {
        assertThat(await(program, "first")).isEqualTo(much + "first");
        program.write("to the board\n".getBytes(StandardCharsets.US_ASCII));
        var typed = new StringBuilder();
        while (typed.length() < "to the board\n".length()) {
          typed.append(board.take());
        }
        assertThat(typed).hasToString("to the board\n");
      }
      say("second");
      try (Connection program = new PtyTransport(pty.path()).open()) {
        assertThat(await(program, "second")).isEqualTo("second");
      }
    }
  }

  @Test
  void itCanBeTakenAwayWhileNobodyReads() {
    ConsolePty pty = start();
    say("x".repeat(1_000_000));
    pty.close();
    assertThat(recording.isClosed()).isFalse();
  }
}
