package dev.bringup.console;

/**
 * The way to the board. Whoever implements it notes what it sends in the console's recording
 * ({@link Recording#typed}), so that a reader sees what was typed and when.
 */
@FunctionalInterface
public interface Wire {
  /**
   * Sends bytes.
   *
   * @throws dev.bringup.verdict.BringupException (infrastructure) if the wire is gone
   */
  void write(byte[] bytes);

  /** {@code raw} with what is sent noted in {@code recording} first. */
  static Wire noting(Recording recording, Wire raw) {
    return bytes -> {
      recording.typed(bytes);
      raw.write(bytes);
    };
  }
}
