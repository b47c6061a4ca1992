package dev.bringup.hold;

import dev.bringup.board.Board;
import dev.bringup.board.BoardBackend;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardSite;
import java.util.concurrent.atomic.AtomicBoolean;

/** A board that this process holds, and that others attach to. Thread-safe. */
public final class HeldBoard implements AutoCloseable {
  private final HoldLock lock;
  private final Board board;
  private final HoldServer server;
  private final AtomicBoolean closed = new AtomicBoolean();

  private HeldBoard(HoldLock lock, Board board, HoldServer server) {
    this.lock = lock;
    this.board = board;
    this.server = server;
  }

  /**
   * Opens a board whose lock this process has, for whoever types when he likes.
   *
   * @param lock given back with the board, also if this fails
   * @param releasable whether others may end the hold
   */
  public static HeldBoard open(
      HoldPlace place,
      HoldLock lock,
      BoardBackend backend,
      BoardFile file,
      BoardSite site,
      boolean releasable) {
    try {
      Board board = backend.open(file, site.inHostTime());
      try {
        return new HeldBoard(lock, board, HoldServer.start(place, board, releasable));
      } catch (RuntimeException e) {
        board.close();
        throw e;
      }
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  public Board board() {
    return board;
  }

  public HoldServer server() {
    return server;
  }

  /** Whether this process is letting go of the board, from before its power is cut. */
  public boolean isClosed() {
    return closed.get();
  }

  /** Tells the others, cuts the board's power and lets the next one hold it. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      server.close();
    } finally {
      try {
        board.close();
      } finally {
        lock.close();
      }
    }
  }
}
