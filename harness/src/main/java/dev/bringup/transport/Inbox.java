package dev.bringup.transport;

import dev.bringup.verdict.BringupException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What came and was not read yet, and how the connection ended. A reader who does not keep up holds
 * the wire's thread when {@value #LIMIT} bytes wait, so that the far end's flow control can work.
 * Thread-safe.
 */
final class Inbox {
  static final int LIMIT = 4 << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<WireEvent.Received> waiting = new ArrayDeque<>();
  private int bytes;
  private @Nullable WireEvent end;

  /** Adds received bytes; false if the connection has ended. */
  boolean put(byte[] from, int start, int length) {
    if (length == 0) {
      return end() == null;
    }
    lock.lock();
    try {
      while (bytes >= LIMIT && end == null) {
        changed.awaitUninterruptibly();
      }
      if (end != null) {
        return false;
      }
      waiting.add(WireEvent.Received.copyOf(from, start, length));
      bytes += length;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The first end counts. Bytes of before a loss can still be read, those before a close not. */
  boolean end(WireEvent how) {
    lock.lock();
    try {
      if (how instanceof WireEvent.Closed) {
        waiting.clear();
        bytes = 0;
        boolean first = end == null;
        end = how;
        changed.signalAll();
        return first;
      }
      if (end != null) {
        return false;
      }
      end = how;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Nullable WireEvent end() {
    lock.lock();
    try {
      return end;
    } finally {
      lock.unlock();
    }
  }

  WireEvent take(String name) {
    lock.lock();
    try {
      while (waiting.isEmpty() && end == null) {
        changed.await();
      }
      WireEvent.Received next = waiting.poll();
      if (next == null) {
        return Objects.requireNonNull(end);
      }
      bytes -= next.bytes().remaining();
      changed.signalAll();
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BringupException.cancelled("interrupted while reading from " + name);
    } finally {
      lock.unlock();
    }
  }

  /** Throws if the connection has ended. */
  void requireOpen(String name) {
    switch (end()) {
      case WireEvent.Lost(String reason) -> throw gone(name, reason);
      case WireEvent.Closed() -> throw gone(name, "it was closed");
      case null, default -> {}
    }
  }

  static BringupException gone(String name, String reason) {
    return BringupException.infrastructure(
        "cannot send to " + name + ": " + reason, "check the cable, or wait for the wire's return");
  }
}
