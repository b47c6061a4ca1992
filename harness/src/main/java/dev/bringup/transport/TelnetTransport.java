package dev.bringup.transport;

import java.time.Duration;

/**
 * Telnet (RFC 854) with BINARY where the far end agrees: terminal servers, QEMU's {@code -serial
 * telnet:...}. Has BREAK, no modem lines. {@code drain} asks with a TIMING-MARK (RFC 860), which
 * QEMU never answers.
 */
public record TelnetTransport(String host, int port) implements Transport {
  /** How long a far end may take to answer one question. */
  static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

  @Override
  public String name() {
    return "telnet://" + host + ":" + port;
  }

  @Override
  public Connection open() {
    return TelnetConnection.open(name(), host, port, false, ANSWER_LIMIT);
  }
}
