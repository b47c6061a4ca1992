package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.aarch64.Cpu;
import dev.bringup.emulator.machine.VirtMachine;
import dev.bringup.emulator.trace.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Looking at a kernel's each instruction, or at one now and then, changes nothing. */
class MachineWatchedTest {
  private static final long NANOS = 120_000_000;

  @Test
  void aKernelThatIsWatchedOnTwoCpusDoesTheSame() throws IOException {
    String alone = hash(false, null);
    assertThat(hash(true, null)).as("with a profile").isEqualTo(alone);
    var counted = new long[2];
    assertThat(
            hash(
                false,
                cpu -> {
                  counted[cpu.number()]++;
                  return true;
                }))
        .as("instruction by instruction")
        .isEqualTo(alone);
    assertThat(counted[0]).isGreaterThan(1_000_000);
  }

  private static String hash(boolean profile, @Nullable Predicate<Cpu> watch) throws IOException {
    var configuration =
        new VirtMachine.Configuration(2, 512L << 20, true, true, Instant.ofEpochSecond(1 << 30));
    byte[] kernel = Files.readAllBytes(RealParts.file("linux-debian12", "Image"));
    try (var machine =
        new VirtMachine(
            configuration,
            new VirtMachine.Flash("nothing", new byte[0]),
            null,
            List.of(),
            new VirtMachine.Outside() {
              @Override
              public void console(int value) {}

              @Override
              public void frame(byte[] frame) {}

              @Override
              public void reset() {}
            })) {
      if (profile) {
        var _ = new Profile(machine);
      }
      machine.bootKernel(kernel, new byte[0], "nokaslr earlycon");
      machine.powerOn();
      if (watch == null) {
        machine.runUntil(NANOS);
      } else {
        assertThat(machine.runUntil(NANOS, watch)).isTrue();
      }
      return machine.stateHash() + " " + machine.counters();
    }
  }
}
