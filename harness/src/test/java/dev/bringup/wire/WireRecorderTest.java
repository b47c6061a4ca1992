package dev.bringup.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.Recording;
import dev.bringup.time.BoardClock;
import dev.bringup.transport.Pty;
import dev.bringup.transport.PtyTransport;
import dev.bringup.transport.TcpTransport;
import dev.bringup.transport.Transport;
import dev.bringup.transport.WireEvent;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WireRecorderTest {
  private final Path link;
  private final Transport transport;
  private final Recording recording = Recording.inMemory("board", BoardClock.system());
  private Pty board = Pty.make();

  WireRecorderTest(@TempDir Path folder) throws IOException {
    link = folder.resolve("board");
    transport = new PtyTransport(link);
    Files.createSymbolicLink(link, board.path());
  }

  @BeforeAll
  static void needsLinux() {
    Assumptions.assumeTrue(
        System.getProperty("os.name", "").equals("Linux"), "pseudo terminals need Linux");
  }

  @AfterEach
  void putAway() throws IOException {
    Files.deleteIfExists(link);
    board.close();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void say(String text) {
    board.connection().write(ascii(text));
  }

  private void awaitEnd(long offset) {
    long deadline = recording.clock().nanos() + Duration.ofSeconds(50).toNanos();
    while (recording.end() < offset) {
      assertThat(recording.awaitBeyond(recording.end(), deadline))
          .as("%s bytes of %s", recording.end(), offset)
          .isTrue();
    }
  }

  private String heard(int count) {
    var heard = new StringBuilder();
    while (heard.length() < count) {
      switch (board.connection().next()) {
        case WireEvent.Received(var bytes) ->
            heard.append(StandardCharsets.ISO_8859_1.decode(bytes));
        case WireEvent end -> throw new AssertionError(end.toString());
      }
    }
    return heard.toString();
  }

  private void unplug() throws IOException {
    Files.delete(link);
    board.close();
  }

  private void replug() throws IOException {
    board = Pty.make();
    Files.createSymbolicLink(link, board.path());
  }

  private static void awaitLost(WireRecorder recorder) {
    while (recorder.lost().isEmpty()) {
      Thread.onSpinWait();
    }
  }

  private List<String> marks() {
    return recording.events().stream()
        .filter(ConsoleEvent.Mark.class::isInstance)
        .map(event -> event.offset() + " " + ((ConsoleEvent.Mark) event).text())
        .toList();
  }

  @Test
  void whatTheBoardSaysIsRecordedAndWhatIsTypedIsNoted() {
    try (var recorder = WireRecorder.start(transport, recording)) {
      say("=> ");
      awaitEnd(3);
      recorder.write(ascii("version\r"));
      assertThat(recorder.drain(Duration.ofSeconds(10))).isTrue();
      assertThat(heard(8)).isEqualTo("version\r");
      assertThat(recording.text(0, 3)).isEqualTo("=> ");
      assertThat(recording.events())
          .singleElement()
          .isInstanceOfSatisfying(
              ConsoleEvent.Typed.class,
              typed -> {
                assertThat(typed.bytes()).isEqualTo("version\r");
                assertThat(typed.offset()).isEqualTo(3);
              });
    }
  }

  @Test
  void aLostWireIsAGapAndNothingSaidAfterItsReturnIsMissing() throws IOException {
    try (var recorder = WireRecorder.start(transport, recording)) {
      say("before");
      awaitEnd(6);
      unplug();
      awaitLost(recorder);
      board = Pty.make();
      say("first words"); // before anybody has opened it
      Files.createSymbolicLink(link, board.path());
      awaitEnd(17);
      assertThat(recording.text(0, 17)).isEqualTo("beforefirst words");
      assertThat(marks())
          .containsExactly(
              "6 " + ConsoleEvent.Mark.WIRE_LOST,
              "6 wire lost: the far end was closed",
              "6 wire back: pty " + link);
      recorder.write(ascii("x"));
      assertThat(heard(1)).isEqualTo("x");
    }
  }

  @Test
  void typingIntoAGapFailsWithTheReasonAndIsNotNoted() throws IOException {
    try (var recorder = WireRecorder.start(transport, recording)) {
      unplug();
      awaitLost(recorder);
      assertThatThrownBy(() -> recorder.write(ascii("reset\r")))
          .isInstanceOf(BringupException.class)
          .hasMessageContaining("board: the wire is lost")
          .extracting(e -> ((BringupException) e).hint().orElseThrow())
          .asString()
          .contains(link.toString());
      assertThat(recording.events()).noneMatch(ConsoleEvent.Typed.class::isInstance);
    }
  }

  @Test
  void aWireThatIsNotThereAtTheStartIsAFailure() throws IOException {
    unplug();
    assertThatThrownBy(() -> WireRecorder.start(transport, recording))
        .isInstanceOf(BringupException.class)
        .hasMessageContaining(link.toString());
    assertThat(recording.isClosed()).isFalse();
  }

  @Test
  void closingGivesTheWireBackAndEndsTheRecordingAlsoDuringAGap() throws IOException {
    var recorder = WireRecorder.start(transport, recording);
    unplug();
    awaitLost(recorder);
    recorder.close();
    assertThat(recording.isClosed()).isTrue();
    replug();
    var again = Recording.inMemory("board", BoardClock.system());
    WireRecorder.start(transport, again).close();
    WireRecorder.start(transport, Recording.inMemory("board", BoardClock.system())).close();
    assertThat(again.isClosed()).isTrue();
    assertThatThrownBy(() -> recorder.write(ascii("x"))).hasMessageContaining("given back");
  }

  @Test
  void breakIsRefusedByAWireWithoutOneAndLeavesNoMark() {
    try (var recorder = WireRecorder.start(transport, recording)) {
      assertThatThrownBy(() -> recorder.sendBreak(Duration.ofMillis(1)))
          .isInstanceOf(BringupException.class)
          .hasMessageContaining("no BREAK");
      assertThat(marks()).isEmpty();
    }
  }

  @Test
  void aServerThatComesAndGoesLosesNoLineThatItSent() throws IOException {
    int cycles = 40;
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> {
            for (int i = 0; i < cycles; i++) {
              try (var socket = listener.accept()) {
                socket.getOutputStream().write(ascii("boot %03d\r\n".formatted(i)));
              } catch (IOException e) {
                return; // the test has failed before
              }
            }
          });
      var tcp = new TcpTransport("127.0.0.1", listener.getLocalPort());
      try (var _ = WireRecorder.start(tcp, recording)) {
        awaitEnd(cycles * 10L);
      }
    }
    String all = new String(recording.bytes(0, recording.end()), StandardCharsets.ISO_8859_1);
    for (int i = 0; i < cycles; i++) {
      assertThat(all.substring(i * 10)).startsWith("boot %03d\r\n".formatted(i));
    }
    assertThat(marks().stream().filter(mark -> mark.endsWith(ConsoleEvent.Mark.WIRE_LOST)))
        .hasSizeGreaterThanOrEqualTo(cycles - 1);
  }
}
