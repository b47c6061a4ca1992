package dev.bringup.tftp;

/**
 * Is told about each transfer. Calls come from one thread of the server, one after the other, and
 * may block for a while without slowing transfers down. A listener must not close the server.
 */
public interface TransferListener {
  /** A request was accepted, and its first answer is about to be sent. */
  default void started(TransferStarted transfer) {}

  /** A request was refused, or a transfer ended. Refusals and failures are told at once. */
  void finished(TftpTransfer transfer);
}
