package dev.bringup.tftp;

import java.time.Duration;

/**
 * What each packet of one transfer passes on its way from the server to the client: the place for
 * faults. Used by one thread at a time.
 */
@FunctionalInterface
public interface PacketPath {
  /** Puts {@code packet}, something else or nothing on the wire. */
  void pass(byte[] packet, Wire wire);

  /** The way to the client. An ERROR packet on it ends the transfer. */
  interface Wire {
    void send(byte[] packet);

    /**
     * Sends after {@code delay} of wall time, or of the time of a server without one, if the
     * transfer still goes on.
     */
    void sendLater(Duration delay, byte[] packet);
  }
}
