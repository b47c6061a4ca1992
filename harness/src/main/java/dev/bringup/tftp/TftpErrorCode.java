package dev.bringup.tftp;

/** The error codes of RFC 1350 (appendix) and RFC 2347 (option negotiation). */
public enum TftpErrorCode {
  /** See the text. */
  UNDEFINED(0),
  FILE_NOT_FOUND(1),
  ACCESS_VIOLATION(2),
  DISK_FULL(3),
  ILLEGAL_OPERATION(4),
  UNKNOWN_TRANSFER_ID(5),
  FILE_EXISTS(6),
  NO_SUCH_USER(7),
  OPTION_REFUSED(8);

  private final int code;

  TftpErrorCode(int code) {
    this.code = code;
  }

  /** The number on the wire, 0 to 8. */
  public int code() {
    return code;
  }
}
