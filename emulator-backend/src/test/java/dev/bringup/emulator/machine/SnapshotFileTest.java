package dev.bringup.emulator.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.emulator.device.VirtioEntropy;
import dev.bringup.emulator.device.VirtioFunction;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines that go on from a file, and files that no machine can go on from. */
class SnapshotFileTest {
  private static final int RAM_SIZE = 2 << 20;
  private static final long PROGRAM = VirtMap.RAM + 0x8000;
  private static final long LATER = 16 * 100_000;
  private static final byte[] MAC = {0x52, 0x54, 0, 0, 0, 7};

  /** Counts in RAM, page by page; prints a digit for each page; mixes the time into X3. */
  private static final int[] WORDS = {
    0xd2a8_0200, // MOVZ X0, 0x4010, LSL 16
    0xd2a1_2009, // MOVZ X9, 0x0900, LSL 16
    0xf940_0001, // LDR X1, [X0]
    0x9100_0c21, // ADD X1, X1, 3
    0xf900_0001, // STR X1, [X0]
    0xd53b_e042, // MRS X2, CNTVCT_EL0
    0xca02_0063, // EOR X3, X3, X2
    0x4ee0_8400, // ADD V0.2D, V0.2D, V0.2D
    0x3900_0121, // STRB W1, [X9]
    0x9140_0400, // ADD X0, X0, 0x1000
    0x37a7_ff00, // TBNZ W0, 20, to LDR
    0x17ff_fff5 // B, to the beginning
  };

  @TempDir private Path folder;
  private final List<VirtMachine> machines = new ArrayList<>();
  private final List<Integer> printed = new ArrayList<>();
  private int resets;

  @AfterEach
  void close() {
    machines.forEach(VirtMachine::close);
  }

  private final class Outside implements VirtMachine.Outside {
    @Override
    public void console(int value) {
      printed.add(value);
    }

    @Override
    public void frame(byte[] frame) {
      // nothing is sent
    }

    @Override
    public void reset() {
      resets++;
    }
  }

  private static VirtMachine.Configuration configuration(int cpus, long ram) {
    return new VirtMachine.Configuration(cpus, ram, true, false, Instant.ofEpochSecond(1_000_000));
  }

  private VirtMachine machine(
      VirtMachine.Configuration configuration, byte[] flash, VirtioFunction... functions) {
    var machine =
        new VirtMachine(
            configuration,
            new VirtMachine.Flash("test", flash),
            MAC,
            List.of(functions),
            new Outside());
    machines.add(machine);
    return machine;
  }

  private VirtMachine machine() {
    return machine(configuration(1, RAM_SIZE), new byte[0]);
  }

  private static byte[] bytes(int... words) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : words) {
      bytes.putInt(word);
    }
    return bytes.array();
  }

  private VirtMachine running() {
    VirtMachine machine = machine();
    machine.load("program", PROGRAM, bytes(WORDS));
    machine.startAt(PROGRAM, 0);
    machine.powerOn();
    machine.runUntil(LATER);
    return machine;
  }

  private Path saved(VirtMachine machine) {
    Path file = folder.resolve("saved");
    SnapshotFile.save(machine, file);
    return file;
  }

  private static void assertRefused(Runnable run, String... words) {
    assertThatThrownBy(run::run)
        .isInstanceOfSatisfying(
            BringupException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
        .hasMessageContainingAll(words);
  }

  @Test
  void aRestoredMachineGoesOnAsTheOneThatWasSaved() {
    VirtMachine first = running();
    first.type(new byte[40]);
    Path file = saved(first);
    String then = first.stateHash();
    printed.clear();
    first.runUntil(2 * LATER);
    List<Integer> expected = List.copyOf(printed);
    assertThat(expected).isNotEmpty();

    VirtMachine second = machine();
    SnapshotFile.open(file).restore(second);
    assertThat(second.stateHash()).isEqualTo(then);
    assertThat(second.nanos()).isGreaterThanOrEqualTo(LATER);
    printed.clear();
    second.runUntil(2 * LATER);
    assertThat(printed).isEqualTo(expected);
    assertThat(second.stateHash()).isEqualTo(first.stateHash());
  }

  @Test
  void aMachineThatHasDoneOtherThingsForgetsThem() {
    VirtMachine first = running();
    Path file = saved(first);
    String then = first.stateHash();
    first.runUntil(3 * LATER);
    first.memory().writeLong(VirtMap.RAM + 0x1f_0000, 5);
    first.startAt(VirtMap.RAM, 1);
    SnapshotFile.open(file).restore(first);
    assertThat(first.stateHash()).isEqualTo(then);
  }

  @Test
  void flashIsSavedToo() {
    var contents = new byte[300_000];
    contents[299_999] = 1;
    Path file = saved(machine(configuration(1, RAM_SIZE), contents));
    VirtMachine second = machine();
    SnapshotFile.open(file).restore(second);
    assertThat(second.memory().load(299_999, 1)).isEqualTo(1);
    assertThat(second.memory().load(300_000, 1)).isEqualTo(0xff);
    assertThat(second.memory().load(0, 8)).isZero();
  }

  @Test
  void aRestoredMachineStartsAnewWithWhatTheFirstOneWasLoadedWith() {
    VirtMachine first = machine();
    int[] resetsAtOnce = {0xd280_0120, 0xf2b0_8000, 0xd400_0003}; // X0 = SYSTEM_RESET; SMC
    first.load("program", PROGRAM, bytes(resetsAtOnce));
    first.startAt(PROGRAM, 7);
    first.powerOn();
    Path file = saved(first);
    VirtMachine second = machine();
    SnapshotFile.open(file).restore(second);
    second.runUntil(16 * 4);
    assertThat(resets).isEqualTo(1);
    first.runUntil(16 * 100);
    second.runUntil(16 * 100);
    assertThat(second.stateHash()).isEqualTo(first.stateHash());
  }

  @Test
  void aFileTellsWhatItsMachineWasMadeWith() {
    var made = new VirtMachine.Configuration(3, 5 << 20, false, true, Instant.ofEpochSecond(99));
    assertThat(SnapshotFile.open(saved(machine(made, new byte[0]))).configuration())
        .isEqualTo(made);
  }

  @Test
  void pagesOfZerosTakeNoSpace() throws IOException {
    VirtMachine machine = machine(configuration(1, 64 << 20), new byte[0]);
    long before = Files.size(saved(machine));
    for (long page = 0; page < 64 << 20; page += 0x1000) {
      machine.memory().writeLong(VirtMap.RAM + page, 0);
    }
    assertThat(Files.size(saved(machine)) - before).isLessThan(16_384 * 8);
  }

  @Test
  void everyByteThatIsFlippedIsNoticed() throws IOException {
    Path file = saved(machine());
    byte[] good = Files.readAllBytes(file);
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= (byte) (1 << at % 8);
      Files.write(file, bad);
      assertRefused(() -> SnapshotFile.open(file), "saved");
    }
  }

  @Test
  void everyCutIsNoticedAndSoIsWhatComesBehind() throws IOException {
    Path file = saved(machine());
    byte[] good = Files.readAllBytes(file);
    for (int length = 0; length < good.length; length++) {
      Files.write(file, Arrays.copyOf(good, length));
      assertRefused(() -> SnapshotFile.open(file), "saved");
    }
    Files.write(file, Arrays.copyOf(good, good.length + 1));
    assertRefused(() -> SnapshotFile.open(file), "damaged");
  }

  @Test
  void anotherFormatIsNamed() throws IOException {
    Path file = saved(machine());
    byte[] bytes = Files.readAllBytes(file);
    bytes[11] = 9;
    Files.write(file, bytes);
    assertRefused(() -> SnapshotFile.open(file), "format 9", "reads format 1");
  }

  @Test
  void anotherModelIsNamed() throws IOException {
    Path file = saved(machine());
    byte[] bytes = Files.readAllBytes(file);
    bytes[14] = 'V';
    Files.write(file, bytes);
    assertRefused(() -> SnapshotFile.open(file), "\"Virt\"", "virt");
  }

  @Test
  void whatIsNoSnapshotIsCalledThat() throws IOException {
    Path file = folder.resolve("note.txt");
    Files.writeString(file, "not a machine");
    assertRefused(() -> SnapshotFile.open(file), "note.txt is not a snapshot");
    Path none = folder.resolve("none");
    assertRefused(() -> SnapshotFile.open(none), "none: no such file");
    assertRefused(() -> SnapshotFile.open(folder), folder.toString());
  }

  @Test
  void aMachineOfAnotherMakingIsLeftAlone() {
    SnapshotFile file = SnapshotFile.open(saved(running()));
    VirtMachine larger = machine(configuration(1, 2 * RAM_SIZE), new byte[0]);
    String before = larger.stateHash();
    assertRefused(() -> file.restore(larger), "2 MiB", "4 MiB");
    assertThat(larger.stateHash()).isEqualTo(before);
    assertRefused(() -> file.restore(machine(configuration(2, RAM_SIZE), new byte[0])), "2 CPUs");
    assertRefused(
        () -> file.restore(machine(configuration(1, RAM_SIZE), new byte[0], new VirtioEntropy(1))),
        "virtio devices [1]",
        "virtio devices [1, 4]");
    VirtMachine watched = machine();
    var _ = watched.time().alarm("lan", () -> {});
    assertRefused(() -> file.restore(watched), "alarms []", "alarms [lan]");
  }

  @Test
  void aFileThatCannotBeWrittenIsTheLabsFault() {
    assertThatThrownBy(() -> SnapshotFile.save(machine(), folder.resolve("none/saved")))
        .isInstanceOfSatisfying(
            BringupException.class,
            e -> assertThat(e.kind()).isEqualTo(FailureKind.INFRASTRUCTURE));
  }

  @Test
  void savingLeavesNothingElseBehind() throws IOException {
    saved(machine());
    saved(machine());
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("saved"));
    }
  }
}
