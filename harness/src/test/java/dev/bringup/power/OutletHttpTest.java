package dev.bringup.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that break HTTP, or stretch it. */
@Timeout(120)
class OutletHttpTest {
  private final CountDownLatch end = new CountDownLatch(1);
  private final ServerSocket server = listen();

  private interface Peer {
    void serve(OutputStream out) throws IOException, InterruptedException;
  }

  private static ServerSocket listen() {
    try {
      return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() throws IOException {
    end.countDown();
    server.close();
  }

  private OutletHttp http(Duration within, Peer peer) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (true) {
              Socket socket = server.accept();
              Thread.ofVirtual()
                  .start(() -> {
                    try (socket) {
                      peer.serve(socket.getOutputStream());
                    } catch (IOException | InterruptedException e) {
                      // The client has left.
                    }
                  });
            }
          } catch (IOException e) {
            // The test is over.
          }
        });
    return new OutletHttp(
        Outlet.named("outlet 1 of box"),
        "127.0.0.1",
        server.getLocalPort(),
        within,
        Optional.empty());
  }

  private static void assertError(OutletHttp http, String part) {
    assertThatThrownBy(() -> http.get("/state"))
        .isInstanceOfSatisfying(
            BringupException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INFRASTRUCTURE))
        .message()
        .startsWith("outlet 1 of box ")
        .contains(part)
        .hasSizeLessThan(400)
        .doesNotContainPattern("\\p{Cntrl}");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SSH-2.0-dropbear\r\n",
        "HTTP/1.1 2\u0001\u001b[31m0 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
      })
  void whatIsNotHttpIsGarbage(String answer) {
    assertError(
        http(Duration.ofSeconds(60), out -> out.write(ascii(answer))),
        "does not speak HTTP as it should: ");
  }

  @Test
  @SuppressWarnings("StringConcatToTextBlock") // its line ends are the protocol's
  void aRedirectIsNotFollowed() {
    assertError(
        http(
            Duration.ofSeconds(60),
            out ->
                out.write(
                    ascii(
                        "HTTP/1.1 302 Found\r\n"
                            + "Location: http://example.org/\r\n"
                            + "Content-Length: 0\r\n\r\n"))),
        "refuses: HTTP status 302");
  }

  @Test
  void anAnswerThatIsTooLongIsNotReadToItsEnd() {
    assertError(
        http(
            Duration.ofSeconds(60),
            out -> {
              out.write(ascii("HTTP/1.1 200 OK\r\n\r\n"));
              while (true) {
                out.write(new byte[8192]);
              }
            }),
        "does not speak HTTP as it should: ");
  }

  @Test
  void headersWithoutEndEnd() {
    assertError(
        http(
            Duration.ofSeconds(60),
            out -> {
              out.write(ascii("HTTP/1.1 200 OK\r\n"));
              for (long i = 0; ; i++) {
                out.write(ascii("X-%d: %s\r\n".formatted(i, "y".repeat(4000))));
              }
            }),
        "does not speak HTTP as it should: ");
  }

  /** A byte now and then keeps a connection alive, but not the order. */
  @Test
  void anAnswerThatDripsIsLeftAtTheLimit() {
    assertError(
        http(
            Duration.ofMillis(300),
            out -> {
              out.write(ascii("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"));
              while (!end.await(20, TimeUnit.MILLISECONDS)) {
                out.write(' ');
                out.flush();
              }
            }),
        "gave no answer within 300 ms");
  }

  @Test
  void aNameThatNobodyHasIsSaid() {
    var http =
        new OutletHttp(
            Outlet.named("outlet 1 of box"),
            "x".repeat(70) + ".invalid", // too long for a name server to be asked
            80,
            Duration.ofSeconds(60),
            Optional.empty());
    assertError(http, "cannot be reached: there is no host of this name");
  }
}
