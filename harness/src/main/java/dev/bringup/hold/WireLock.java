package dev.bringup.hold;

import dev.bringup.board.BoardFile;
import dev.bringup.verdict.BringupException;
import java.util.Map;
import java.util.Optional;

/**
 * The right to use a real board's wires, for a process that nobody attaches to. An emulated board
 * has its wires in the process that runs it, and needs no right.
 */
public final class WireLock implements AutoCloseable {
  private final Optional<HoldLock> lock;

  private WireLock(Optional<HoldLock> lock) {
    this.lock = lock;
  }

  /**
   * Takes the board of a file; to be closed after the board.
   *
   * @param environment of this process
   * @param verb what this process is, for whoever meets it at the board
   * @throws BringupException (infrastructure) at once if another process, or another part of this
   *     one, holds the board
   */
  public static WireLock take(BoardFile file, Map<String, String> environment, String verb) {
    if (file.machine() != null) {
      return new WireLock(Optional.empty());
    }
    var place = HoldPlace.of(file.name(), environment);
    Optional<HoldLock> lock = HoldLock.takeAlone(place, HoldPlace.who(verb));
    if (lock.isEmpty()) {
      throw place.refusal();
    }
    return new WireLock(lock);
  }

  @Override
  public void close() {
    lock.ifPresent(HoldLock::close);
  }
}
