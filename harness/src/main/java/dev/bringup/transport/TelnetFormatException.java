package dev.bringup.transport;

/** Bytes that are neither telnet nor RFC 2217; the message says which rule they break. */
public final class TelnetFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  TelnetFormatException(String message) {
    super(message);
  }
}
