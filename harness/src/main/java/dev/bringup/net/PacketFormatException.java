package dev.bringup.net;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;

/** A frame, packet or message that breaks its format; the only thing that a decoder here throws. */
public final class PacketFormatException extends BringupException {
  private static final long serialVersionUID = 1L;

  PacketFormatException(String message) {
    super(FailureKind.PROTOCOL, message, null, null);
  }
}
