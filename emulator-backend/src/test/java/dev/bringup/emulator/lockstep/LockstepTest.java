package dev.bringup.emulator.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.machine.VirtMachine;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LockstepTest {
  private static final int MOV_X1_7 = 0xd280_00e1;
  private static final int MOV_X2_UART = 0xd2a1_2002;
  private static final int LDR_W3_FROM_FLAGS = 0xb940_1843; // ldr w3, [x2, #24]
  private static final int MRS_X4_CNTPCT = 0xd53b_e024;
  private static final int ADD_X1_X1_1 = 0x9100_0421;
  private static final int BRANCH_TO_ITSELF = 0x1400_0000;

  private final StringBuilder trace = new StringBuilder();
  private final CoreState peer = new CoreState();

  LockstepTest() {
    peer.pstate = 0x4000_03c9;
  }

  @Test
  void instructionsThatDoAsThePeersAreAlike() throws IOException {
    log();
    peer.x[1] = 7;
    next();
    peer.x[1] = 8;
    next();
    Lockstep.Result result = run(MOV_X1_7, ADD_X1_X1_1);
    assertThat(result.difference()).isEmpty();
    assertThat(result.instructions()).isEqualTo(2);
    assertThat(result.end()).startsWith("the peer ended");
  }

  @Test
  void theFirstDifferenceNamesTheInstructionAndBothRegisters() throws IOException {
    log();
    peer.x[1] = 7;
    next();
    peer.x[1] = 0x99;
    next();
    Lockstep.Result result = run(MOV_X1_7, ADD_X1_X1_1);
    assertThat(result.difference())
        .hasValueSatisfying(text ->
            assertThat(text)
                .contains("0000000000000004  91000421  add x1, x1, #1\n")
                .contains("x1       0000000000000008 0000000000000099  <--"));
  }

  @Test
  void flagsAndLevelsAreCompared() throws IOException {
    log();
    peer.x[1] = 7;
    peer.pstate = 0x8000_03c9L;
    next();
    assertThat(run(MOV_X1_7).difference())
        .hasValueSatisfying(
            text -> assertThat(text).contains("pstate   00000000400003c9 00000000800003c9  <--"));
  }

  @Test
  void valuesOfDevicesAndCountersAreThePeers() throws IOException {
    log();
    peer.x[2] = 0x0900_0000;
    next();
    peer.x[3] = 0x1234;
    next();
    peer.x[4] = 0x5678;
    next();
    peer.x[1] = 1;
    next();
    Lockstep.Result result = run(MOV_X2_UART, LDR_W3_FROM_FLAGS, MRS_X4_CNTPCT, ADD_X1_X1_1);
    assertThat(result.difference()).isEmpty();
    assertThat(result.taken())
        .containsEntry("device at 0x9000018", 1L)
        .containsEntry("timer s3_3_c14_c0_1", 1L)
        .hasSize(2);
  }

  @Test
  void whatIsInMemoryIsNotThePeers() throws IOException {
    peer.x[2] = 0x4000_0000;
    log();
    peer.x[3] = 0x1234;
    next();
    assertThat(run(LDR_W3_FROM_FLAGS).difference()).isPresent();
  }

  @Test
  void aStateLoggedTwiceIsOneInstruction() throws IOException {
    log();
    log();
    peer.x[1] = 7;
    next();
    log();
    Lockstep.Result result = run(MOV_X1_7, BRANCH_TO_ITSELF);
    assertThat(result.difference()).isEmpty();
    assertThat(result.instructions()).isEqualTo(1);
  }

  @Test
  void interruptsComeWhenThePeersDo() throws IOException {
    log();
    peer.x[1] = 7;
    next();
    peer.pc = 0x280; // IRQ at the present level, VBAR_EL2 is zero
    peer.pstate = 0x3c9; // QEMU clears the flags
    log();
    Lockstep.Result result = run(MOV_X1_7, ADD_X1_X1_1);
    assertThat(result.difference()).isEmpty();
    assertThat(result.interrupts()).isEqualTo(1);
    assertThat(result.instructions()).isEqualTo(1);
  }

  @Test
  void traceOfVectorRegisters() throws IOException {
    log();
    trace.append("     FPCR=00000000 FPSR=00000000\n");
    trace.append("Q00=0000000000000001:0000000000000002 Q31=0000000000000003:0000000000000004\n");
    trace.append("warning: something\n");
    log();
    var read = new QemuTrace(new StringReader(trace.toString()));
    CoreState first = read.read();
    assertThat(first).isNotNull();
    assertThat(first.hasVectors).isTrue();
    assertThat(first.vectors[0]).isEqualTo(2);
    assertThat(first.vectors[1]).isEqualTo(1);
    assertThat(first.vectors[63]).isEqualTo(3);
    CoreState second = read.read();
    assertThat(second).isNotNull();
    assertThat(second.hasVectors).isFalse();
    assertThat(read.read()).isNull();
    assertThat(read.said()).isEqualTo("warning: something");
  }

  private void next() {
    peer.pc += 4;
    log();
  }

  /** As QEMU writes it. */
  private void log() {
    trace.append(" PC=%016x ".formatted(peer.pc));
    for (int i = 0; i < 31; i++) {
      trace.append("X%02d=%016x%s".formatted(i, peer.x[i], i % 3 == 1 ? "\n" : " "));
    }
    trace.append(" SP=%016x\nPSTATE=%08x ---- EL2h\n".formatted(peer.sp, peer.pstate));
  }

  private Lockstep.Result run(int... words) throws IOException {
    ByteBuffer firmware = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : words) {
      firmware.putInt(word);
    }
    var configuration = new VirtMachine.Configuration(1, 1 << 20, true, false, Instant.EPOCH);
    var flash = new VirtMachine.Flash("test", firmware.array());
    try (var machine = new VirtMachine(configuration, flash, null, List.of(), new Silence())) {
      machine.startAt(0, 0);
      machine.powerOn();
      return new Lockstep(machine, new QemuTrace(new StringReader(trace.toString())), false)
          .run(100);
    }
  }

  private static final class Silence implements VirtMachine.Outside {
    @Override
    public void console(int value) {}

    @Override
    public void frame(byte[] frame) {}

    @Override
    public void reset() {}
  }
}
