package dev.bringup.tftp;

import org.jspecify.annotations.Nullable;

/**
 * One transfer as a state machine without sockets or clock: packets and time go in, packets come
 * out of the {@link Outbox}. Not thread-safe. Times are nanoseconds of one clock.
 */
sealed interface Transfer permits ReadTransfer, WriteTransfer {
  /** How long a client that begins anew has been silent at least. */
  long SILENCE_NANOS = 1_000_000_000L;

  /** Sends the first answer; called once. */
  void start(long now, Outbox out);

  /** A packet from the client's own address and port. */
  void receive(TftpPacket packet, long now, Outbox out);

  /** Sends again, or gives up, if {@link #deadline()} is reached. */
  void tick(long now, Outbox out);

  /** Sends again what waits for an answer, without waiting for the deadline. */
  void resend(long now, Outbox out);

  /**
   * The client sent its request again: the answer to it is sent again, unless the client has seen
   * it. Then the request is either a duplicate that the network made, or the client begins anew,
   * which it does only after a silence.
   *
   * @return true if the client begins anew
   */
  boolean requestAgain(long now, Outbox out);

  /** Ends the transfer with an ERROR packet. */
  void refuse(TftpErrorCode code, String text, Outbox out);

  /** When {@link #tick} is wanted next. */
  long deadline();

  /** How it ended; null while it has not. */
  @Nullable TftpOutcome outcome();

  /** True when nothing that may still arrive needs an answer. */
  boolean closed();

  /** True if nothing is missing but an ACK. */
  boolean nearlyDone();

  /** Payload bytes that both sides know to have arrived. */
  long bytes();

  /** Packets sent again, of blocks or in their place. */
  long retransmitted();
}
