package dev.bringup.emulator.qemu;

import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;

/**
 * One running emulator.
 *
 * <p>A platform thread of its own starts the process and waits for its end: the kernel's
 * parent-death signal, which ends the emulator when this JVM is killed, is tied to the thread that
 * started it, and a virtual thread's carrier may go away earlier.
 */
final class QemuProcess {
  private static final int KEPT_MESSAGES = 4096;

  private final Process process;
  private final Messages messages;
  private final CountDownLatch ended;
  private volatile boolean killed;

  /** Written by the process's own thread, read by all. */
  private static final class Messages {
    private final StringBuilder kept = new StringBuilder();

    private synchronized void add(String more) {
      if (kept.length() < KEPT_MESSAGES) {
        kept.append(more);
      }
    }

    private synchronized String text() {
      return kept.toString().strip();
    }
  }

  private QemuProcess(Process process, Messages messages, CountDownLatch ended) {
    this.process = process;
    this.messages = messages;
    this.ended = ended;
  }

  static QemuProcess start(String board, List<String> command) {
    var started = new CompletableFuture<QemuProcess>();
    var _ =
        Thread.ofPlatform()
            .daemon()
            .name("qemu " + board)
            .start(() -> run(guarded(command), started));
    try {
      return started.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof BringupException known ? known : e;
    }
  }

  private static void run(List<String> command, CompletableFuture<QemuProcess> started) {
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .start();
    } catch (IOException e) {
      started.completeExceptionally(
          BringupException.infrastructure(
              "cannot start " + command.getFirst() + ": " + e.getMessage(),
              "run ./bringup doctor --install",
              e));
      return;
    }
    var messages = new Messages();
    var ended = new CountDownLatch(1);
    started.complete(new QemuProcess(process, messages, ended));
    // Reads until the process has ended: what it says explains why it ended.
    try (InputStream output = process.getInputStream()) {
      byte[] buffer = new byte[1024];
      for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
        messages.add(new String(buffer, 0, n, StandardCharsets.UTF_8));
      }
    } catch (IOException ignored) {
      // The process is gone, which is what this loop waits for.
    }
    boolean interrupted = false;
    while (true) {
      try {
        process.waitFor();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    ended.countDown();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * With util-linux, the emulator is killed when this process dies, and is no member of its process
   * group: Ctrl-C on the terminal must reach the harness, not look like a board that switches
   * itself off.
   */
  private static List<String> guarded(List<String> command) {
    Path setpriv = Path.of("/usr/bin/setpriv");
    Path setsid = Path.of("/usr/bin/setsid");
    if (!Files.isExecutable(setpriv) || !Files.isExecutable(setsid)) {
      return command;
    }
    var wrapped =
        new ArrayList<>(List.of(setsid.toString(), setpriv.toString(), "--pdeathsig", "KILL"));
    wrapped.addAll(command);
    return wrapped;
  }

  boolean isAlive() {
    return ended.getCount() > 0;
  }

  /** What the emulator said on its own streams: warnings, and why it ended. */
  String messages() {
    return messages.text();
  }

  /** The exit status, once ended. */
  Optional<Integer> exitStatus() {
    return isAlive() ? Optional.empty() : Optional.of(process.exitValue());
  }

  /** Whether it ended with an error that nobody here wanted. */
  boolean failed() {
    return !killed && exitStatus().orElse(0) != 0;
  }

  /** Cuts the emulator off, as a power cut does; returns when the process is gone. */
  void kill() {
    killed = true;
    process.destroyForcibly();
    awaitEnd();
  }

  /** Returns when the process is gone, also to a thread that is interrupted. */
  void awaitEnd() {
    boolean interrupted = false;
    while (true) {
      try {
        ended.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
