package dev.bringup.tftp;

/** Bytes that are not a TFTP packet; the message says which rule they break. */
public final class TftpFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  TftpFormatException(String message) {
    super(message);
  }
}
