package dev.bringup.console;

import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Plays what a board said to a terminal, with the pauses that it made. */
public final class RecordingPlayback {
  private RecordingPlayback() {}

  /**
   * Writes all bytes as they came, beginning at once, and returns with the last one.
   *
   * @param clock by which to wait
   * @param speed above 0; 2 plays twice as fast as it was
   * @throws IOException if {@code out} cannot be written any more
   * @throws BringupException (cancelled) if the thread is interrupted
   */
  public static void play(Recording recording, OutputStream out, BoardClock clock, double speed)
      throws IOException {
    long started = clock.nanos();
    long first = recording.timeAt(0);
    for (RecordedCourse.Entry entry : RecordedCourse.of(recording)) {
      if (entry instanceof RecordedCourse.Said said) {
        waitUntil(clock, started + (long) ((said.nanos() - first) / speed), recording.name());
        out.write(recording.bytes(said.offset(), said.offset() + said.length()));
        out.flush();
      }
    }
  }

  private static void waitUntil(BoardClock clock, long nanos, String name) {
    var lock = new ReentrantLock();
    Condition never = lock.newCondition();
    lock.lock();
    try {
      while (nanos - clock.nanos() > 0) {
        clock.await(lock, never, nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BringupException.cancelled("interrupted while playing the recording of " + name);
    } finally {
      lock.unlock();
    }
  }
}
