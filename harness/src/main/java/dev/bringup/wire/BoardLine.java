package dev.bringup.wire;

import dev.bringup.console.Wire;
import dev.bringup.transport.ControlLine;
import dev.bringup.transport.LineSettings;
import dev.bringup.transport.ModemLines;
import dev.bringup.verdict.BringupException;
import java.util.Optional;

/**
 * The way to a board with what a serial line has beside bytes. A line without such things, as that
 * of an emulated board, is one lambda. Thread-safe.
 */
@FunctionalInterface
public interface BoardLine extends Wire {

  /**
   * Begins or ends a BREAK.
   *
   * @throws BringupException (configuration) if the line has none, (infrastructure) if the wire is
   *     gone
   */
  default void setBreak(boolean on) {
    throw BringupException.configuration("this console has no BREAK");
  }

  /**
   * Sets a line to the board.
   *
   * @throws BringupException (configuration) if there is none, (infrastructure) if the wire is gone
   */
  default void set(ControlLine line, boolean on) {
    throw BringupException.configuration("this console has no DTR and RTS");
  }

  /** Whoever typed here has left; somebody else may. */
  default void released() {}

  /** How the bits go over the line; empty if it has no such thing. */
  default Optional<LineSettings> line() {
    return Optional.empty();
  }

  /** The lines from the board as last seen; empty as long as nothing is known. */
  default Optional<ModemLines> modemLines() {
    return Optional.empty();
  }
}
