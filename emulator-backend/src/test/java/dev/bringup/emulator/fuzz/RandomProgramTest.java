package dev.bringup.emulator.fuzz;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A few thousand random programs: the quick part of what dev/fuzz does for hours. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RandomProgramTest {
  private static final int PROGRAMS = 1_000;
  private static final int LONGEST = 600;

  @Test
  void noProgramBreaksAMachineWithTwoCpus() {
    run(2, true);
  }

  @Test
  void noProgramBreaksAMachineWithoutEl2() {
    run(1, false);
  }

  private static void run(int cpus, boolean virtualization) {
    try (var machine = new FuzzedMachine(cpus, virtualization)) {
      for (long seed = 1; seed <= PROGRAMS; seed++) {
        try {
          machine.run(bytes(seed));
        } catch (RuntimeException | Error e) {
          throw new AssertionError("random program with seed " + seed, e);
        }
      }
    }
  }

  private static byte[] bytes(long seed) {
    var random = new Random(seed);
    var bytes = new byte[1 + random.nextInt(LONGEST)];
    random.nextBytes(bytes);
    return bytes;
  }
}
