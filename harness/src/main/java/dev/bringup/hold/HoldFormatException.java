package dev.bringup.hold;

import java.io.IOException;

/** The other end of a holder's socket does not speak its protocol. */
public final class HoldFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  HoldFormatException(String message) {
    super(message);
  }
}
