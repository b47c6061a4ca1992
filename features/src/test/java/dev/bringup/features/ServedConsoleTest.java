package dev.bringup.features;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.transport.Peers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./bringup console --serve}: other people's programs at the console of a real board. */
class ServedConsoleTest {
  private static final int LIMIT_SECONDS = 120;

  @TempDir private Path folder;

  /** A client that speaks no protocol. */
  private static final class Client implements AutoCloseable {
    private final Socket socket;
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

    Client(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
    }

    void type(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    /** Reads until it heard that; returns all that it ever heard. */
    String await(String text) throws IOException {
      while (!heard.toString(US_ASCII).contains(text)) {
        int next = socket.getInputStream().read();
        assertThat(next).as("after " + heard).isNotNegative();
        heard.write(next);
      }
      return heard.toString(US_ASCII);
    }

    /** Says that no more comes; the other side hangs up when it has read all. */
    void end() throws IOException {
      socket.shutdownOutput();
      var _ = socket.getInputStream().readAllBytes();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static String said(Launcher.Running holder) {
    try {
      return Files.readString(holder.err());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int port(Launcher.Running holder, String pattern) {
    Matcher line =
        Pattern.compile("console at " + pattern, Pattern.MULTILINE).matcher(said(holder));
    assertThat(line.find()).as(said(holder)).isTrue();
    return Integer.parseInt(line.group(1));
  }

  @Test
  void allReadFromTheBeginningOneTypesAndWhoMayOnlyReadDoesNot() throws Exception {
    String python = Peers.requirePyserial();
    var desk = new WiredDesk(folder);
    Launcher.Running holder =
        new Launcher(Files.createDirectory(folder.resolve("holder")))
            .with("XDG_RUNTIME_DIR", Files.createDirectory(folder.resolve("run")).toString())
            .with("BRINGUP_BOARDS", desk.boards().toString())
            .start(
                "console",
                WiredDesk.BOARD,
                "--quiet=1 h",
                "--serve=tcp://127.0.0.1:0",
                "--serve=telnet://127.0.0.1:0",
                "--serve-read-only=tcp://127.0.0.1:0");
    holder.until("server", () -> said(holder).contains("only to read"));
    try (var reader = new Client(port(holder, "tcp://127.0.0.1:(\\d+)$"));
        var onlooker = new Client(port(holder, "tcp://127.0.0.1:(\\d+), only to read"))) {
      reader.await("Banner of the desk");
      onlooker.await("Banner of the desk");
      onlooker.type("nobody hears this\n");
      onlooker.end();

      pySerialTypes(python, port(holder, "telnet://127.0.0.1:(\\d+)$"));
      reader.await("heard from pySerial");
      holder.until("news", () -> said(holder).contains("keyboard is free; telnet client had it"));
      reader.type("from the reader\n");
      assertThat(reader.await("heard from the reader")).doesNotContain("nobody");
    }
    holder.process().destroy();
    holder.await().tells(128 + 15);
  }

  /** By RFC 2217. */
  private static void pySerialTypes(String python, int port)
      throws IOException, InterruptedException {
    Process typist =
        new ProcessBuilder(
                python,
                "-c",
                """
                import serial, sys
                port = serial.serial_for_url('rfc2217://127.0.0.1:%d', timeout=%d)
                port.write(b'from pySerial\\n')
                heard = port.read_until(b'heard from pySerial')
                port.close()
                sys.exit(not heard.endswith(b'pySerial'))
                """
                    .formatted(port, LIMIT_SECONDS))
            .inheritIO()
            .start();
    assertThat(typist.waitFor()).as("pySerial's exit code").isZero();
  }
}
