package dev.bringup.emulator.machine.bare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The machine as the programs find it. */
final class BareProgramTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void theProgramFindsTheMachineAsTheArchitectureSays(BareProgram program) throws Exception {
    try (var machine = new BareMachine(program, program.assemble(folder))) {
      assertThat(machine.run()).isEqualTo(program.passed());
    }
  }
}
