package dev.bringup.emulator.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.aarch64.Cpu;
import dev.bringup.emulator.device.InterruptLine;
import dev.bringup.emulator.memory.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** CPUs that take turns, alarms that ring between two instructions. */
class SchedulerTest {
  private static final long RAM = 0x4000_0000L;
  private static final int ADD_X0_1 = 0x9100_0400;
  private static final int B_MINUS_1 = 0x17ff_ffff;
  private static final int WFI = 0xd503_207f;
  private static final int WFE = 0xd503_205f;

  private final PhysicalMemory memory = new PhysicalMemory(RAM, 1 << 20);
  private final Scheduler scheduler = new Scheduler();
  private final List<Cpu> cpus = new ArrayList<>();
  private final List<String> rung = new ArrayList<>();

  @BeforeEach
  void twoCpus() {
    var psci =
        new Psci(
            cpus,
            new Psci.PowerListener() {
              @Override
              public void off() {
                rung.add("off");
              }

              @Override
              public void reset() {
                rung.add("reset");
              }
            });
    InterruptLine none = level -> {};
    for (int n = 0; n < 2; n++) {
      cpus.add(new Cpu(n, true, memory, scheduler, new Cpu.TimerLines(none, none, none), psci));
    }
    scheduler.cpus(cpus);
  }

  @AfterEach
  void close() {
    memory.close();
  }

  private void program(long at, int... words) {
    for (int i = 0; i < words.length; i++) {
      memory.writeInt(at + 4L * i, words[i]);
    }
  }

  @Test
  void oneInstructionIsOneTick() {
    program(RAM, ADD_X0_1, B_MINUS_1);
    cpus.getFirst().start(RAM, 0);
    scheduler.runUntil(16_000);
    assertThat(scheduler.nanos()).isEqualTo(16_000);
    assertThat(cpus.getFirst().register(0)).isEqualTo(500);
    assertThat(scheduler.instructions()).isEqualTo(1000);
  }

  @Test
  void alarmsRingInOrderAtTheirInstant() {
    program(RAM, ADD_X0_1, B_MINUS_1);
    cpus.getFirst().start(RAM, 0);
    var late = scheduler.alarm("late", () -> rung.add("late " + scheduler.nanos()));
    var twin = scheduler.alarm("twin", () -> rung.add("twin " + scheduler.nanos()));
    var early = scheduler.alarm("early", () -> rung.add("early " + scheduler.nanos()));
    late.at(3200);
    twin.at(3200);
    early.at(1600);
    scheduler.runUntil(10_000);
    assertThat(rung).containsExactly("early 1600", "late 3200", "twin 3200");
  }

  @Test
  void timePassesAtOnceWhileAllWait() {
    program(RAM, WFI);
    cpus.getFirst().start(RAM, 0);
    scheduler.alarm("far", () -> rung.add("far")).at(1_000_000_000L);
    scheduler.runUntil(2_000_000_000L);
    assertThat(rung).containsExactly("far");
    assertThat(scheduler.instructions()).isLessThan(3);
    assertThat(scheduler.nanos()).isEqualTo(2_000_000_000L);
  }

  @Test
  void cpusTakeTurns() {
    program(RAM, ADD_X0_1, B_MINUS_1);
    cpus.getFirst().start(RAM, 0);
    cpus.getLast().start(RAM, 1_000_000);
    scheduler.runUntil(16 * 40_000);
    assertThat(cpus.getFirst().register(0)).isEqualTo(10_000);
    assertThat(cpus.getLast().register(0)).isEqualTo(1_010_000);
  }

  @Test
  void waitingForAnEventLetsTheOtherRun() {
    program(RAM, WFE, B_MINUS_1);
    program(RAM + 0x100, ADD_X0_1, B_MINUS_1);
    cpus.getFirst().start(RAM, 0);
    cpus.getLast().start(RAM + 0x100, 0);
    scheduler.runUntil(16 * 50_000);
    assertThat(cpus.getLast().register(0)).isGreaterThan(24_000);
  }

  @Test
  void stepsEqualSlices() {
    program(RAM, ADD_X0_1, B_MINUS_1);
    cpus.getFirst().start(RAM, 0);
    for (int i = 0; i < 1001; i++) {
      scheduler.step();
    }
    assertThat(cpus.getFirst().register(0)).isEqualTo(501);
    assertThat(scheduler.nanos()).isEqualTo(16 * 1001);
  }
}
