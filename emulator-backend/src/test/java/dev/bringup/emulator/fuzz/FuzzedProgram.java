package dev.bringup.emulator.fuzz;

import dev.bringup.emulator.aarch64.RegisterWords;
import dev.bringup.emulator.aarch64.isa.Opcode;

/**
 * Makes a program of bytes, whatever they are: some are instruction words, others choose what
 * random words hardly ever do, such as to write a system register or to set up a virtqueue.
 */
final class FuzzedProgram {
  private static final int MOST_WORDS = 4096;
  private static final int ERET = 0xd69f_03e0;
  private static final int ISB = 0xd503_3fdf;
  private static final int HVC = 0xd400_0002;
  private static final int SMC = 0xd400_0003;
  private static final int MRS = 1 << 21;
  private static final int SPSR_EL1 = 0xd518_4000;
  private static final int ELR_EL1 = 0xd518_4020;
  private static final int SPSR_EL2 = 0xd51c_4000;
  private static final int ELR_EL2 = 0xd51c_4020;
  private static final int SCTLR_EL1 = 0xd518_1000;
  private static final int SCTLR_EL2 = 0xd51c_1000;
  private static final int HCR_EL2 = 0xd51c_1100;

  private static final int[] FIRMWARE_FUNCTIONS = {
    0x8400_0000,
    0x8400_0002,
    0x8400_0003,
    0xc400_0003,
    0x8400_0004,
    0xc400_0004,
    0x8400_0008,
    0x8400_0009,
    0x8400_000a
  };

  /** WFE, WFI, SEV, SEVL, CLREX, ISB, MSR DAIFSet, MSR DAIFClr, MSR SPSel 0 and 1. */
  private static final int[] SHORT_WORDS = {
    0xd503_205f,
    0xd503_207f,
    0xd503_209f,
    0xd503_20bf,
    0xd503_3f5f,
    ISB,
    0xd503_4fdf,
    0xd503_4fff,
    0xd500_40bf,
    0xd500_41bf
  };

  private static final long[] REGIONS = {
    FuzzedMachine.DISTRIBUTOR,
    FuzzedMachine.CPU_INTERFACE,
    FuzzedMachine.V2M,
    FuzzedMachine.HYPERVISOR_INTERFACE,
    FuzzedMachine.VIRTUAL_INTERFACE,
    FuzzedMachine.UART,
    FuzzedMachine.RTC,
    FuzzedMachine.GPIO,
    FuzzedMachine.VIRTIO_LAST,
    FuzzedMachine.VIRTIO_LAST - 0x200,
    FuzzedMachine.VIRTIO_LAST - 0x400,
    FuzzedMachine.VIRTIO_LAST - 0x600,
    FuzzedMachine.VIRTIO_LAST - 0x800,
    FuzzedMachine.ECAM,
    FuzzedMachine.FLASH,
    FuzzedMachine.FLASH + 0x400_0000,
  };

  private static final int[] REGISTERS = RegisterWords.writes();
  private static final Opcode[] ROWS = Opcode.values();

  private final Words words = new Words();
  private final Bytes input;

  private FuzzedProgram(Bytes input) {
    this.input = input;
  }

  /** Uses up what {@code input} has. */
  static int[] of(Bytes input) {
    var program = new FuzzedProgram(input);
    while (!input.isEmpty() && program.words.size() < MOST_WORDS) {
      program.item();
    }
    return program.words.all();
  }

  private void item() {
    switch (input.one() & 15) {
      case 0 -> words.add(input.four());
      case 1, 2, 3 -> {
        Opcode row = ROWS[input.two() % ROWS.length];
        words.add(row.value() | (input.four() & ~row.mask()));
      }
      case 4, 5 -> {
        long value = input.value();
        words.set(REGISTERS[input.one() % REGISTERS.length], value);
      }
      case 6 -> words.add(REGISTERS[input.one() % REGISTERS.length] | MRS | (input.one() & 15));
      case 7, 8 -> access();
      case 9 -> table();
      case 10 ->
          words.add(0xd508_0000 | (input.two() & 0x7ff) << 5 | (7 + (input.one() & 1)) << 12);
      case 11 -> level();
      case 12 -> firmware();
      case 13 -> words.add(SHORT_WORDS[input.one() % SHORT_WORDS.length]);
      case 14 -> queue();
      default -> {
        switch (input.one() & 3) {
          case 0 -> translation();
          case 1 -> flash();
          case 2 -> branchBack();
          default -> poke();
        }
      }
    }
  }

  /** Of a device's register, in any size. */
  private void access() {
    int kind = input.one();
    int size = kind >>> 4 & 3;
    long offset = input.two();
    if ((kind & 0x80) == 0) {
      offset &= 0xffc; // where most registers are
      size = 2;
    }
    long address = REGIONS[kind & 15] + offset;
    if ((kind & 0x40) == 0) {
      words.store(address, input.value(), size);
    } else {
      words.load(address, size);
    }
  }

  /** A descriptor of a table of translations. */
  private void table() {
    int index = input.two() & 0x1fff;
    int kind = input.one();
    long descriptor =
        switch (kind & 3) {
          case 0 -> input.eight();
          case 1 -> FuzzedMachine.TABLES + (kind >>> 2 & 15) * 0x1000L + 3;
          case 2 -> FuzzedMachine.RAM + (input.two() & 0x1ff) * 0x1000L + 0x403;
          default -> (long) kind << 28 | 0x401;
        };
    words.store(FuzzedMachine.TABLES + index * 8L, descriptor | (input.two() & 0x3fcL), 3);
  }

  /** ERET to the next instruction at another level; whichever the present one is. */
  private void level() {
    int kind = input.one();
    int wanted = kind >>> 2 & 3;
    int stack = wanted == 0 ? 0 : kind >>> 1 & 1;
    long masks = (long) (kind & 0xf0) << 2;
    long state = (kind & 1) == 0 ? input.value() : masks | wanted << 2 | stack;
    words.move(Words.VALUE, state);
    words.add(0x1000_0000 | 6 << 5 | Words.OTHER); // ADR, behind the ERET
    // Below EL2 its registers are UNDEFINED, and that exception overwrites those of EL1.
    words.add(SPSR_EL2 | Words.VALUE);
    words.add(ELR_EL2 | Words.OTHER);
    words.add(SPSR_EL1 | Words.VALUE);
    words.add(ELR_EL1 | Words.OTHER);
    words.add(ERET);
  }

  private void firmware() {
    int kind = input.one();
    words.move(0, FIRMWARE_FUNCTIONS[kind % FIRMWARE_FUNCTIONS.length]);
    words.move(1, input.one() & 3);
    words.move(2, FuzzedMachine.PROGRAM + input.two() * 4L);
    words.add((kind & 0x80) == 0 ? SMC : HVC);
  }

  /** A queue of a virtio device, set up and told. */
  private void queue() {
    int kind = input.one();
    long device = FuzzedMachine.VIRTIO_LAST - (kind & 3) * 0x200L;
    int queue = kind >>> 2 & 1;
    int size = 1 << (kind >>> 3 & 7);
    long rings = FuzzedMachine.RINGS + (input.one() & 3) * 0x1000L;
    words.store(device + 0x70, 0, 2);
    words.store(device + 0x70, 3, 2);
    words.store(device + 0x24, 1, 2);
    words.store(device + 0x20, 1, 2);
    words.store(device + 0x70, 11, 2);
    words.store(device + 0x30, queue, 2);
    words.store(device + 0x38, size, 2);
    if ((kind & 0x40) == 0) {
      words.store(device + 0x28, 0x1000, 2);
      words.store(device + 0x3c, 0x1000, 2);
      words.store(device + 0x40, rings >>> 12, 2);
    } else {
      words.store(device + 0x80, rings, 2);
      words.store(device + 0x90, rings + 0x400, 2);
      words.store(device + 0xa0, rings + 0x800, 2);
      words.store(device + 0x44, 1, 2);
    }
    words.store(device + 0x70, 15, 2);
    for (int n = 0; n < (kind >>> 6); n++) {
      long descriptor = rings + 16L * n;
      words.store(descriptor, FuzzedMachine.RAM + input.two() * 0x20L, 3);
      words.store(descriptor + 8, input.four(), 2);
      words.store(descriptor + 12, (long) input.two() << 16 | input.one(), 2);
    }
    words.store(rings + ((kind & 0x40) == 0 ? 16L * size : 0x400) + 2, input.two(), 1);
    words.store(device + 0x50, queue, 2);
  }

  /** Switches translation on or off, mostly with tables that map what there is to itself. */
  private void translation() {
    int kind = input.one();
    words.move(
        Words.VALUE, 0x30c5_0838L | (kind & 1) | (long) (kind & 2) << 1 | (long) (kind & 4) << 10);
    switch (kind >>> 4 & 3) {
      case 0, 1 -> words.add(SCTLR_EL1 | Words.VALUE);
      case 2 -> words.add(SCTLR_EL2 | Words.VALUE);
      default -> {
        words.move(Words.VALUE, 1L << 31 | (kind & 1) | (long) input.two() << 3);
        words.add(HCR_EL2 | Words.VALUE);
      }
    }
    words.add(ISB);
  }

  /** Two cycles of a command. */
  private void flash() {
    long address = FuzzedMachine.FLASH + (long) input.two() * 0x800;
    int code = input.one();
    words.store(address, code, 1);
    words.store(address, (code & 1) == 0 ? 0xd0 : input.four(), 1);
  }

  /** A loop of a few instructions, which ends: SUBS, B.NE. */
  private void branchBack() {
    int back = input.one() & 15;
    if (back < words.size()) {
      words.add(0xf100_0400 | 23 << 5 | 23);
      words.add(0x5400_0001 | (-(back + 1) & 0x7_ffff) << 5);
    }
  }

  /** Into RAM, the program itself included. */
  private void poke() {
    words.store(
        FuzzedMachine.RAM + input.four() % FuzzedMachine.RAM_SIZE, input.value(), input.one() & 3);
  }
}
