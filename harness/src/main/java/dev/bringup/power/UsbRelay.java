package dev.bringup.power;

import dev.bringup.config.YamlNode;
import dev.bringup.time.BoardClock;
import dev.bringup.transport.Connection;
import dev.bringup.transport.LineSettings;
import dev.bringup.transport.SerialPortName;
import dev.bringup.transport.SerialTransport;
import dev.bringup.transport.Transport;
import dev.bringup.transport.WireEvent;
import dev.bringup.verdict.BringupException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A channel of a USB relay board on a serial port: LCUS-1 and its larger sisters, 9600 baud. A
 * frame is {@code A0}, the channel from 1, what to do, and the low byte of their sum: 0 off, 1 on,
 * 5 asks, and the answer has 0 or 1 there (LCTech's description of the "LC USB switch communication
 * protocol"). Older boards do not answer; {@code reads-back} says that this one does.
 *
 * <p>The port is open only for an exchange, so that the boards of one relay board can share it.
 */
final class UsbRelay implements PowerSwitch {
  private static final int START = 0xa0;
  private static final int ASK = 5;
  private static final int FRAME = 4;

  /** A board that has said so much without a frame is none of these. */
  private static final int MAX_NOISE = 256;

  private final Outlet outlet;
  private final Transport port;
  private final int channel;
  private final boolean readsBack;
  private final Duration within;
  private final BoardClock clock = BoardClock.system();

  private UsbRelay(Outlet outlet, Transport port, int channel, boolean readsBack, Duration within) {
    this.outlet = outlet;
    this.port = port;
    this.channel = channel;
    this.readsBack = readsBack;
    this.within = within;
  }

  static PowerSwitch open(YamlNode.Mapping map) {
    var settings = DriverSettings.of("usb-relay", map, "port", "channel", "baud", "reads-back");
    int channel = settings.number("channel", 1, 16, 1);
    String port = settings.text("port");
    SerialPortName name;
    try {
      name = SerialPortName.parse(port);
    } catch (BringupException e) {
      throw map.get("port").wrong(String.valueOf(e.getMessage()));
    }
    return new UsbRelay(
        Outlet.named("channel " + channel + " of the USB relay at " + port),
        new SerialTransport(name, LineSettings.of(settings.number("baud", 300, 1_000_000, 9600))),
        channel,
        settings.flag("reads-back"),
        settings.within(Duration.ofSeconds(5)));
  }

  @Override
  public String outlet() {
    return outlet.name();
  }

  @Override
  public void set(boolean on) {
    long deadline = deadline();
    try (Connection connection = connect(deadline)) {
      send(connection, on ? 1 : 0, deadline);
      if (readsBack) {
        var _ = ask(connection, deadline); // it has the order before the port is closed
      }
    }
  }

  @Override
  public PowerState read() {
    if (!readsBack) {
      return PowerState.UNKNOWN;
    }
    long deadline = deadline();
    try (Connection connection = connect(deadline)) {
      return ask(connection, deadline);
    }
  }

  private long deadline() {
    return clock.nanos() + within.toNanos();
  }

  private Duration left(long deadline) {
    return Duration.ofNanos(Math.max(deadline - clock.nanos(), 1));
  }

  private PowerState ask(Connection connection, long deadline) {
    CompletableFuture<PowerState> answer = new CompletableFuture<>();
    Thread.ofVirtual().name(outlet.name()).start(() -> listen(connection, answer));
    try {
      send(connection, ASK, deadline);
      return outlet.await(answer, left(deadline).toNanos(), within);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof BringupException failure
          ? failure
          : new IllegalStateException(e.getCause());
    }
  }

  /** Opens the port; one that somebody else has open may be free in a moment. */
  private Connection connect(long deadline) {
    var opened = new AtomicReference<@Nullable Connection>();
    var failure = new AtomicReference<@Nullable BringupException>();
    try {
      var _ =
          Patience.until(
              () -> {
                try {
                  opened.set(port.open());
                  return true;
                } catch (BringupException e) {
                  failure.set(e);
                  return false;
                }
              },
              left(deadline));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw outlet.interrupted();
    }
    Connection connection = opened.get();
    if (connection == null) {
      throw lost(failure.get());
    }
    return connection;
  }

  private BringupException lost(@Nullable BringupException why) {
    return outlet.unreachable(
        why == null ? "it is gone" : String.valueOf(why.getMessage()),
        Optional.ofNullable(why)
            .flatMap(BringupException::hint)
            .orElse("check that the relay board is plugged in"));
  }

  private void send(Connection connection, int order, long deadline) {
    byte sum = (byte) (START + channel + order);
    boolean sent;
    try {
      connection.write(new byte[] {(byte) START, (byte) channel, (byte) order, sum});
      sent = connection.drain(left(deadline));
    } catch (BringupException e) {
      throw lost(e);
    }
    if (!sent) {
      throw outlet.silent(within);
    }
  }

  private void listen(Connection connection, CompletableFuture<PowerState> answer) {
    try {
      var said = ByteBuffer.allocate(MAX_NOISE);
      Optional<PowerState> state = Optional.empty();
      while (state.isEmpty()) {
        switch (connection.next()) {
          case WireEvent.Received(ByteBuffer bytes) -> {
            while (bytes.hasRemaining() && said.hasRemaining()) {
              said.put(bytes.get());
            }
            state = state(said);
            if (state.isEmpty() && !said.hasRemaining()) {
              throw garbage(said);
            }
          }
          case WireEvent.Lost(String reason) ->
              throw outlet.unreachable(reason, "check that the relay board is plugged in");
          case WireEvent.Closed() -> {
            return;
          }
        }
      }
      answer.complete(state.get());
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  /** What the first whole frame of this channel says; empty if there is none yet. */
  private Optional<PowerState> state(ByteBuffer said) {
    for (int i = 0; i + FRAME <= said.position(); i++) {
      int state = said.get(i + 2);
      if ((said.get(i) & 0xff) == START
          && said.get(i + 1) == channel
          && said.get(i + 3) == (byte) (START + channel + state)) {
        if (state != 0 && state != 1) {
          throw garbage(said);
        }
        return Optional.of(state == 1 ? PowerState.ON : PowerState.OFF);
      }
    }
    return Optional.empty();
  }

  private BringupException garbage(ByteBuffer said) {
    byte[] start = new byte[Math.min(said.position(), 16)];
    said.get(0, start);
    return outlet.garbage(HexFormat.ofDelimiter(" ").formatHex(start), "a frame with state 0 or 1");
  }
}
