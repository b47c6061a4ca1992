package dev.bringup.net;

import java.nio.ByteBuffer;

/**
 * The wire between a board's NIC and the bench LAN. Like a wire it never blocks a sender: what does
 * not fit is lost and counted.
 */
public interface FrameLink extends AutoCloseable {

  /**
   * Begins to deliver what the board sends. Called once.
   *
   * @param receiver called by one thread at a time, which must not be interrupted
   */
  void start(Receiver receiver);

  /**
   * Sends one Ethernet frame, from the buffer's position to its limit, to the board's NIC. Does not
   * block, does not keep the buffer, and need not move the bytes before {@link #flush()}.
   * Thread-safe.
   *
   * @return false when the frame is lost: no NIC is there, or it does not keep up
   */
  boolean send(ByteBuffer frame);

  /** Lets go of all frames sent so far. Does not block. Thread-safe. */
  void flush();

  /** Unplugs the wire. Returns when the receiver will not be called any more. */
  @Override
  void close();

  /** The LAN's end of the wire. */
  interface Receiver {
    /**
     * A frame from the board, in a buffer that is the link's own again after the call.
     *
     * @param frame big-endian
     */
    void frame(ByteBuffer frame);

    /** The NIC appeared (true) or went away (false), as at power-on and power-off. */
    void linkChanged(boolean up);
  }
}
