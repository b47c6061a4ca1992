package dev.bringup.emulator.builtin;

import dev.bringup.time.Threads;
import dev.bringup.verdict.BringupException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that a machine belongs to, a platform thread, since it computes. It executes what
 * others ask of it between two slices of virtual time, in the order in which they asked.
 */
final class MachineThread implements AutoCloseable {

  /** The machine, as far as this thread must know it. */
  interface Work {
    /** The instant that the machine is at. */
    long nanos();

    /** Lets virtual time pass, up to an instant at the most. */
    void runUntil(long nanos);

    /** Makes {@link #runUntil} return soon; called by any thread. */
    void pause();

    /** {@link #runUntil} failed by an error of ours: whoever waits must see it, and time go on. */
    void failed(Throwable why);
  }

  private final VirtualClock clock;
  private final Work work;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Runnable> requests = new ArrayDeque<>(); // guarded by lock
  private boolean closed; // guarded by lock

  private MachineThread(String name, VirtualClock clock, Work work) {
    this.clock = clock;
    this.work = work;
    thread = Thread.ofPlatform().name("machine " + name).daemon().unstarted(this::run);
  }

  static MachineThread start(String name, VirtualClock clock, Work work) {
    var machine = new MachineThread(name, clock, work);
    machine.thread.start();
    return machine;
  }

  /**
   * Has {@code request} executed at the present instant of virtual time, or soon.
   *
   * @return completes when it is done; at once, and without, when this is closed
   */
  CompletableFuture<@Nullable Void> submit(Runnable request) {
    var done = new CompletableFuture<@Nullable Void>();
    lock.lock();
    try {
      if (closed) {
        done.complete(null);
        return done;
      }
      requests.add(() -> {
        try {
          request.run();
          done.complete(null);
        } catch (RuntimeException | Error e) {
          done.completeExceptionally(e);
        }
      });
    } finally {
      lock.unlock();
    }
    work.pause();
    clock.wake();
    return done;
  }

  /** As {@link #submit}, and waits until it is done, whoever interrupts. */
  void call(Runnable request) {
    CompletableFuture<@Nullable Void> done = submit(request);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          done.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          switch (e.getCause()) {
            case BringupException known -> throw known;
            case null, default -> throw new IllegalStateException("the machine's thread failed", e);
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run() {
    clock.follow(work::nanos);
    try {
      while (true) {
        Runnable request = next();
        if (request != null) {
          request.run();
          continue;
        }
        if (isClosed()) {
          return;
        }
        long until = clock.grant();
        if (until > work.nanos()) {
          runUntil(until);
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a machine", e);
    }
  }

  private void runUntil(long nanos) {
    try {
      work.runUntil(nanos);
    } catch (RuntimeException | Error e) {
      work.failed(e);
    }
  }

  private @Nullable Runnable next() {
    lock.lock();
    try {
      return requests.poll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the thread after what was asked before. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    work.pause();
    clock.wake();
    Threads.join(thread);
  }
}
