package dev.bringup.transport;

import dev.bringup.transport.LineSettings.AtOpen;
import dev.bringup.verdict.BringupException;
import java.time.Duration;
import java.util.Optional;

/**
 * A serial port behind a terminal server that speaks telnet's COM-PORT option (RFC 2217): ser2net
 * with {@code telnet(rfc2217)}, pyserial's server, Bringup's own. The settings are the server's
 * when {@code open} returns. {@code drain} asks with a TIMING-MARK (RFC 860).
 *
 * @param answerLimit how long the server may take to answer one question
 */
public record Rfc2217Transport(String host, int port, LineSettings settings, Duration answerLimit)
    implements Transport {
  /** UARTs divide a clock: the rate that they really have may be off by this, in percent. */
  private static final int BAUD_TOLERANCE = 3;

  public Rfc2217Transport(String host, int port, LineSettings settings) {
    this(host, port, settings, TelnetTransport.ANSWER_LIMIT);
  }

  @Override
  public String name() {
    return "rfc2217://" + host + ":" + port;
  }

  @Override
  public Optional<LineSettings> line() {
    return Optional.of(settings);
  }

  @Override
  public Connection open() {
    TelnetConnection connection = TelnetConnection.open(name(), host, port, true, answerLimit);
    try {
      apply(connection);
      return connection;
    } catch (RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** In the order that RFC 2217 recommends, each one confirmed. Nothing is purged. */
  private void apply(TelnetConnection to) {
    var baud =
        (ComPortMessage.BaudRate)
            to.ask(
                new ComPortMessage.BaudRate(settings.baud()),
                settings.baud() + " baud",
                answer -> answer instanceof ComPortMessage.BaudRate);
    if (Math.abs(baud.baud() - settings.baud()) > settings.baud() / 100.0 * BAUD_TOLERANCE) {
      throw refused(settings.baud() + " baud", Long.toString(baud.baud()));
    }
    agree(to, new ComPortMessage.DataSize(settings.dataBits()), settings.dataBits() + " data bits");
    agree(
        to,
        new ComPortMessage.Parity(Rfc2217Values.of(settings.parity())),
        "parity " + settings.parity());
    agree(
        to,
        new ComPortMessage.StopSize(Rfc2217Values.of(settings.stopBits())),
        "stop bits " + settings.stopBits());
    agree(
        to,
        new ComPortMessage.Control(Rfc2217Values.of(settings.flowControl())),
        "flow control " + settings.flowControl());
    if (settings.dtr() != AtOpen.KEEP) {
      to.set(ControlLine.DTR, settings.dtr() == AtOpen.ON);
    }
    if (settings.rts() != AtOpen.KEEP) {
      to.set(ControlLine.RTS, settings.rts() == AtOpen.ON);
    }
  }

  private void agree(TelnetConnection to, ComPortMessage wanted, String what) {
    ComPortMessage got =
        to.ask(wanted, what, answer -> answer.getClass().equals(wanted.getClass()));
    if (!got.equals(wanted)) {
      throw refused(what, got.toString());
    }
  }

  private BringupException refused(String wanted, String got) {
    return BringupException.infrastructure(
        name() + " does not set " + wanted + ": it says " + got,
        "another user of the port may hold its settings, or its adapter cannot do this");
  }
}
