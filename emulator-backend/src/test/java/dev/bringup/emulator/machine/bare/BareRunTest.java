package dev.bringup.emulator.machine.bare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.device.StateTape;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * However a program is run, in one go, piece by piece, or by way of a snapshot, it is the same run:
 * the machine's state at the end is the same to the last bit.
 */
final class BareRunTest {
  private static final int SNAPSHOTS = 12;

  /** Instructions are the more instructive the shorter the pieces are. */
  private static final int LONGEST_PIECE_NANOS = 2_000;

  @TempDir Path folder;

  /** How a run ends. */
  private record End(String said, long nanos, long instructions, String state) {
    private static End of(BareMachine machine) {
      return new End(
          machine.said(),
          machine.machine.nanos(),
          machine.machine.counters().instructions(),
          machine.machine.stateHash());
    }
  }

  private static End inOneGo(BareProgram program, byte[] bytes) {
    try (var machine = new BareMachine(program, bytes)) {
      String said = machine.run();
      assertThat(said).isEqualTo(program.passed());
      return End.of(machine);
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoRunsAreOne(BareProgram program) throws Exception {
    byte[] bytes = program.assemble(folder);
    assertThat(inOneGo(program, bytes)).isEqualTo(inOneGo(program, bytes));
  }

  @ParameterizedTest
  @EnumSource
  void aRunMayStopAtAnyInstant(BareProgram program) throws Exception {
    byte[] bytes = program.assemble(folder);
    End expected = inOneGo(program, bytes);
    long seed = program.name().hashCode();
    var random = new Random(seed);
    try (var machine = new BareMachine(program, bytes)) {
      while (machine.machine.isOn() && machine.machine.nanos() <= expected.nanos) {
        machine.machine.runUntil(machine.machine.nanos() + 1 + random.nextInt(LONGEST_PIECE_NANOS));
      }
      assertThat(End.of(machine)).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRunIsTheSumOfItsSteps(BareProgram program) throws Exception {
    byte[] bytes = program.assemble(folder);
    End expected = inOneGo(program, bytes);
    try (var machine = new BareMachine(program, bytes)) {
      while (machine.machine.isOn() && machine.machine.nanos() <= expected.nanos) {
        machine.machine.step();
      }
      assertThat(End.of(machine)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRunGoesOnFromASnapshotInAnotherMachine(BareProgram program) throws Exception {
    byte[] bytes = program.assemble(folder);
    End expected = inOneGo(program, bytes);
    long seed = program.name().hashCode();
    var random = new Random(seed);
    var machine = new BareMachine(program, bytes);
    try {
      for (int n = 1; n <= SNAPSHOTS; n++) {
        long left = expected.nanos - machine.machine.nanos();
        machine.machine.runUntil(machine.machine.nanos() + random.nextLong(2 * left / SNAPSHOTS));
        var next = machine.fresh();
        StateTape.copy(machine.machine::save, next.machine::restore);
        machine.close();
        machine = next;
      }
      machine.machine.runUntil(BareMachine.LIMIT_NANOS);
      assertThat(End.of(machine)).as("seed %d", seed).isEqualTo(expected);
    } finally {
      machine.close();
    }
  }
}
