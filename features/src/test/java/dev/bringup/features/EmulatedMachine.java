package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.builtin.Emulator;
import dev.bringup.emulator.device.VirtioFunction;
import dev.bringup.emulator.machine.VirtMachine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A machine with Debian's U-Boot or kernel that runs on a thread of its own. */
final class EmulatedMachine implements AutoCloseable {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(180);

  private final Screen screen = new Screen();
  private final Emulator emulator;
  private final Thread thread;

  private EmulatedMachine(
      Emulator.Program program, boolean kernel, List<VirtioFunction> functions, boolean waits) {
    var equipment = new Emulator.Equipment(Optional.empty(), functions);
    var configuration =
        new VirtMachine.Configuration(1, 1L << 30, true, kernel, Instant.ofEpochSecond(1 << 30));
    emulator = new Emulator(configuration, program, equipment, screen, false, waits);
    thread =
        Thread.ofPlatform()
            .name("emulated machine")
            .daemon()
            .start(() -> {
              try {
                emulator.run();
                screen.end(null);
              } catch (InterruptedException | RuntimeException e) {
                screen.end(e);
              }
            });
  }

  static EmulatedMachine uBoot(boolean waits, VirtioFunction... functions) {
    byte[] firmware = content("u-boot-qemu-debian12", "u-boot.bin");
    return new EmulatedMachine(
        new Emulator.Program.Firmware("u-boot.bin", () -> firmware),
        false,
        List.of(functions),
        waits);
  }

  static EmulatedMachine linux() {
    byte[] image = content("linux-debian12", "Image");
    byte[] ramdisk = content("linux-debian12", "linux.cpio.gz");
    return new EmulatedMachine(
        new Emulator.Program.Kernel(
            () -> image, () -> ramdisk, "rdinit=/init earlycon nokaslr console=ttyAMA0"),
        true,
        List.of(),
        false);
  }

  private static byte[] content(String set, String file) {
    try {
      return Files.readAllBytes(RealParts.file(set, file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Emulator emulator() {
    return emulator;
  }

  void type(String text) {
    emulator.type(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Waits until the UART has sent this, anywhere behind the first {@code from} characters. */
  String await(String text, int from) {
    return screen.await(text, from);
  }

  /** What the UART has sent so far. */
  String screen() {
    return screen.await("", 0);
  }

  @Override
  public void close() {
    emulator.stop();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
    emulator.close();
  }

  /** What the UART has sent. */
  private static final class Screen extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

    @Override
    public synchronized void write(int value) {
      bytes.write(value);
      if (value == '\n' || value == ' ') {
        notifyAll();
      }
    }

    @Override
    public synchronized void flush() {
      notifyAll();
    }

    synchronized void end(@Nullable Exception why) {
      var _ = why == null ? ended.complete(null) : ended.completeExceptionally(why);
      notifyAll();
    }

    synchronized String await(String text, int from) {
      long end = System.nanoTime() + LIMIT_NANOS;
      while (true) {
        String all = bytes.toString(StandardCharsets.ISO_8859_1);
        if (all.indexOf(text, from) >= 0) {
          return all;
        }
        assertThat(ended).as("%s; it said: %s", text, all).isNotDone();
        long left = end - System.nanoTime();
        assertThat(left).as("time for %s; it said: %s", text, all).isPositive();
        try {
          TimeUnit.NANOSECONDS.timedWait(this, left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new AssertionError("interrupted", e);
        }
      }
    }
  }
}
