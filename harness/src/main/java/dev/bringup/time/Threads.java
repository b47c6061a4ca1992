package dev.bringup.time;

/** Waiting for a thread's end. */
public final class Threads {
  private Threads() {}

  /**
   * Returns when {@code thread} has ended, also to a caller that is interrupted meanwhile, who
   * stays so: what it uses is closed next, or used by somebody else. Nobody waits for himself.
   */
  public static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive() && !thread.equals(Thread.currentThread())) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
