package dev.bringup.tftp;

/** A request that the server answers with an ERROR packet. */
public final class TftpRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final TftpErrorCode code;

  /**
   * @param text one line for the client's console
   */
  public TftpRefusedException(TftpErrorCode code, String text) {
    super(text);
    this.code = code;
  }

  /** The code of the ERROR packet. */
  public TftpErrorCode code() {
    return code;
  }

  /** The text of the ERROR packet. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
