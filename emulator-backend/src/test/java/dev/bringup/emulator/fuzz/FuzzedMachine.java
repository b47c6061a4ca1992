package dev.bringup.emulator.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.aarch64.Cpu;
import dev.bringup.emulator.device.VirtioBlock;
import dev.bringup.emulator.device.VirtioConsole;
import dev.bringup.emulator.device.VirtioEntropy;
import dev.bringup.emulator.machine.SnapshotFile;
import dev.bringup.emulator.machine.VirtMachine;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * A machine for programs that make no sense: small, with one of each device, and with vectors that
 * go on behind the instruction that faulted.
 */
final class FuzzedMachine implements AutoCloseable {
  static final long FLASH = 0;
  static final long DISTRIBUTOR = 0x0800_0000;
  static final long CPU_INTERFACE = 0x0801_0000;
  static final long V2M = 0x0802_0000;
  static final long HYPERVISOR_INTERFACE = 0x0803_0000;
  static final long VIRTUAL_INTERFACE = 0x0804_0000;
  static final long UART = 0x0900_0000;
  static final long RTC = 0x0901_0000;
  static final long GPIO = 0x0903_0000;
  static final long VIRTIO_LAST = 0x0a00_3e00;
  static final long ECAM = 0x40_1000_0000L;
  static final long RAM = 0x4000_0000;
  static final int RAM_SIZE = 2 << 20;

  private static final long START = RAM + 0x1000;
  private static final long VECTORS = RAM + 0x8000;
  static final long PROGRAM = RAM + 0x1_0000;
  static final long TABLES = RAM + 0x4_0000;
  static final long RINGS = RAM + 0x8_0000;
  private static final long STACK = RAM + 0xa_0000;

  /** Of virtual time, for each piece of a run. */
  private static final long PIECE = 16 * 3_000L;

  private static final int STEPS = 8;
  private static final int MOST_UNDEFINED = 256;

  /** What devices may send in that time. */
  private static final long MOST_SENT = 1L << 32;

  private static final byte[] MAC = {0x52, 0x54, 0, 0, 0, 1};

  private final int cpus;
  private final boolean virtualization;
  private final byte[] disk = new byte[16 << 10];
  private VirtMachine machine;
  private long sent;

  FuzzedMachine(int cpus, boolean virtualization) {
    this.cpus = cpus;
    this.virtualization = virtualization;
    this.machine = assemble();
  }

  private VirtMachine assemble() {
    return new VirtMachine(
        new VirtMachine.Configuration(
            cpus, RAM_SIZE, virtualization, true, Instant.ofEpochSecond(1_700_000_000)),
        new VirtMachine.Flash("nothing", new byte[0]),
        MAC,
        List.of(
            new VirtioBlock(new Disk(), "fuzz"),
            new VirtioConsole(new Terminal()),
            new VirtioEntropy(1)),
        new Outside());
  }

  private final class Outside implements VirtMachine.Outside {
    @Override
    public void console(int value) {
      sent += 1 + value;
    }

    @Override
    public void frame(byte[] frame) {
      sent += frame.length;
      if (frame.length < 64) {
        machine.receive(frame);
      }
    }

    @Override
    public void reset() {
      sent++;
    }
  }

  private final class Terminal implements VirtioConsole.ConsolePort {
    @Override
    public void sent(byte[] bytes) {
      sent += bytes.length;
    }

    @Override
    public void roomMade() {
      sent++;
    }
  }

  private final class Disk implements VirtioBlock.BlockStore {
    @Override
    public long size() {
      return disk.length;
    }

    @Override
    public boolean readOnly() {
      return false;
    }

    @Override
    public void read(long at, byte[] into, int from, int length) {
      System.arraycopy(disk, (int) at, into, from, length);
    }

    @Override
    public void write(long at, byte[] bytes, int from, int length) {
      System.arraycopy(bytes, from, disk, (int) at, length);
    }

    @Override
    public void flush() {
      sent++;
    }
  }

  /** Runs what the bytes say, from power-on, for a bounded time. */
  void run(byte[] bytes) {
    var input = new Bytes(bytes);
    if (flashWasUsed()) {
      machine.close();
      machine = assemble();
    }
    Arrays.fill(disk, (byte) 0);
    sent = 0;
    int pieces = 1 + (input.one() & 3);
    int level = input.one();
    machine.startAt(PROGRAM, 0);
    machine.powerOn();
    prepare(level);
    load(PROGRAM, FuzzedProgram.of(input));
    for (int piece = 0; piece < pieces && machine.isOn(); piece++) {
      machine.runUntil(machine.nanos() + PIECE);
      machine.type(new byte[] {(byte) piece, 3});
      machine.receive(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, (byte) piece});
      for (int step = 0; step < STEPS; step++) {
        machine.step();
      }
    }
    assertThat(sent).isLessThan(MOST_SENT);
    assertThat(machine.counters().undefined()).hasSizeLessThanOrEqualTo(cpus * MOST_UNDEFINED);
  }

  private boolean flashWasUsed() {
    var accesses = machine.counters().accesses();
    return accesses.get("flash 0") > 0 || accesses.get("flash 1") > 0;
  }

  String stateHash() {
    return machine.stateHash();
  }

  /** What it has sent since power-on, as a number that differs if that differs. */
  long sent() {
    return sent;
  }

  void goOn() {
    machine.runUntil(machine.nanos() + PIECE);
  }

  void save(Path file) {
    SnapshotFile.save(machine, file);
  }

  /** Takes the state of another one, and what that one's disk holds. */
  void restore(Path file, FuzzedMachine other) {
    SnapshotFile.open(file).restore(machine);
    System.arraycopy(other.disk, 0, disk, 0, disk.length);
    sent = other.sent;
  }

  /** Tables, vectors, and registers with addresses that are worth to have. */
  private void prepare(int level) {
    long tables = TABLES + 0x8000;
    for (int index = 0; index < 8; index++) {
      // gigabytes mapped to themselves, those below RAM as devices
      long block = (long) index << 30 | (index == 0 ? 0x401 : 0x705);
      machine.memory().writeLong(tables + 8L * index, block);
      machine.memory().writeLong(tables + 0x1000 + 8L * index, (long) index << 30 | 0x7fd);
    }
    for (int vector = 0; vector < 16; vector++) {
      vector(VECTORS + 0x80L * vector, 0xd538_4020, 0xd518_4020);
      vector(VECTORS + 0x800 + 0x80L * vector, 0xd53c_4020, 0xd51c_4020);
    }
    Cpu cpu = machine.cpus().getFirst();
    for (int register = 0; register < 16; register++) {
      cpu.register(register, RAM + 0x1_0000L * register + level * 8L);
    }
    for (int register = 16; register < 31; register++) {
      cpu.register(register, register);
    }
    cpu.register(31, STACK);
    var words = new Words();
    for (long[] setting : settings(tables)) {
      words.set((int) setting[0], setting[1]);
    }
    words.branch(PROGRAM - START - 4L * words.size());
    load(START, words.all());
    cpu.pc(START);
  }

  private long[][] settings(long tables) {
    var ofEl1 =
        new long[][] {
          {0xd518_c000, VECTORS}, // VBAR_EL1
          {0xd518_1040, 3 << 20}, // CPACR_EL1
          {0xd518_2000, tables}, // TTBR0_EL1
          {0xd518_2020, tables}, // TTBR1_EL1
          {0xd518_2040, 25 | 25 << 16}, // TCR_EL1
          {0xd518_a200, 0xff00} // MAIR_EL1
        };
    if (!virtualization) {
      return ofEl1;
    }
    var all = Arrays.copyOf(ofEl1, ofEl1.length + 6);
    all[ofEl1.length] = new long[] {0xd51c_c000, VECTORS + 0x800}; // VBAR_EL2
    all[ofEl1.length + 1] = new long[] {0xd51c_2000, tables}; // TTBR0_EL2
    all[ofEl1.length + 2] = new long[] {0xd51c_2040, 25}; // TCR_EL2
    all[ofEl1.length + 3] = new long[] {0xd51c_a200, 0xff00}; // MAIR_EL2
    all[ofEl1.length + 4] = new long[] {0xd51c_2100, tables + 0x1000}; // VTTBR_EL2
    all[ofEl1.length + 5] = new long[] {0xd51c_2140, 25 | 1 << 6}; // VTCR_EL2
    return all;
  }

  /** Goes on behind the instruction, with X29 lost. */
  private void vector(long at, int readElr, int writeElr) {
    load(at, new int[] {readElr | 29, 0x9100_1000 | 29 << 5 | 29, writeElr | 29, 0xd69f_03e0});
  }

  private void load(long at, int[] words) {
    for (int i = 0; i < words.length; i++) {
      machine.memory().writeInt(at + 4L * i, words[i]);
    }
  }

  @Override
  public void close() {
    machine.close();
  }
}
