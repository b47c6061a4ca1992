package dev.bringup.cli;

import dev.bringup.hold.HoldClient;
import dev.bringup.hold.HoldMessage;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A console on standard streams that are no terminal: what comes in is typed, what the board says
 * goes out, and nothing else does. It ends at the end of input, once the board has been quiet for
 * so long, or when nobody reads the output.
 */
final class PipedConsole {
  private static final int BUFFER = 4096;
  private static final BoardClock HOST = BoardClock.system();

  private final HoldClient client;
  private final Duration quiet;
  private final boolean silent;
  private final AtomicBoolean typed = new AtomicBoolean();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean inputEnded; // guarded by lock
  private boolean outputEnded; // guarded by lock
  private @Nullable BringupException lost; // guarded by lock
  private long heard = HOST.nanos(); // guarded by lock

  /**
   * @param quiet zero to end at once
   * @param silent whether standard error, which may be the same terminal, is left alone, too
   */
  PipedConsole(HoldClient client, Duration quiet, boolean silent) {
    this.client = client;
    this.quiet = quiet;
    this.silent = silent;
  }

  /** Returns the exit code. */
  int run() {
    Thread.ofPlatform().name("standard input").daemon().start(this::type);
    Thread.ofPlatform().name("standard output").daemon().start(this::show);
    lock.lock();
    try {
      while (true) {
        if (lost != null) {
          throw lost;
        }
        long deadline = heard + quiet.toNanos();
        if (outputEnded || (inputEnded && deadline - HOST.nanos() <= 0)) {
          return 0;
        }
        if (inputEnded) {
          HOST.await(lock, changed, deadline);
        } else {
          changed.await();
        }
      }
    } catch (InterruptedException e) {
      throw BringupException.cancelled("interrupted");
    } finally {
      lock.unlock();
    }
  }

  private void note(Runnable change) {
    lock.lock();
    try {
      heard = HOST.nanos();
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void type() {
    InputStream in = System.in;
    var buffer = new byte[BUFFER];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (!typed.getAndSet(true)) {
          client.send(new HoldMessage.Keyboard(HoldMessage.Wish.IF_FREE));
        }
        client.type(Arrays.copyOf(buffer, count));
        note(() -> {});
      }
    } catch (IOException e) {
      // A terminal that has hung up: it is the end of input, too.
    } catch (BringupException e) {
      note(() -> lost = e);
      return;
    }
    note(() -> inputEnded = true);
  }

  private void show() {
    while (true) {
      switch (client.next()) {
        case HoldMessage.Said said -> {
          byte[] bytes = said.toArray();
          System.out.write(bytes, 0, bytes.length);
          System.out.flush();
          boolean failed = System.out.checkError();
          note(() -> outputEnded |= failed);
        }
        case HoldMessage.Answer(var failure, String text) when failure.isPresent() ->
            note(() ->
                lost =
                    BringupException.infrastructure(
                        "nothing was typed: " + text, "have it given back there with Ctrl-] t"));
        case HoldMessage.Ended(String why) -> {
          note(() -> lost = BringupException.infrastructure(why, "begin again"));
          return;
        }
        case HoldMessage.Notice(String text) -> {
          if (!silent) {
            System.err.println("bringup: " + text);
          }
        }
        case HoldMessage.Answer _, HoldMessage.State _, HoldMessage.Found _ -> {
          // Nothing that a program would read.
        }
      }
    }
  }
}
