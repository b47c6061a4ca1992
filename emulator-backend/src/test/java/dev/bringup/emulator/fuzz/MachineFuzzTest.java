package dev.bringup.emulator.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.AfterAll;

/** Any bytes are a program: it faults, loops or ends, and the machine goes on. */
final class MachineFuzzTest {
  private static final FuzzedMachine MACHINE = new FuzzedMachine(2, true);
  private static final FuzzedMachine WITHOUT_EL2 = new FuzzedMachine(1, false);

  @AfterAll
  static void close() {
    MACHINE.close();
    WITHOUT_EL2.close();
  }

  @FuzzTest
  void anyBytesAreAProgram(byte[] program) {
    MACHINE.run(program);
  }

  @FuzzTest
  void anyBytesAreAProgramWithoutEl2(byte[] program) {
    WITHOUT_EL2.run(program);
  }
}
