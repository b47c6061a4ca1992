package dev.bringup.artifact;

import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets one process at a time fill a cache. The system frees the lock when its holder dies, however
 * that happens.
 */
final class CacheLock implements AutoCloseable {
  private static final long POLL = TimeUnit.MILLISECONDS.toNanos(100);

  private final FileChannel channel;

  private CacheLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits as long as somebody else holds the lock, and says so once. */
  static CacheLock acquire(Path cache, BoardClock clock, FetchProgress progress) {
    Path file = cache.resolve("lock");
    FileChannel channel =
        Disk.run(
            "open",
            file,
            () -> {
              Files.createDirectories(cache);
              return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            });
    boolean locked = false;
    try {
      boolean told = false;
      while (tryLock(channel) == null) {
        if (!told) {
          progress.update("waiting for another fetch into " + cache, 0, 0);
          told = true;
        }
        await(clock);
      }
      locked = true;
      return new CacheLock(channel);
    } catch (IOException e) {
      throw Disk.failure("lock", file, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BringupException.cancelled("waiting for another fetch was stopped");
    } finally {
      if (!locked) {
        close(channel);
      }
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null; // a thread of this very process has it
    }
  }

  /** A file lock signals nobody, so look again after a while. */
  private static void await(BoardClock clock) throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    Condition never = lock.newCondition();
    long deadline = clock.nanos() + POLL;
    lock.lockInterruptibly();
    try {
      while (clock.nanos() - deadline < 0) {
        clock.await(lock, never, deadline);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    close(channel);
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException _) {
      // the lock is gone either way
    }
  }
}
