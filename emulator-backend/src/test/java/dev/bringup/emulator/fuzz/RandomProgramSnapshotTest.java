package dev.bringup.emulator.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever programs have done to a machine, a copy of it is in that state and goes on as it does.
 */
class RandomProgramSnapshotTest {
  private static final int PROGRAMS = 300;
  private static final int LONGEST = 600;

  @TempDir private Path folder;

  @Test
  void aCopyOfAMachineIsAsItAndGoesOnAsIt() {
    Path file = folder.resolve("saved");
    try (var machine = new FuzzedMachine(2, true);
        var copy = new FuzzedMachine(2, true)) {
      for (long seed = 1; seed <= PROGRAMS; seed++) {
        var random = new Random(seed);
        var bytes = new byte[1 + random.nextInt(LONGEST)];
        random.nextBytes(bytes);
        machine.run(bytes);
        machine.save(file);
        copy.restore(file, machine);
        assertThat(copy.stateHash()).as("seed %d", seed).isEqualTo(machine.stateHash());
        machine.goOn();
        copy.goOn();
        assertThat(copy.sent()).as("seed %d", seed).isEqualTo(machine.sent());
        assertThat(copy.stateHash()).as("seed %d", seed).isEqualTo(machine.stateHash());
      }
    }
  }
}
