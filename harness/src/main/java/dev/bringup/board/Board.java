package dev.bringup.board;

import dev.bringup.time.BoardClock;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Random;

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

  /**
   * Where the words come from that mark what is typed to this board, so that no output of it can
   * fake them. A board that repeats bit for bit gives the same ones whenever it is opened.
   */
  default Random marks() {
    return new SecureRandom();
  }

  /** Cuts power, ends the recording and frees everything. Idempotent. */
  @Override
  void close();
}
