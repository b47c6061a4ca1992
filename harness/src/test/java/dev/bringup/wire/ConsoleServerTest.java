package dev.bringup.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.console.Recording;
import dev.bringup.time.BoardClock;
import dev.bringup.transport.Connection;
import dev.bringup.transport.ControlLine;
import dev.bringup.transport.LineSettings;
import dev.bringup.transport.ModemLines;
import dev.bringup.transport.Rfc2217Transport;
import dev.bringup.transport.TcpTransport;
import dev.bringup.transport.WireEvent;
import dev.bringup.verdict.BringupException;
import dev.bringup.wire.ConsoleServer.From;
import dev.bringup.wire.ConsoleServer.Options;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConsoleServerTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Recording recording = Recording.inMemory("board", BoardClock.system());

  /** What reached the board, one entry for each thing. */
  private final LinkedBlockingQueue<String> board = new LinkedBlockingQueue<>();

  /** An emulated board's line: bytes only. */
  private final BoardLine bytesOnly =
      bytes -> board.add(new String(bytes, StandardCharsets.ISO_8859_1));

  /** A real one with a BREAK and lines. */
  private final class SerialLine implements BoardLine {
    @Override
    public void write(byte[] bytes) {
      bytesOnly.write(bytes);
    }

    @Override
    public void setBreak(boolean on) {
      board.add("break " + on);
    }

    @Override
    public void set(ControlLine line, boolean on) {
      board.add(line + " " + on);
    }

    @Override
    public Optional<LineSettings> line() {
      return Optional.of(LineSettings.of(1_500_000));
    }

    @Override
    public Optional<ModemLines> modemLines() {
      return Optional.of(new ModemLines(true, false, false, false));
    }
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Connection raw(ConsoleServer server) {
    return new TcpTransport("127.0.0.1", server.address().getPort()).open();
  }

  private static Connection rfc2217(ConsoleServer server, int baud) {
    return new Rfc2217Transport("127.0.0.1", server.address().getPort(), LineSettings.of(baud))
        .open();
  }

  private static byte[] read(Connection from, int count) {
    var out = new ByteArrayOutputStream(count);
    while (out.size() < count) {
      switch (from.next()) {
        case WireEvent.Received(var bytes) -> {
          var copy = new byte[bytes.remaining()];
          bytes.get(copy);
          out.writeBytes(copy);
        }
        case WireEvent end -> throw new AssertionError(end + " after " + out.size() + " bytes");
      }
    }
    return out.toByteArray();
  }

  private String heard(int count) throws InterruptedException {
    var heard = new StringBuilder();
    while (heard.length() < count) {
      heard.append(board.take());
    }
    return heard.toString();
  }

  @Test
  void manyReadersGetEveryByteWhileOneDoesNotReadAtAll() throws Exception {
    var bytes = new byte[3_000_000];
    new Random(7).nextBytes(bytes);
    recording.append(bytes, 0, 1_000_000);
    try (var server = ConsoleServer.start(recording, bytesOnly, Options.raw().from(From.START));
        var asleep = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
      List<Connection> readers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        readers.add(raw(server));
      }
      recording.append(bytes, 1_000_000, 2_000_000);
      for (Connection each : readers) {
        assertThat(Arrays.equals(read(each, bytes.length), bytes)).isTrue();
        each.close();
      }
      assertThat(asleep.isClosed()).isFalse();
    }
  }

  @Test
  void telnetReadersGetTheSameBytes() {
    var bytes = new byte[100_000];
    new Random(8).nextBytes(bytes);
    recording.append(bytes);
    try (var server = ConsoleServer.start(recording, bytesOnly, Options.telnet().from(From.START));
        var reader = rfc2217(server, 115_200)) {
      assertThat(Arrays.equals(read(reader, bytes.length), bytes)).isTrue();
    }
  }

  @Test
  void aReaderFromNowOnMissesWhatWasBefore() throws Exception {
    recording.append(latin("old"));
    try (var server = ConsoleServer.start(recording, bytesOnly, Options.raw());
        var reader = raw(server)) {
      reader.write(latin("?"));
      assertThat(heard(1)).as("it is connected").isEqualTo("?");
      recording.append(latin("new"));
      assertThat(read(reader, 3)).isEqualTo(latin("new"));
    }
  }

  @Test
  void theFirstThatTypesIsTheWriterUntilItLeaves() throws Exception {
    try (var server = ConsoleServer.start(recording, bytesOnly, Options.telnet());
        var second = rfc2217(server, 9600)) {
      var first = rfc2217(server, 9600);
      first.write(latin("one"));
      assertThat(heard(3)).isEqualTo("one");
      second.write(latin("dropped"));
      assertThat(second.drain(LONG)).as("it has been dealt with").isTrue();
      first.write(latin("two"));
      assertThat(heard(3)).isEqualTo("two");
      first.close();
      second.write(latin("three")); // waits until the server says that it may
      assertThat(heard(5)).isEqualTo("three");
    }
  }

  @Test
  void aReadOnlyConsolePassesNothingToTheBoard() {
    try (var server =
            ConsoleServer.start(recording, new SerialLine(), Options.telnet().withoutWriter());
        var client = rfc2217(server, 1_500_000)) {
      client.write(latin("reset\r"));
      assertThatThrownBy(() -> client.setBreak(true)).isInstanceOf(BringupException.class);
      assertThat(client.drain(LONG)).isTrue();
      assertThat(board).isEmpty();
      recording.append(latin("still read"));
      assertThat(read(client, 10)).isEqualTo(latin("still read"));
    }
  }

  @Test
  void breakAndLinesReachTheBoardInTheirOrder() {
    try (var server =
            ConsoleServer.start(recording, new SerialLine(), Options.telnet().withLines());
        var client = rfc2217(server, 1_500_000)) {
      client.setBreak(true);
      client.setBreak(false);
      client.set(ControlLine.RTS, false);
      client.write(latin("t"));
      assertThat(client.drain(LONG)).isTrue();
      assertThat(board).containsExactly("break true", "break false", "RTS false", "t");
      assertThat(client.modemLines()).contains(new ModemLines(true, false, false, false));
    }
  }

  @Test
  void linesOfAClientDoNotResetABoardUnlessThatIsWanted() {
    try (var server = ConsoleServer.start(recording, new SerialLine(), Options.telnet());
        var client = rfc2217(server, 1_500_000)) {
      client.set(ControlLine.DTR, false);
      assertThat(client.drain(LONG)).isTrue();
      assertThat(board).isEmpty();
    }
  }

  @Test
  void aLineWithSettingsTellsThemToAClientThatWantsOthers() {
    try (var server = ConsoleServer.start(recording, new SerialLine(), Options.telnet())) {
      assertThatThrownBy(() -> rfc2217(server, 9600))
          .isInstanceOf(BringupException.class)
          .hasMessageContaining("does not set 9600 baud: it says 1500000");
    }
  }

  @Test
  void theEndOfTheRecordingIsToldAfterItsLastByte() {
    try (var server = ConsoleServer.start(recording, bytesOnly, Options.raw().from(From.START));
        var reader = raw(server)) {
      recording.append(latin("bye"));
      recording.close();
      assertThat(read(reader, 3)).isEqualTo(latin("bye"));
      assertThat(reader.next()).isInstanceOf(WireEvent.Lost.class);
    }
  }

  @Test
  void closingSendsAllAwayAndFreesTheAddress() {
    var server = ConsoleServer.start(recording, bytesOnly, Options.raw());
    try (var reader = raw(server)) {
      server.close();
      assertThat(reader.next()).isInstanceOf(WireEvent.Lost.class);
    }
    ConsoleServer.start(recording, bytesOnly, Options.raw().at(server.address())).close();
  }

  @Test
  void aTakenAddressIsNamed() {
    try (var server = ConsoleServer.start(recording, bytesOnly, Options.raw())) {
      assertThatThrownBy(
              () -> ConsoleServer.start(recording, bytesOnly, Options.raw().at(server.address())))
          .isInstanceOf(BringupException.class)
          .hasMessageContaining(String.valueOf(server.address().getPort()));
    }
  }
}
