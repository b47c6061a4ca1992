package dev.bringup.emulator.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.image.DeviceTree;
import dev.bringup.image.DeviceTreeNode;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The machine around its CPU: what it starts with, its power, its input, and what it refuses. */
class VirtMachineTest {
  private static final long SECOND = 1_000_000_000;

  // Words of A64; the UART's address is in X1
  private static final int UART_TO_X1 = 0xd2a1_2001; // movz x1, #0x900, lsl #16
  private static final int WAIT_FOR_BYTE = 0xb940_1822; // ldr w2, [x1, #0x18]
  private static final int WHILE_EMPTY = 0x3727_ffe2; // tbnz w2, #4, .-4
  private static final int READ_BYTE = 0xb940_0023; // ldr w3, [x1]
  private static final int WRITE_BYTE = 0xb900_0023; // str w3, [x1]
  private static final int PSCI = 0x52b0_8000; // movz w0, #0x8400, lsl #16
  private static final int OFF = 0x7280_0100; // movk w0, #8
  private static final int RESET = 0x7280_0120; // movk w0, #9
  private static final int CALL = 0xd400_0003; // smc #0
  private static final int FOREVER = 0x1400_0000; // b .

  private final ByteArrayOutputStream console = new ByteArrayOutputStream();
  private int resets;
  private Runnable onReset = () -> {};

  private final class Outside implements VirtMachine.Outside {
    @Override
    public void console(int value) {
      console.write(value);
    }

    @Override
    public void frame(byte[] frame) {
      throw new AssertionError("the program has no network");
    }

    @Override
    public void reset() {
      resets++;
      onReset.run();
    }
  }

  private static VirtMachine.Configuration configuration(int cpus, long ram) {
    return new VirtMachine.Configuration(cpus, ram, true, false, Instant.EPOCH);
  }

  private VirtMachine machine(int... firmware) {
    return new VirtMachine(
        configuration(1, 64 << 20),
        new VirtMachine.Flash("the program", program(firmware)),
        null,
        List.of(),
        new Outside());
  }

  private static byte[] program(int... words) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : words) {
      bytes.putInt(word);
    }
    return bytes.array();
  }

  @Test
  void aProgramThatSwitchesTheMachineOffStopsItsTime() {
    try (VirtMachine machine = machine(PSCI, OFF, CALL, FOREVER)) {
      machine.bootFirmware();
      machine.powerOn();
      assertThat(machine.isOn()).isTrue();
      machine.runUntil(SECOND);
      assertThat(machine.isOn()).isFalse();
      assertThat(machine.nanos()).isEqualTo(3 * Scheduler.NANOS_PER_TICK);
      assertThat(machine.counters().instructions()).isEqualTo(3);
    }
  }

  @Test
  void aResetBeginsAtTheVectorAgainAndIsTold() {
    // Echoes one byte, then resets.
    try (VirtMachine machine =
        machine(UART_TO_X1, WAIT_FOR_BYTE, WHILE_EMPTY, READ_BYTE, WRITE_BYTE, PSCI, RESET, CALL)) {
      machine.bootFirmware();
      machine.powerOn();
      machine.runUntil(SECOND);
      assertThat(console.size()).isZero();
      machine.type("a".getBytes(StandardCharsets.US_ASCII));
      machine.runUntil(2 * SECOND);
      machine.type("b".getBytes(StandardCharsets.US_ASCII));
      machine.runUntil(3 * SECOND);
      assertThat(console.toString(StandardCharsets.US_ASCII)).isEqualTo("ab");
      assertThat(resets).isEqualTo(2);
      assertThat(machine.nanos()).isGreaterThanOrEqualTo(3 * SECOND);
    }
  }

  @Test
  void aPauseThatComesWithAResetIsNotLost() {
    try (VirtMachine machine = machine(PSCI, RESET, CALL)) {
      machine.bootFirmware();
      machine.powerOn();
      onReset = machine::pause;
      machine.runUntil(3600 * SECOND);
      assertThat(resets).isEqualTo(1);
      onReset = () -> {};
      machine.runUntil(machine.nanos() + SECOND / 100);
      assertThat(resets).as("and it counts once").isGreaterThan(10);
    }
  }

  @Test
  void aResetThatADebuggerStepsOverEndsNoLaterRun() {
    try (VirtMachine machine = machine(PSCI, RESET, CALL)) {
      machine.bootFirmware();
      machine.powerOn();
      for (int n = 0; n < 3; n++) {
        machine.step(0, SECOND);
      }
      assertThat(resets).isEqualTo(1);
      long end = machine.nanos() + SECOND / 100;
      machine.runUntil(end);
      assertThat(machine.nanos()).isGreaterThanOrEqualTo(end);
    }
  }

  @Test
  void whatTheUartHasNoRoomForWaitsOnTheWire() {
    try (VirtMachine machine =
        machine(
            UART_TO_X1,
            WAIT_FOR_BYTE,
            WHILE_EMPTY,
            READ_BYTE,
            WRITE_BYTE,
            0x17ff_fffc /* b .-16 */)) {
      machine.bootFirmware();
      machine.powerOn();
      String text = "The quick brown fox jumps over the lazy dog. ".repeat(20);
      machine.type(text.getBytes(StandardCharsets.US_ASCII));
      machine.runUntil(SECOND);
      assertThat(console.toString(StandardCharsets.US_ASCII)).isEqualTo(text);
    }
  }

  @Test
  void aPauseFromAnotherThreadEndsARunOfAnyLength() throws InterruptedException {
    try (VirtMachine machine = machine(FOREVER)) {
      machine.bootFirmware();
      machine.powerOn();
      Thread other = Thread.ofPlatform().start(machine::pause);
      machine.runUntil(Long.MAX_VALUE / 2);
      other.join();
      assertThat(machine.nanos()).isLessThan(Long.MAX_VALUE / 2);
    }
  }

  @Test
  void aMachineThatWaitsForNothingSkipsItsTime() {
    try (VirtMachine machine = machine(0xd503_207f /* wfi */, FOREVER)) {
      machine.bootFirmware();
      machine.powerOn();
      machine.runUntil(3600 * SECOND);
      assertThat(machine.nanos()).isEqualTo(3600 * SECOND);
      assertThat(machine.counters().instructions()).isEqualTo(1);
      assertThat(machine.counters().idleNanos())
          .isEqualTo(3600 * SECOND - Scheduler.NANOS_PER_TICK);
    }
  }

  @Test
  void anInstructionThatIsNoneIsCountedByItsWord() {
    // VBAR is 0: the exception comes to 0x200, which is erased flash, and undefined again.
    try (VirtMachine machine = machine(0x0000_0000)) {
      machine.bootFirmware();
      machine.powerOn();
      machine.runUntil(10 * Scheduler.NANOS_PER_TICK);
      assertThat(machine.counters().undefined()).containsEntry(0, 1L).containsKey(-1);
    }
  }

  @Test
  void aKernelFindsTreeAndRamDiskAsABootLoaderLeavesThem() {
    var kernel = new byte[8192];
    ByteBuffer.wrap(kernel)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0, FOREVER)
        .putLong(16, 3 << 20) // it uses more than the file has
        .putLong(24, 0xa)
        .put(56, "ARMd".getBytes(StandardCharsets.US_ASCII));
    byte[] disk = "a RAM disk".getBytes(StandardCharsets.US_ASCII);
    try (VirtMachine machine = machine()) {
      machine.bootKernel(kernel, disk, "console=ttyAMA0 quiet");
      machine.powerOn();
      assertThat(machine.cpus().getFirst().pc()).isEqualTo(0x4020_0000L);
      long tree = machine.cpus().getFirst().register(0);
      var blob = new byte[1 << 20];
      machine.memory().read(tree, blob, 0, blob.length);
      DeviceTreeNode chosen = DeviceTree.read(blob).find("/chosen").orElseThrow();
      assertThat(chosen.property("bootargs").orElseThrow().string())
          .isEqualTo("console=ttyAMA0 quiet");
      int start = chosen.property("linux,initrd-start").orElseThrow().cells().get(1);
      int end = chosen.property("linux,initrd-end").orElseThrow().cells().get(1);
      assertThat(start).isGreaterThanOrEqualTo(0x4020_0000 + (3 << 20));
      var found = new byte[end - start];
      machine.memory().read(start, found, 0, found.length);
      assertThat(found).isEqualTo(disk);
    }
  }

  @Test
  void whatCannotBeIsRefusedInWords() {
    refused(() -> configuration(0, 64 << 20), "the machine virt cannot have 0 CPUs");
    refused(() -> configuration(9, 64 << 20), "9 CPUs; there can be 1 to 8");
    refused(() -> configuration(1, 1000), "1000 bytes of memory", "whole MiB");
    refused(
        () -> new VirtMachine.Flash("big.bin", new byte[(64 << 20) + 1]),
        "big.bin has 67108865 bytes",
        "67108864");
    try (VirtMachine machine = machine()) {
      machine.load("first", 0x4100_0000, new byte[100]);
      refused(
          () -> machine.load("second", 0x4100_0063, new byte[1]),
          "second at 0x41000063 overlaps first at 0x41000000");
      refused(
          () -> machine.load("kernel", 0x43ff_fff0, new byte[17]),
          "kernel: 17 bytes at 0x43fffff0",
          "64 MiB");
      machine.load("third", 0x4100_0064, new byte[1]);
    }
  }

  private static void refused(Runnable action, String... words) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            BringupException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
        .hasMessageContainingAll(words);
  }
}
