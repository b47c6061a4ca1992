package dev.bringup.board;

import dev.bringup.time.BoardClock;
import java.util.Optional;

/**
 * An opened board: its wires are held and its console is being recorded until {@link #close()}.
 *
 * <p>Whether it is emulated, on this desk or behind an agent is nowhere visible but in its file.
 */
public interface Board extends AutoCloseable {

  BoardFile file();

  /** The time that this board's deadlines and recordings are in. */
  BoardClock clock();

  PowerControl power();

  Console console();

  /**
   * A capability that not every board has, such as {@link BoardNetwork}.
   *
   * @return empty if the board does not have it; scenarios that need it are then skipped
   */
  <C> Optional<C> capability(Class<C> capability);

  /** Cuts power, ends the recording and frees everything. Idempotent. */
  @Override
  void close();
}
