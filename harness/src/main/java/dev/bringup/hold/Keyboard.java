package dev.bringup.hold;

import dev.bringup.verdict.BringupException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets one at a time type: the first that does, until it leaves, gives the keyboard back, or
 * somebody takes it. Thread-safe.
 */
final class Keyboard {

  /** Somebody who types. */
  interface Typist {
    /** For people. */
    String who();
  }

  private final Consumer<String> news;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Typist owner; // guarded by lock

  /**
   * @param news told who has the keyboard now, whenever that changes
   */
  Keyboard(Consumer<String> news) {
    this.news = news;
  }

  /** Who has it; empty if nobody. */
  String owner() {
    lock.lock();
    try {
      return owner == null ? "" : owner.who();
    } finally {
      lock.unlock();
    }
  }

  boolean isOf(Typist typist) {
    lock.lock();
    try {
      return typist.equals(owner);
    } finally {
      lock.unlock();
    }
  }

  /** Whether {@code typist} may type now; who asks while nobody has the keyboard, gets it. */
  boolean mayType(Typist typist) {
    lock.lock();
    try {
      if (owner != null) {
        return typist.equals(owner);
      }
    } finally {
      lock.unlock();
    }
    take(typist);
    return true;
  }

  /**
   * As {@link #mayType}, for what is not typed but has the same effect.
   *
   * @throws BringupException (configuration) if somebody else has the keyboard
   */
  void require(Typist typist) {
    if (!mayType(typist)) {
      throw BringupException.configuration("the keyboard is with " + owner());
    }
  }

  void take(Typist typist) {
    if (change(typist, true)) {
      news.accept("the keyboard is with " + typist.who());
    }
  }

  /** Gives it back, if {@code typist} has it. */
  void give(Typist typist) {
    if (change(typist, false)) {
      news.accept("the keyboard is free; " + typist.who() + " had it");
    }
  }

  private boolean change(Typist typist, boolean takes) {
    lock.lock();
    try {
      if (typist.equals(owner) == takes) {
        return false;
      }
      owner = takes ? typist : null;
      return true;
    } finally {
      lock.unlock();
    }
  }
}
