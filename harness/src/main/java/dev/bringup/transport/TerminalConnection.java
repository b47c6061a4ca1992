package dev.bringup.transport;

import dev.bringup.time.Threads;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** One side of a pseudo terminal. */
final class TerminalConnection implements Connection {
  private static final int BUFFER = 16 * 1024;

  private final String name;
  private final int fd;
  private final int wakeRead;
  private final int wakeWrite;
  private final Inbox inbox = new Inbox();
  private final ReentrantLock sending = new ReentrantLock();
  private final ReentrantLock waking = new ReentrantLock();
  private final Thread thread;
  private boolean released; // written under sending and waking

  private TerminalConnection(String name, int fd, int[] wake) {
    this.name = name;
    this.fd = fd;
    this.wakeRead = wake[0];
    this.wakeWrite = wake[1];
    // Native waits pin a virtual thread.
    thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  /** Takes over {@code fd}, which does not block. */
  static TerminalConnection of(String name, int fd) throws Posix.Failure {
    var connection = new TerminalConnection(name, fd, Posix.pipe());
    connection.thread.start();
    return connection;
  }

  private void run() {
    String reason = "the far end was closed";
    var buffer = new byte[BUFFER];
    try {
      while (inbox.end() == null) {
        var _ = Posix.poll(fd, Posix.POLLIN, wakeRead);
        int count = inbox.end() == null ? readOnce(buffer) : 0;
        if (count == 0) {
          break;
        }
        inbox.put(buffer, 0, Math.max(0, count));
      }
    } catch (Posix.Failure e) {
      reason = e.errno == Posix.EIO ? reason : String.valueOf(e.getMessage());
    }
    inbox.end(new WireEvent.Lost(reason));
    wake(); // a writer that waits, so that it lets go of the lock
    sending.lock();
    waking.lock();
    try {
      released = true;
      Posix.close(fd);
      Posix.close(wakeRead);
      Posix.close(wakeWrite);
    } finally {
      waking.unlock();
      sending.unlock();
    }
  }

  /** The bytes read, 0 at the end, -1 when there is nothing now. */
  private int readOnce(byte[] buffer) throws Posix.Failure {
    try {
      return Posix.read(fd, buffer);
    } catch (Posix.Failure e) {
      if (e.errno == Posix.EAGAIN || e.errno == Posix.EINTR) {
        return -1;
      }
      throw e;
    }
  }

  /** Ends all waits for good: nobody reads the byte. */
  private void wake() {
    waking.lock();
    try {
      if (!released) {
        Posix.write(wakeWrite, new byte[1], 0, 1);
      }
    } catch (Posix.Failure e) {
      throw new IllegalStateException("pipe of " + name, e);
    } finally {
      waking.unlock();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<Ability> abilities() {
    return Set.of();
  }

  @Override
  public WireEvent next() {
    return inbox.take(name);
  }

  @Override
  public void write(byte[] bytes) {
    sending.lock();
    try {
      int done = 0;
      while (done < bytes.length) {
        inbox.requireOpen(name);
        if (released) {
          throw Inbox.gone(name, "it was closed");
        }
        try {
          done += Posix.write(fd, bytes, done, bytes.length - done);
        } catch (Posix.Failure e) {
          if (e.errno != Posix.EAGAIN && e.errno != Posix.EINTR) {
            throw Inbox.gone(name, String.valueOf(e.getMessage()));
          }
          var _ = Posix.poll(fd, Posix.POLLOUT, wakeRead);
        }
      }
      inbox.requireOpen(name);
    } catch (Posix.Failure e) {
      throw Inbox.gone(name, String.valueOf(e.getMessage()));
    } finally {
      sending.unlock();
    }
  }

  @Override
  public boolean drain(Duration limit) {
    inbox.requireOpen(name);
    return true; // what is written lies at the far end
  }

  @Override
  public void setBreak(boolean on) {
    throw Refusals.noBreak(name, "a pseudo terminal has no wire");
  }

  @Override
  public void set(ControlLine line, boolean on) {
    throw Refusals.noLines(name, "a pseudo terminal has no wire");
  }

  @Override
  public Optional<ModemLines> modemLines() {
    return Optional.empty();
  }

  @Override
  public void close() {
    inbox.end(new WireEvent.Closed());
    wake();
    Threads.join(thread); // then it is free for others
  }
}
