package dev.bringup.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.transport.Connection.Ability;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every transport does; a subclass brings the far end of its wire. */
@Timeout(60)
public abstract class TransportContractSuite {
  /** The board's end of a wire. Reads and writes block. */
  protected interface FarEnd extends AutoCloseable {
    Transport transport();

    /** Sends to the harness. */
    void say(byte[] bytes) throws Exception;

    /** Takes this many bytes from the harness. */
    byte[] hear(int count) throws Exception;

    /** Waits for a BREAK; only called with that ability. */
    default void hearBreak() throws Exception {}

    /** Breaks the wire. */
    void unplug() throws Exception;

    /** Makes a wire again, under another name where it has one. */
    void replug() throws Exception;

    @Override
    void close() throws java.io.IOException;
  }

  /** 1.5 Mbaud are 150,000 bytes a second; this is two seconds of them. */
  private static final int BURST = 300_000;

  private static final Executor THREADS = task -> Thread.ofVirtual().start(task);
  private static final Duration LONG = Duration.ofSeconds(30);

  private FarEnd far;

  protected abstract FarEnd farEnd() throws Exception;

  @BeforeEach
  void plug() throws Exception {
    far = farEnd();
  }

  @AfterEach
  void putAway() throws Exception {
    if (far != null) {
      far.close();
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] read(Connection from, int count) {
    var out = new ByteArrayOutputStream(count);
    while (out.size() < count) {
      switch (from.next()) {
        case WireEvent.Received(var bytes) -> out.writeBytes(copied(bytes));
        case WireEvent end ->
            throw new AssertionError(end + " after " + out.size() + " of " + count + " bytes");
      }
    }
    return out.toByteArray();
  }

  static byte[] copied(ByteBuffer bytes) {
    var copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }

  private static long crc(byte[] bytes) {
    var crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }

  private static byte[] noise(long seed) {
    var bytes = new byte[BURST];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static <T> CompletableFuture<T> meanwhile(java.util.concurrent.Callable<T> task) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return task.call();
          } catch (RuntimeException e) {
            throw e;
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        THREADS);
  }

  @Test
  void bytesOfAllValuesPassBothWaysUnchanged() throws Exception {
    try (Connection connection = far.transport().open()) {
      var all = new byte[512];
      for (int i = 0; i < all.length; i++) {
        all[i] = (byte) (i < 256 ? i : 511 - i);
      }
      connection.write(all);
      assertThat(far.hear(all.length)).isEqualTo(all);
      far.say(all);
      assertThat(read(connection, all.length)).isEqualTo(all);
      connection.write(ascii("\r\r\n\n\r"));
      assertThat(far.hear(5)).isEqualTo(ascii("\r\r\n\n\r"));
    }
  }

  @Test
  void whatTwoSecondsOfAFastUartSayArrivesInBothDirectionsAtOnce() throws Exception {
    try (Connection connection = far.transport().open()) {
      byte[] down = noise(1);
      byte[] up = noise(2);
      var said =
          meanwhile(() -> {
            for (int at = 0; at < up.length; at += 1000) {
              far.say(java.util.Arrays.copyOfRange(up, at, at + 1000));
            }
            return true;
          });
      var heard = meanwhile(() -> far.hear(down.length));
      var written =
          meanwhile(() -> {
            for (int at = 0; at < down.length; at += 1500) {
              connection.write(java.util.Arrays.copyOfRange(down, at, at + 1500));
            }
            return true;
          });
      assertThat(crc(read(connection, up.length))).isEqualTo(crc(up));
      assertThat(crc(heard.get())).isEqualTo(crc(down));
      assertThat(said.get() && written.get()).isTrue();
    }
  }

  @Test
  void whatTheBoardSaidBeforeAnybodyReadIsKept() throws Exception {
    try (Connection connection = far.transport().open()) {
      far.say(ascii("U-Boot 2026.10\r\n"));
      far.say(ascii("=> "));
      assertThat(read(connection, 19)).isEqualTo(ascii("U-Boot 2026.10\r\n=> "));
    }
  }

  @Test
  void breakReachesTheFarEndOrIsRefusedByName() throws Exception {
    try (Connection connection = far.transport().open()) {
      if (connection.abilities().contains(Ability.BREAK)) {
        connection.setBreak(true);
        connection.setBreak(false);
        far.hearBreak();
        connection.write(ascii("b"));
        assertThat(far.hear(1)).isEqualTo(ascii("b"));
      } else {
        assertThatThrownBy(() -> connection.setBreak(true))
            .isInstanceOf(BringupException.class)
            .hasMessageContaining(connection.name())
            .extracting(e -> ((BringupException) e).kind())
            .isEqualTo(FailureKind.CONFIGURATION);
      }
    }
  }

  @Test
  void linesAreSetOrRefusedByName() {
    try (Connection connection = far.transport().open()) {
      if (!connection.abilities().contains(Ability.MODEM_LINES)) {
        assertThatThrownBy(() -> connection.set(ControlLine.RTS, true))
            .isInstanceOf(BringupException.class)
            .hasMessageContaining(connection.name());
        assertThat(connection.modemLines()).isEmpty();
      }
    }
  }

  @Test
  void drainReturnsWhenTheBytesAreOnTheirWay() throws Exception {
    try (Connection connection = far.transport().open()) {
      byte[] line = ascii("printenv\r");
      connection.write(line);
      assertThat(connection.drain(LONG)).isTrue();
      assertThat(far.hear(line.length)).isEqualTo(line);
    }
  }

  @Test
  void aLostWireIsAnEventForTheReaderAndAFailureForTheWriter() throws Exception {
    try (Connection connection = far.transport().open()) {
      far.say(ascii("last words"));
      assertThat(read(connection, 10)).isEqualTo(ascii("last words"));
      var next = meanwhile(connection::next);
      far.unplug();
      assertThat(next.get()).isInstanceOf(WireEvent.Lost.class);
      assertThat(connection.next()).isInstanceOf(WireEvent.Lost.class);
      assertThatThrownBy(() -> connection.write(ascii("x")))
          .isInstanceOf(BringupException.class)
          .hasMessageContaining(connection.name())
          .extracting(e -> ((BringupException) e).kind())
          .isEqualTo(FailureKind.INFRASTRUCTURE);
    }
  }

  @Test
  void aWireThatReturnsIsOpenedAgainByTheSameTransport() throws Exception {
    Transport transport = far.transport();
    try (Connection connection = transport.open()) {
      far.unplug();
      assertThat(connection.next()).isInstanceOf(WireEvent.Lost.class);
    }
    assertGone(transport);
    far.replug();
    try (Connection connection = transport.open()) {
      far.say(ascii("back"));
      assertThat(read(connection, 4)).isEqualTo(ascii("back"));
      connection.write(ascii("hello"));
      assertThat(far.hear(5)).isEqualTo(ascii("hello"));
    }
  }

  /** Opening says so, or the first thing that is read. */
  private static void assertGone(Transport transport) {
    try (Connection connection = transport.open()) {
      WireEvent next = connection.next();
      while (next instanceof WireEvent.Received) { // some servers say why
        next = connection.next();
      }
      assertThat(next).isInstanceOf(WireEvent.Lost.class);
    } catch (BringupException e) {
      assertThat(e.kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
      assertThat(e).hasMessageContaining(transport.name());
      assertThat(e.hint()).isPresent();
    }
  }

  @Test
  void closeFromAnotherThreadEndsAReader() throws Exception {
    Connection connection = far.transport().open();
    var next = meanwhile(connection::next);
    connection.close();
    assertThat(next.get()).isEqualTo(new WireEvent.Closed());
    connection.close();
    assertThatThrownBy(() -> connection.write(ascii("x"))).isInstanceOf(BringupException.class);
  }

  @Test
  void aSecondUserIsToldThatTheWireIsTaken() throws Exception {
    try (Connection first = far.transport().open()) {
      far.say(ascii("1"));
      assertThat(read(first, 1)).isEqualTo(ascii("1"));
      assertGone(far.transport());
      far.say(ascii("2"));
      assertThat(read(first, 1)).as("the first one keeps it").isEqualTo(ascii("2"));
    }
  }
}
