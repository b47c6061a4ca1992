package dev.bringup.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.console.Recording;
import dev.bringup.time.BoardClock;
import dev.bringup.transport.Peers;
import dev.bringup.transport.Pty;
import dev.bringup.transport.PtyTransport;
import dev.bringup.transport.WireEvent;
import dev.bringup.wire.ConsoleServer.From;
import dev.bringup.wire.ConsoleServer.Options;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Other people's terminal programs read and write an exported console. */
@Timeout(60)
class ConsolePeersTest {
  private static final String ENDED = "<the program has ended>";

  private final Path folder;
  private final Recording recording = Recording.inMemory("board", BoardClock.system());

  /** What reached the board. */
  private final LinkedBlockingQueue<String> board = new LinkedBlockingQueue<>();

  private final BoardLine line =
      new BoardLine() {
        @Override
        public void write(byte[] bytes) {
          board.add(new String(bytes, StandardCharsets.ISO_8859_1));
        }

        @Override
        public void setBreak(boolean on) {
          board.add("<break " + on + ">");
        }
      };

  ConsolePeersTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private String heard(int count) throws InterruptedException {
    var heard = new StringBuilder();
    while (heard.length() < count) {
      String next = board.take();
      assertThat(next).as("after %s", heard).isNotEqualTo(ENDED);
      heard.append(next);
    }
    return heard.toString();
  }

  private void say(String text) {
    recording.append(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String port(ConsoleServer server) {
    return Integer.toString(server.address().getPort());
  }

  @Test
  void pyserialOpensWritesReadsAndSendsABreak() throws Exception {
    String python = Peers.requirePyserial();
    Path script =
        Files.writeString(
            folder.resolve("client.py"),
            """
            import serial, sys
            url = 'rfc2217://127.0.0.1:' + sys.argv[1]
            port = serial.serial_for_url(url, baudrate=1500000, timeout=20)
            everything = bytes(range(256))
            port.write(everything)
            port.flush()
            assert port.read(256) == everything
            port.send_break(0.05)
            port.baudrate = 9600
            port.reset_input_buffer()
            port.dtr = False
            assert port.cts and port.cd and not port.ri
            port.write(b'end')
            assert port.read(4) == b'bye!'
            port.close()
            """);
    var everything = new StringBuilder();
    for (char c = 0; c < 256; c++) {
      everything.append(c);
    }
    Path talk = folder.resolve("talk");
    try (var server = ConsoleServer.start(recording, line, Options.telnet())) {
      Process process =
          new ProcessBuilder(python, script.toString(), port(server))
              .redirectErrorStream(true)
              .redirectOutput(talk.toFile())
              .redirectInput(new File("/dev/null"))
              .start();
      try {
        var _ = process.onExit().thenRun(() -> board.add(ENDED));
        assertThat(heard(256)).as(Files.readString(talk)).isEqualTo(everything.toString());
        say(everything.toString());
        String rest = "<break true><break false>end";
        assertThat(heard(rest.length())).as(Files.readString(talk)).isEqualTo(rest);
        say("bye!");
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(talk)).isZero();
      } finally {
        process.destroyForcibly();
      }
    }
  }

  @Test
  void socatIsAConsoleOnStandardStreams() throws Exception {
    String socat = Peers.require("socat");
    say("U-Boot\r\n=> ");
    try (var server = ConsoleServer.start(recording, line, Options.raw().from(From.START))) {
      Process process = new ProcessBuilder(socat, "-", "TCP:127.0.0.1:" + port(server)).start();
      try {
        assertThat(process.getInputStream().readNBytes(11))
            .isEqualTo("U-Boot\r\n=> ".getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().write("version\r".getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        assertThat(heard(8)).isEqualTo("version\r");
      } finally {
        process.destroyForcibly();
      }
    }
  }

  /** A program on a terminal of its own, as a person would have it. */
  private static Process onTerminal(Pty terminal, String... command) throws IOException {
    File tty = terminal.path().toFile();
    return new ProcessBuilder(command)
        .redirectInput(tty)
        .redirectOutput(tty)
        .redirectErrorStream(true)
        .start();
  }

  private static void awaitShown(Pty terminal, String text) {
    var shown = new StringBuilder();
    while (!shown.toString().contains(text)) {
      switch (terminal.connection().next()) {
        case WireEvent.Received(var bytes) ->
            shown.append(StandardCharsets.ISO_8859_1.decode(bytes));
        case WireEvent end -> throw new AssertionError(end + " after " + shown);
      }
    }
  }

  private static void type(Pty terminal, String text) {
    terminal.connection().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void aPersonUsesTelnet() throws Exception {
    String telnet = Peers.require("telnet");
    say("U-Boot 2026.10\r\n=> ");
    try (var server = ConsoleServer.start(recording, line, Options.telnet().from(From.START));
        var terminal = Pty.make()) {
      Process process = onTerminal(terminal, telnet, "127.0.0.1", port(server));
      try {
        awaitShown(terminal, "=> ");
        type(terminal, "help\r");
        assertThat(heard(5)).isEqualTo("help\r");
        say("help\r\n?\r\n=> ");
        awaitShown(terminal, "?\r\n=> ");
      } finally {
        process.destroyForcibly();
      }
    }
  }

  @Test
  void aPersonUsesMicrocomWithRfc2217() throws Exception {
    String microcom = Peers.require("microcom");
    try (var server = ConsoleServer.start(recording, line, Options.telnet());
        var terminal = Pty.make()) {
      Process process =
          onTerminal(terminal, microcom, "-s", "115200", "-t", "127.0.0.1:" + port(server));
      try {
        awaitShown(terminal, "connected");
        type(terminal, "help\r");
        assertThat(heard(5)).isEqualTo("help\r");
        say("?\r\n=> ");
        awaitShown(terminal, "=> ");
      } finally {
        process.destroyForcibly();
      }
    }
  }

  @Test
  void aConsoleGoesThroughARecorderAndItsServerToAProgramAndBack() throws Exception {
    String socat = Peers.require("socat");
    try (var uart = Pty.make();
        var recorder = WireRecorder.start(new PtyTransport(uart.path()), recording);
        var server = ConsoleServer.start(recording, recorder, Options.raw().from(From.START))) {
      Process process = new ProcessBuilder(socat, "-", "TCP:127.0.0.1:" + port(server)).start();
      try {
        uart.connection().write("login: ".getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(process.getInputStream().readNBytes(7), StandardCharsets.US_ASCII))
            .isEqualTo("login: ");
        process.getOutputStream().write("root\r".getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        awaitShown(uart, "root\r");
        assertThat(recording.events()).hasSize(1);
      } finally {
        process.destroyForcibly();
      }
    }
  }
}
