package dev.bringup.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A UDP service that is part of the LAN instead of behind a host socket. Everything it does, it
 * does inside these calls, so that what a board sees depends on nothing but what the board sent and
 * its time. Calls come from one thread at a time.
 *
 * <p>Times are nanoseconds of the LAN's clock.
 */
public interface LanService {
  /** Whether datagrams to {@code port} of the LAN's server are for this service. */
  boolean listensOn(int port);

  /**
   * Takes a datagram.
   *
   * @param board whom it came from
   * @param port where it was sent to, one that the service listens on
   * @param payload the LAN's own again after the call; big-endian
   */
  void datagram(InetSocketAddress board, int port, ByteBuffer payload, long now, Answers out);

  /** When {@link #tick} is wanted; {@link Long#MAX_VALUE} for never. */
  long deadline();

  /**
   * Time has come to {@code now}, which may be before {@link #deadline()}. At or after it, the
   * service does what is due, and its deadline moves on.
   */
  void tick(long now, Answers out);

  /** The board's NIC went away, as at power-off: nobody will answer. */
  void boardGone(long now);

  /** The LAN is about to close. The last call. */
  void stop(long now, Answers out);

  /** The way to boards. The same one in all calls; good inside of them only. */
  interface Answers {
    /** Room for the payload of the next datagram, big-endian, for as much as UDP can carry. */
    ByteBuffer payload();

    /**
     * Sends what was put into {@link #payload()}. Like anything on a network it can be lost.
     *
     * @param port of the LAN's server, which the board sees as the sender's
     * @param board that has sent something to a service before
     */
    void send(int port, InetSocketAddress board);
  }
}
