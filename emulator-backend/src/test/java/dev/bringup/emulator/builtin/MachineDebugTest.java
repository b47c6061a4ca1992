package dev.bringup.emulator.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.emulator.gdb.CpuRegisters;
import dev.bringup.emulator.gdb.DebugTarget;
import dev.bringup.emulator.gdb.DebugTarget.Stop;
import dev.bringup.emulator.machine.VirtMachine;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A machine of two CPUs, of which the first starts the second; both count for ever. */
@Timeout(60)
class MachineDebugTest {
  private static final int MOVZ_X7 = 0xd280_0007; // immediate in bits 20 to 5
  private static final long LOOP = 0x18;
  private static final long SECOND_LOOP = 0x40;
  private static final long SLEEP = 0x60;
  private static final long OFF = 0x80;
  private static final long RAM = 0x4100_0000;

  private final Emulator emulator =
      new Emulator(
          new VirtMachine.Configuration(2, 64 << 20, true, false, Instant.EPOCH),
          new Emulator.Program.Firmware("program", MachineDebugTest::program),
          new Emulator.Equipment(Optional.empty(), List.of()),
          OutputStream.nullOutputStream(),
          false,
          true);
  private final DebugTarget target = emulator.debugTarget();
  private final Thread thread = Thread.ofPlatform().start(this::run);

  private static byte[] program() {
    ByteBuffer words = ByteBuffer.allocate(0x100).order(ByteOrder.LITTLE_ENDIAN);
    // PSCI's CPU_ON of CPU 1 at SECOND_LOOP
    words.putInt(0x52b8_8000); // movz w0, #0xc400, lsl #16
    words.putInt(0x7280_0060); // movk w0, #3
    words.putInt(0xd280_0021); // movz x1, #1
    words.putInt(0xd280_0802); // movz x2, #0x40
    words.putInt(0xd280_0003); // movz x3, #0
    words.putInt(0xd400_0003); // smc #0
    words.putInt(0x9100_04a5); // LOOP: add x5, x5, #1
    words.putInt(0x17ff_ffff); // b LOOP
    words.position((int) SECOND_LOOP);
    words.putInt(0x9100_04c6); // add x6, x6, #1
    words.putInt(0x17ff_ffff); // b SECOND_LOOP
    words.position((int) SLEEP);
    words.putInt(0xd503_207f); // wfi
    words.putInt(0x17ff_ffff); // b SLEEP
    words.position((int) OFF);
    words.putInt(0x52b0_8000); // movz w0, #0x8400, lsl #16
    words.putInt(0x7280_0100); // movk w0, #8
    words.putInt(0xd400_0003); // smc #0
    return words.array();
  }

  private void run() {
    try {
      emulator.run();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void close() throws InterruptedException {
    emulator.stop();
    thread.join();
    emulator.close();
  }

  private Stop goOnTo(long breakpoint) throws InterruptedException {
    target.setBreakpoint(breakpoint);
    target.resume();
    Stop stop = target.awaitStop();
    target.removeBreakpoint(breakpoint);
    return stop;
  }

  private void pc(int cpu, long pc) {
    CpuRegisters registers = target.registers(cpu);
    registers.pc(pc);
    target.registers(cpu, registers);
  }

  private Stop step(int cpu) throws InterruptedException {
    target.step(cpu, true);
    return target.awaitStop();
  }

  @Test
  void itStandsUntilItIsToldToGoOnAndWhenItIsInterrupted() throws InterruptedException {
    assertThat(target.awaitStop()).isEqualTo(new Stop.Interrupted(0));
    assertThat(target.registers(0).pc()).isZero();
    target.resume();
    target.interrupt();
    assertThat(target.awaitStop()).isInstanceOf(Stop.Interrupted.class);
    target.interrupt();
    assertThat(target.awaitStop()).as("still").isInstanceOf(Stop.Interrupted.class);
  }

  @Test
  void eitherCpuStopsBeforeItsBreakpoint() throws InterruptedException {
    assertThat(goOnTo(LOOP + 4)).isEqualTo(new Stop.Breakpoint(0));
    assertThat(target.registers(0).x(5)).isEqualTo(1);
    assertThat(goOnTo(SECOND_LOOP + 4)).isEqualTo(new Stop.Breakpoint(1));
    assertThat(target.registers(1).x(6)).isEqualTo(1);
    assertThat(target.registers(1).pc()).isEqualTo(SECOND_LOOP + 4);
    target.setBreakpoint(SECOND_LOOP + 4);
    target.resume();
    assertThat(target.awaitStop()).as("at once").isEqualTo(new Stop.Breakpoint(1));
    assertThat(target.registers(1).x(6)).isEqualTo(1);
  }

  @Test
  void aCpuStepsAloneOverItsBreakpoint() throws InterruptedException {
    assertThat(goOnTo(SECOND_LOOP)).isEqualTo(new Stop.Breakpoint(1));
    target.setBreakpoint(SECOND_LOOP);
    long other = target.registers(0).x(5);
    for (int n = 0; n < 4; n++) {
      assertThat(step(1)).isEqualTo(new Stop.Stepped(1));
    }
    assertThat(target.registers(1).x(6)).isEqualTo(2);
    assertThat(target.registers(1).pc()).isEqualTo(SECOND_LOOP);
    assertThat(target.registers(0).x(5)).isEqualTo(other);
  }

  @Test
  void aCpuStepsWhileTheOthersGoOn() throws InterruptedException {
    assertThat(goOnTo(LOOP)).isEqualTo(new Stop.Breakpoint(0));
    target.step(1, false);
    assertThat(target.awaitStop()).isEqualTo(new Stop.Stepped(1));
    assertThat(target.registers(1).x(6)).isEqualTo(1);
    assertThat(target.registers(0).x(5)).isGreaterThan(100);
    target.setBreakpoint(LOOP);
    target.step(1, false);
    assertThat(target.awaitStop()).isEqualTo(new Stop.Stepped(1));
    pc(1, SLEEP);
    target.step(1, false);
    assertThat(target.awaitStop()).isEqualTo(new Stop.Stepped(1));
    target.step(1, false);
    assertThat(target.awaitStop()).as("it sleeps").isEqualTo(new Stop.Breakpoint(0));
  }

  @Test
  void aCpuThatIsOffOrSleepsStopsAllTheSame() throws InterruptedException {
    assertThat(step(1)).isEqualTo(new Stop.Stepped(1));
    target.step(1, false);
    assertThat(target.awaitStop()).isEqualTo(new Stop.Stepped(1));
    pc(0, SLEEP);
    assertThat(step(0)).isEqualTo(new Stop.Stepped(0));
    assertThat(target.registers(0).pc()).isEqualTo(SLEEP + 4);
    assertThat(step(0)).isEqualTo(new Stop.Stepped(0));
    assertThat(target.registers(0).pc()).as("asleep").isEqualTo(SLEEP + 4);
  }

  @Test
  void allRegistersCanBeChanged() throws InterruptedException {
    CpuRegisters registers = target.registers(0);
    assertThat(registers.cpsr()).isEqualTo(0x3c9);
    for (int n = 0; n < 31; n++) {
      registers.x(n, 100 + n);
    }
    registers.cpsr(0x6000_0005);
    registers.sp(0x4000_1000);
    registers.pc(LOOP);
    registers.vector(31, 7, 8);
    registers.fpsr(1);
    registers.fpcr(0x0080_0000);
    target.registers(0, registers);
    CpuRegisters after = target.registers(0);
    assertThat(after.cpsr()).isEqualTo(0x6000_0005);
    assertThat(after.x(30)).isEqualTo(130);
    assertThat(after.sp()).isEqualTo(0x4000_1000);
    assertThat(after.vectorHigh(31)).isEqualTo(7);
    assertThat(after.vectorLow(31)).isEqualTo(8);
    assertThat(after.fpsr()).isEqualTo(1);
    assertThat(after.fpcr()).isEqualTo(0x0080_0000);
    assertThat(step(0)).isEqualTo(new Stop.Stepped(0));
    assertThat(target.registers(0).x(5)).isEqualTo(106);
  }

  @Test
  void statesThatThisCpuLacksAreRefused() {
    for (int state : new int[] {0x3cd, 0x10, 0x1, 0x3ca}) {
      CpuRegisters registers = target.registers(0);
      registers.cpsr(state);
      assertThatThrownBy(() -> target.registers(0, registers))
          .hasCauseInstanceOf(IllegalArgumentException.class);
    }
    assertThat(target.registers(0).cpsr()).isEqualTo(0x3c9);
  }

  @Test
  void systemRegistersHaveNames() {
    int vbar = target.systemRegisters().indexOf("VBAR_EL2");
    target.systemRegister(0, vbar, 0x4000_0fff);
    assertThat(target.systemRegister(0, vbar)).isEqualTo(0x4000_0800);
    int midr = target.systemRegisters().indexOf("MIDR_EL1");
    assertThat(target.systemRegister(1, midr)).isEqualTo(0x410f_d083L);
    assertThatThrownBy(() -> target.systemRegister(0, midr, 0))
        .hasRootCauseMessage("MIDR_EL1 is read-only");
    int stack = target.systemRegisters().indexOf("SP_EL0");
    target.systemRegister(0, stack, 0x1230);
    assertThat(target.systemRegister(0, stack)).isEqualTo(0x1230);
    assertThat(target.registers(0).sp()).as("SP_EL2").isZero();
    for (int n = 0; n < target.systemRegisters().size(); n++) {
      target.systemRegister(0, n);
    }
    assertThat(target.monitor("time")).isEqualTo("0 ns, 0 instructions\n");
  }

  @Test
  void lookingChangesNothing() {
    String before = target.monitor("hash");
    for (int n = 0; n < target.systemRegisters().size(); n++) {
      target.systemRegister(0, n);
    }
    target.registers(0, target.registers(0));
    target.readMemory(0, 0, 0x2000);
    assertThat(target.monitor("hash")).isEqualTo(before);
  }

  @Test
  void memoryIsReadAsFarAsItIsThere() {
    assertThat(target.readMemory(0, LOOP, 4)).containsExactly(0xa5, 0x04, 0x00, 0x91);
    var bytes = new byte[0x3000];
    bytes[0] = 1;
    bytes[0x2fff] = 2;
    assertThat(target.writeMemory(0, RAM + 0x800, bytes)).isEqualTo(0x3000);
    assertThat(target.readMemory(0, RAM + 0x800, 0x3000)).isEqualTo(bytes);
    long end = 0x4000_0000L + (64 << 20);
    assertThat(target.readMemory(0, end - 8, 16)).hasSize(8);
    assertThat(target.writeMemory(0, end - 8, new byte[16])).isEqualTo(8);
    assertThat(target.readMemory(0, 0x0900_0000, 4)).as("a device").isEmpty();
    assertThat(target.writeMemory(0, 0, new byte[4])).as("flash").isZero();
  }

  @Test
  void codeThatTheDebuggerWritesIsExecuted() throws InterruptedException {
    for (int value = 5; value < 8; value++) {
      var word = new byte[4];
      ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN).putInt(MOVZ_X7 | value << 5);
      assertThat(target.writeMemory(0, RAM, word)).isEqualTo(4);
      pc(0, RAM);
      assertThat(step(0)).isEqualTo(new Stop.Stepped(0));
      assertThat(target.registers(0).x(7)).isEqualTo(value);
    }
  }

  @Test
  void aMachineThatSwitchesItselfOffSaysSoAndAnswersNoMore() throws InterruptedException {
    pc(0, OFF);
    target.resume();
    assertThat(target.awaitStop()).isEqualTo(new Stop.PoweredOff());
    thread.join();
    assertThatThrownBy(() -> target.registers(0)).hasMessage("the machine is off");
    target.resume();
    target.step(0, true);
    target.interrupt();
    target.kill();
    target.removeBreakpoint(0);
    assertThat(target.awaitStop()).isEqualTo(new Stop.PoweredOff());
  }

  @Test
  void aMachineThatIsSteppedOffSaysSo() throws InterruptedException {
    pc(0, OFF + 4);
    CpuRegisters registers = target.registers(0);
    registers.x(0, 0x8400_0000L);
    target.registers(0, registers);
    assertThat(step(0)).isEqualTo(new Stop.Stepped(0));
    assertThat(step(0)).isEqualTo(new Stop.PoweredOff());
  }

  @Test
  void theDebuggerCanEndIt() throws InterruptedException {
    target.kill();
    thread.join();
    assertThat(target.awaitStop()).isEqualTo(new Stop.PoweredOff());
  }
}
