package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.console.Tmux;
import dev.bringup.transport.Peers;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The key of {@code ./bringup console} for BREAK, which Linux takes for magic SysRq. */
class WiredBreakTest {
  private static final int IAC = 255;
  private static final int BREAK = 243;
  private static final byte[] WILL_ECHO = {(byte) IAC, (byte) 251, 1};

  /**
   * pySerial's server of RFC 2217, with a board at its port that says what it notices: a BREAK, and
   * as SysRq the character that follows it.
   */
  private static final String TERMINAL_SERVER =
      """
      import serial.rfc2217, socket
      from serial.urlhandler.protocol_loop import Serial

      class Board(Serial):
          sysrq = False
          def _update_break_state(self):
              say('BREAK on' if self._break_state else 'BREAK off')
              self.sysrq = True

      class Client:
          def write(self, data):
              connection.sendall(data)

      def say(text):
          connection.sendall(b''.join(ports.escape(text.encode() + b'\\r\\n')))

      listener = socket.create_server(('127.0.0.1', 0))
      print(listener.getsockname()[1], flush=True)
      connection, _ = listener.accept()
      board = Board('loop://')
      ports = serial.rfc2217.PortManager(board, Client())
      while data := connection.recv(1024):
          for byte in ports.filter(data):
              say(('SysRq ' if board.sysrq else 'heard ') + byte.decode())
              board.sysrq = False
      """;

  @TempDir private Path folder;

  private Tmux console(WiredDesk desk) throws IOException, InterruptedException {
    return Tmux.running(
        Files.createDirectory(folder.resolve("ada")),
        100,
        40,
        "export XDG_RUNTIME_DIR='%s' BRINGUP_BOARDS='%s'; '%s' console desk; exec cat"
            .formatted(
                Files.createDirectory(folder.resolve("run")),
                desk.boards(),
                RealParts.root().resolve("bringup")));
  }

  @Test
  void breakReachesATerminalServerAndTheNextKeyIsSysRqs() throws Exception {
    Process server =
        new ProcessBuilder(Peers.requirePyserial(), "-c", TERMINAL_SERVER)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      String port = server.inputReader().readLine();
      var desk =
          new WiredDesk(folder, "{driver: rfc2217, host: 127.0.0.1, port: %s}".formatted(port));
      try (Tmux ada = console(desk)) {
        ada.await("Ctrl-] q quits");
        ada.press("t");
        ada.await("heard t");
        ada.press("C-]", "b");
        ada.await("BREAK off");
        ada.press("h");
        assertThat(ada.await("SysRq h")).containsSubsequence("heard t", "BREAK on", "BREAK off");
        ada.press("C-]", "q");
      }
    } finally {
      server.destroyForcibly();
    }
  }

  @Test
  void breakReachesATelnetServer() throws Exception {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listener.setSoTimeout((int) TimeUnit.SECONDS.toMillis(120));
      var desk =
          new WiredDesk(
              folder,
              "{driver: telnet, host: 127.0.0.1, port: %d}".formatted(listener.getLocalPort()));
      try (Tmux ada = console(desk);
          Socket server = listener.accept()) {
        server.setSoTimeout((int) TimeUnit.SECONDS.toMillis(120));
        server.getOutputStream().write(WILL_ECHO);
        ada.await("Ctrl-] q quits");
        ada.press("C-]", "b");
        awaitBreak(server.getInputStream());
      }
    }
  }

  private static void awaitBreak(InputStream in) throws IOException {
    int last = 0;
    for (int next = in.read(); last != IAC || next != BREAK; next = in.read()) {
      assertThat(next).as("the end").isNotNegative();
      last = next;
    }
  }

  @Test
  void whereAWireHasNoneTheReasonIsSaid() throws Exception {
    try (Tmux ada = console(new WiredDesk(folder))) {
      ada.await("Banner of the desk");
      ada.press("C-]", "b");
      ada.await("a program's standard input carries bytes only");
      ada.press("C-]", "q");
    }
  }
}
