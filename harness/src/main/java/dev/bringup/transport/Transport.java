package dev.bringup.transport;

import java.util.Optional;

/**
 * A way to a board's UART. It outlives its connections: a port that was unplugged is found again by
 * the same properties, perhaps under another name. Thread-safe.
 */
public interface Transport {

  /** What is meant, for messages: {@code serial port usb-FTDI_..., rfc2217://lab7:4001}. */
  String name();

  /**
   * Opens the way now, or says why that cannot be done now. What the board says from here on is
   * kept until it is read.
   *
   * @throws dev.bringup.verdict.BringupException (infrastructure) if the wire is absent, in use or
   *     its far end does not agree to the settings; (configuration) if no far end could agree
   */
  Connection open();

  /** How the bits go over the line; empty if the wire has no such thing. */
  default Optional<LineSettings> line() {
    return Optional.empty();
  }
}
