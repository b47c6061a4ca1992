package dev.bringup.emulator.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.aarch64.Cpu;
import dev.bringup.emulator.machine.VirtMachine;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs that once broke the machine instead of faulting. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FoundByFuzzingTest {
  private static final long RAM = FuzzedMachine.RAM;
  private static final long PROGRAM = RAM + 0x1000;
  private static final long VECTORS = RAM + 0x2000;
  private static final long TABLE = RAM + 0x4000;

  // MSR with X0
  private static final int SCTLR_EL2 = 0xd51c_1000;
  private static final int TTBR0_EL2 = 0xd51c_2000;
  private static final int TCR_EL2 = 0xd51c_2040;
  private static final int SPSR_EL2 = 0xd51c_4000;
  private static final int ELR_EL2 = 0xd51c_4020;
  private static final int MAIR_EL2 = 0xd51c_a200;
  private static final int VBAR_EL2 = 0xd51c_c000;
  private static final int CNTVOFF_EL2 = 0xd51c_e060;
  private static final int CNTV_CTL_EL0 = 0xd51b_e320;
  private static final int CNTV_CVAL_EL0 = 0xd51b_e340;

  private static final int MRS_X0_ESR_EL2 = 0xd53c_5200;
  private static final int DC_ZVA = 0xd50b_7420;
  private static final int TLBI_ALLE2 = 0xd50c_871f;
  private static final int ERET = 0xd69f_03e0;
  private static final int STAY = 0x1400_0000;

  private final VirtMachine machine =
      new VirtMachine(
          new VirtMachine.Configuration(
              1, FuzzedMachine.RAM_SIZE, true, false, Instant.ofEpochSecond(0)),
          new VirtMachine.Flash("nothing", new byte[0]),
          null,
          List.of(),
          new VirtMachine.Outside() {
            @Override
            public void console(int value) {
              // not used
            }

            @Override
            public void frame(byte[] frame) {
              // not used
            }

            @Override
            public void reset() {
              // not used
            }
          });

  private final Cpu cpu = machine.cpus().getFirst();

  @AfterEach
  void close() {
    machine.close();
  }

  private void write(long at, int... words) {
    for (int i = 0; i < words.length; i++) {
      machine.memory().writeInt(at + 4L * i, words[i]);
    }
  }

  /** Runs at EL2; an exception there leaves its syndrome in X0. */
  private void run(Words program, int ticks) {
    machine.startAt(PROGRAM, 0);
    machine.powerOn();
    write(VECTORS + 0x200, MRS_X0_ESR_EL2, STAY);
    var all = new Words();
    all.set(VBAR_EL2, VECTORS);
    all.add(program.all());
    all.add(STAY);
    write(PROGRAM, all.all());
    machine.runUntil(16L * ticks);
    assertThat(machine.nanos()).isGreaterThanOrEqualTo(16L * ticks);
  }

  private static long exceptionClass(long syndrome) {
    return syndrome >>> 26;
  }

  @Test
  void zeroingALineOfMemoryThatIsNotThereIsAnExternalAbort() {
    var program = new Words();
    program.store(TABLE + 8, RAM | 0x705, 3);
    program.store(TABLE + 32, 0x1_0000_0000L | 0x705, 3);
    program.set(MAIR_EL2, 0xff00);
    program.set(TCR_EL2, 25 | 2 << 16);
    program.set(TTBR0_EL2, TABLE);
    program.set(SCTLR_EL2, 0x30c5_0831);
    program.move(Words.OTHER, 0x1_0000_0040L);
    program.add(DC_ZVA | Words.OTHER);
    run(program, 200);
    assertThat(cpu.register(0)).isEqualTo(0x25L << 26 | 1 << 25 | 1 << 6 | 0x10);
  }

  @Test
  void aMisalignedPcFaultsBeforeAMisalignedStackPointer() {
    long between = RAM + 0x8002;
    var program = new Words();
    program.store(RAM + 0x8000, 0x03e0_0000, 2); // LDR X0, [SP]
    program.store(RAM + 0x8004, 0xf940, 2);
    program.set(SCTLR_EL2, 0x30c5_0838);
    program.set(SPSR_EL2, 0x3c9);
    program.set(ELR_EL2, between);
    program.move(Words.OTHER, RAM + 8);
    program.add(0x9100_0000 | Words.OTHER << 5 | 31); // MOV SP, X22
    program.add(ERET);
    run(program, 200);
    assertThat(exceptionClass(cpu.register(0))).isEqualTo(0x22);
  }

  @Test
  void aTimerWhoseComparisonWrapsDoesNotRingForEver() {
    long offset = Long.MIN_VALUE + 10;
    var program = new Words();
    program.set(CNTVOFF_EL2, offset);
    program.set(CNTV_CVAL_EL0, 5 - offset);
    program.set(CNTV_CTL_EL0, 1);
    run(program, 1000);
  }

  @Test
  void aResetThatWasSteppedOverDoesNotStopTheNextRun() {
    machine.startAt(PROGRAM, 0);
    machine.powerOn();
    write(PROGRAM, 0xd280_0120, 0xf2b0_8000, 0xd400_0003); // X0 = SYSTEM_RESET; SMC
    for (int step = 0; step < 3; step++) {
      machine.step();
    }
    assertThat(cpu.pc()).isEqualTo(PROGRAM);
    machine.runUntil(16 * 100);
    assertThat(machine.nanos()).isGreaterThanOrEqualTo(16 * 100);
  }

  @Test
  void aMachineThatIsOffExecutesNothing() {
    machine.startAt(PROGRAM, 0);
    machine.powerOn();
    write(PROGRAM, 0xd280_0100, 0xf2b0_8000, 0xd400_0003, 0x9100_0421); // SYSTEM_OFF, then X1++
    machine.runUntil(16 * 100);
    assertThat(machine.isOn()).isFalse();
    String then = machine.stateHash();
    machine.runUntil(16 * 200);
    machine.step();
    assertThat(machine.stateHash()).isEqualTo(then);
  }

  @Test
  void noNumberOfAddressSpacesMakesAnEmptyTranslationFit() {
    int loops = 10_000; // numbers begin anew after 4,095
    var program = new Words();
    program.move(3, loops);
    program.move(2, -8);
    int begin = program.size();
    program.add(TLBI_ALLE2);
    program.add(0xf940_0041); // LDR X1, [X2]
    program.add(0xf100_0463); // SUBS X3, X3, 1
    program.add(0x5400_0001 | ((begin - program.size()) & 0x7_ffff) << 5); // B.NE
    machine.startAt(PROGRAM, 0);
    machine.powerOn();
    // X4 counts the faults, each of which goes on behind its instruction
    write(VECTORS + 0x200, 0xd53c_4025, 0x9100_10a5, 0xd51c_4025, 0x9100_0484, ERET);
    var all = new Words();
    all.set(VBAR_EL2, VECTORS);
    all.add(program.all());
    all.add(STAY);
    write(PROGRAM, all.all());
    machine.runUntil(16L * 20 * loops);
    assertThat(cpu.register(3)).isZero();
    assertThat(cpu.register(4)).isEqualTo(loops);
  }
}
