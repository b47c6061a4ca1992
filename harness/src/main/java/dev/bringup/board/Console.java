package dev.bringup.board;

import dev.bringup.console.Recording;

/**
 * A board's UART. Whoever owns the wire records it from before the first power-on; everybody else
 * reads the recording through cursors.
 */
public interface Console {

  /** All that the board ever said since it was opened, and what was typed to it. */
  Recording recording();

  /**
   * Sends bytes to the board and notes them in the recording. Bytes to a board without power go
   * nowhere, as on a real wire. Thread-safe; the bytes of one call stay together.
   *
   * @throws dev.bringup.verdict.BringupException (infrastructure) when the wire is broken
   */
  void write(byte[] bytes);
}
