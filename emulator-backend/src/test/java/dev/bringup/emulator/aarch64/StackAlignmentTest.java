package dev.bringup.emulator.aarch64;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.lockstep.Batch;
import dev.bringup.emulator.lockstep.GuestState;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A misaligned stack pointer faults when it is used as a base (D1.8.2), not before; QEMU lets it
 * pass.
 */
class StackAlignmentTest {
  private static final int LDR_X0_FROM_SP = 0xf940_03e0;
  private static final int MOV_X3_SP = 0x9100_03e3;

  /** X1 and SP point to the window, X2 is 8: each makes SP a multiple of 8 only. */
  private static final int[] MISALIGNING = {
    0x9100_23ff, // add sp, sp, #8
    0x1100_23ff, // add wsp, wsp, #8
    0xd100_23ff, // sub sp, sp, #8
    0x5100_13ff, // sub wsp, wsp, #4
    0xb27d_003f, // orr sp, x1, #8
    0x321d_003f, // orr wsp, w1, #8
    0xd27d_003f, // eor sp, x1, #8
    0x521d_003f, // eor wsp, w1, #8
    0x8b22_603f, // add sp, x1, x2
    0x0b22_403f, // add wsp, w1, w2
    0xcb22_603f, // sub sp, x1, x2
    0xf840_87e0, // ldr x0, [sp], #8
    0xf800_8fe0, // str x0, [sp, #8]!
    0xa8c0_8fe0, // ldp x0, x3, [sp], #8
    0xa9bf_8fe0, // stp x0, x3, [sp, #-8]!
    0x28c1_0fe0, // ldp w0, w3, [sp], #8
    0x4cc2_7fe0 // ld1 {v0.2d}, [sp], x2
  };

  @Test
  void aMisalignedStackPointerFaultsWhenItIsTheBase() {
    List<String> wrong = new ArrayList<>();
    for (int word : MISALIGNING) {
      GuestState after = run(word, MOV_X3_SP, LDR_X0_FROM_SP);
      if (after.signal != GuestState.BUS || after.pc != Batch.SLOTS + 8) {
        wrong.add("%s: signal %d".formatted(HexFormat.of().toHexDigits(word), after.signal));
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void aMisalignedStackPointerThatIsAlignedAgainIsFine() {
    int subSp8 = 0xd100_23ff;
    for (int word : new int[] {0x9100_23ff, 0x1100_23ff, 0xb27d_003f, 0xd27d_003f}) {
      GuestState after = run(word, subSp8, LDR_X0_FROM_SP);
      assertThat(after.signal).isEqualTo(GuestState.TRAP);
    }
  }

  private static GuestState run(int... words) {
    var state = new GuestState();
    state.pc = Batch.SLOTS;
    state.sp = Batch.WINDOWS + 0x100;
    state.x[1] = state.sp;
    state.x[2] = 8;
    List<Integer> program = new ArrayList<>();
    for (int word : words) {
      program.add(word);
    }
    try (var cpu = new PeerCpu()) {
      return cpu.run(new Batch.Program(program, state));
    }
  }
}
