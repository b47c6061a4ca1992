package dev.bringup.tftp;

/** How a transfer ended. */
public sealed interface TftpOutcome {
  /** Every byte was transferred, and the receiver said so. */
  record Completed() implements TftpOutcome {}

  /** The server ended it, or never began it, with this ERROR packet. */
  record Refused(int code, String text) implements TftpOutcome {}

  /** The client ended it with this ERROR packet. */
  record Aborted(int code, String text) implements TftpOutcome {}

  /** The client fell silent. */
  record TimedOut() implements TftpOutcome {}
}
