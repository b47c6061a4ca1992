package dev.bringup.emulator.trace;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.machine.VirtMachine;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Looking at a program now and then. */
class ProfileTest {
  private static final int ADD_X0_1 = 0x9100_0400;
  private static final int LDR_X2_SP = 0xf940_03e2;
  private static final int SP_FROM_X1 = 0x9100_003f; // mov sp, x1
  private static final int MOVZ_X1_RAM = 0xd2a8_0001; // movz x1, #0x4000, lsl #16
  private static final int B_BACK = 0x17ff_fffd; // b .-12
  private static final long NANOS = 160_000_000; // 10 million instructions

  private static VirtMachine machine() {
    return SmallMachine.with(MOVZ_X1_RAM, SP_FROM_X1, ADD_X0_1, ADD_X0_1, LDR_X2_SP, B_BACK);
  }

  @Test
  void itSeesEveryInstructionOfALoopAsOften() {
    try (VirtMachine machine = machine()) {
      var profile = new Profile(machine);
      assertThat(profile.summary()).isEmpty();
      machine.powerOn();
      machine.runUntil(NANOS);
      assertThat(profile.summary())
          .containsExactly(
              "instructions, sampled: 50.0 % integer, 24.9 % load/store, 25.1 % branch,"
                  + " 0.0 % FP/SIMD, 0.0 % system",
              "levels, sampled: 0.0 % EL0, 0.0 % EL1, 100.0 % EL2");
      Symbols symbols = Symbols.read("map", "8 T adds\n10 T loads\n".getBytes(US_ASCII), 0);
      assertThat(profile.hottest(symbols, 9)).containsExactly(" 50.0 % adds", " 50.0 % loads");
      assertThat(profile.hottest(Symbols.none(), 9)).containsExactly("100.0 % 0x0000000000000000");
      assertThat(profile.hottest(symbols, 1)).hasSize(1);
    }
  }

  @Test
  void theMachineDoesTheSameWithoutIt() {
    assertThat(List.of(hash(true), hash(false))).containsOnly(hash(true));
  }

  private static String hash(boolean looks) {
    try (VirtMachine machine = machine()) {
      if (looks) {
        var _ = new Profile(machine);
      }
      machine.powerOn();
      machine.runUntil(NANOS);
      return machine.stateHash();
    }
  }
}
