package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.machine.SnapshotFile;
import dev.bringup.emulator.machine.VirtMachine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** U-Boot goes on from a file in another machine, as in the one that it was booted in. */
class SnapshotOfUBootTest {
  private static final long STEP_NANOS = 10_000_000;
  private static final int MOST_STEPS = 2_000;
  private static final long MANY = 500_000_000;

  @TempDir private Path folder;

  /** A machine and what it has said. */
  private static final class Watched implements VirtMachine.Outside, AutoCloseable {
    private final StringBuilder said = new StringBuilder();
    private final VirtMachine machine;

    private Watched(byte[] firmware) {
      machine =
          new VirtMachine(
              new VirtMachine.Configuration(1, 256 << 20, true, false, Instant.EPOCH),
              new VirtMachine.Flash("u-boot.bin", firmware),
              null,
              List.of(),
              this);
    }

    @Override
    public void console(int value) {
      said.append((char) value);
    }

    @Override
    public void frame(byte[] frame) {
      // there is no NIC
    }

    @Override
    public void reset() {
      // the console shows it
    }

    private void type(String text) {
      machine.type(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void await(String text) {
      int from = said.length();
      for (int step = 0; step < MOST_STEPS && said.indexOf(text, from) < 0; step++) {
        machine.runUntil(machine.nanos() + STEP_NANOS);
      }
      assertThat(said.substring(from)).contains(text);
    }

    @Override
    public void close() {
      machine.close();
    }
  }

  @Test
  void uBootGoesOnInAnotherMachine() throws IOException {
    byte[] firmware = Files.readAllBytes(RealParts.file("u-boot-qemu-debian12", "u-boot.bin"));
    Path file = folder.resolve("u-boot.snapshot");
    try (var first = new Watched(firmware);
        var second = new Watched(new byte[0])) {
      first.machine.bootFirmware();
      first.machine.powerOn();
      first.await("stop autoboot");
      first.type(" ");
      first.await("=> ");
      first.type("setenv greeting hello; saveenv\r");
      first.await("=> ");
      SnapshotFile.save(first.machine, file);
      assertThat(Files.size(file)).isLessThan(4 << 20);

      SnapshotFile.open(file).restore(second.machine);
      assertThat(second.machine.stateHash()).isEqualTo(first.machine.stateHash());
      long end = first.machine.nanos() + MANY;
      for (Watched watched : List.of(first, second)) {
        watched.type("echo <${greeting}>\r");
        watched.await("<hello>\r\n");
        watched.machine.runUntil(end);
      }
      assertThat(second.machine.stateHash()).isEqualTo(first.machine.stateHash());

      second.type("reset\r");
      second.await("stop autoboot");
      second.type(" ");
      second.await("=> ");
      second.type("echo <${greeting}>\r");
      second.await("<hello>\r\n");
    }
  }
}
