package dev.bringup.emulator.aarch64.fp;

import dev.bringup.emulator.aarch64.isa.Decoder;
import dev.bringup.emulator.aarch64.isa.Opcode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.random.RandomGenerator;

/** Words of every floating-point and SIMD row, and states that are rich in special values. */
final class RandomInstructions {
  private static final long[] SINGLES = {
    0,
    1,
    2,
    0x7fffff,
    0x800000,
    0x800001,
    0xffffff,
    0x1000000,
    0x3f800000,
    0x3f800001,
    0x3f7fffff,
    0x3f000000,
    0x3effffff,
    0x3fc00000,
    0x40000000,
    0x40200000,
    0x4effffff,
    0x4f000000,
    0x4f000001,
    0x4f7fffff,
    0x4f800000,
    0x5effffff,
    0x5f000000,
    0x5f800000,
    0x7effffff,
    0x7f000000,
    0x7f7fffff,
    0x7f800000,
    0x7f800001,
    0x7fa12345,
    0x7fc00000,
    0x7fc54321,
    0x7fffffff,
    0x477fe000,
    0x477fefff,
    0x477ff000,
    0x38800000,
    0x387fc000,
    0x33000000,
    0x33800000,
    0x7e800000,
    0x7e7fffff,
    0x200000,
    0x1fffff,
    0x400000
  };
  private static final long[] DOUBLES = {
    0,
    1,
    2,
    0xfffffffffffffL,
    0x10000000000000L,
    0x10000000000001L,
    0x20000000000000L,
    0x3ff0000000000000L,
    0x3ff0000000000001L,
    0x3fefffffffffffffL,
    0x3fe0000000000000L,
    0x3fdfffffffffffffL,
    0x3ff8000000000000L,
    0x4000000000000000L,
    0x4004000000000000L,
    0x41dfffffffc00000L,
    0x41e0000000000000L,
    0x41efffffffe00000L,
    0x41f0000000000000L,
    0x43dfffffffffffffL,
    0x43e0000000000000L,
    0x43efffffffffffffL,
    0x43f0000000000000L,
    0x7fdfffffffffffffL,
    0x7fe0000000000000L,
    0x7fefffffffffffffL,
    0x7ff0000000000000L,
    0x7ff0000000000001L,
    0x7ff4123456789abcL,
    0x7ff8000000000000L,
    0x7ff8abcdef012345L,
    0x7fffffffffffffffL,
    0x47efffffe0000000L,
    0x47efffffefffffffL,
    0x47effffff0000000L,
    0x47f0000000000000L,
    0x3810000000000000L,
    0x380fffffe0000000L,
    0x36a0000000000000L,
    0x3690000000000000L,
    0x40effc0000000000L,
    0x40f0000000000000L,
    0x3f10000000000000L,
    0x7fd0000000000000L,
    0x4000000000000L,
    0x3ffffffffffffL,
    0x8000000000000L
  };
  private static final long[] HALVES = {
    0, 1, 0x3ff, 0x400, 0x3c00, 0x3bff, 0x7bff, 0x7c00, 0x7c01, 0x7d55, 0x7e00, 0x7fff
  };

  private final RandomGenerator random;
  private final List<Opcode> rows = new ArrayList<>();

  RandomInstructions(RandomGenerator random, Opcode first, Opcode last) {
    this.random = random;
    rows.addAll(EnumSet.range(first, last));
  }

  List<Opcode> rows() {
    return rows;
  }

  /** Structure transfers use a register below 30 as their base, not SP. */
  static boolean isTransfer(int word) {
    return (word & 0xbe000000) == 0x0c000000;
  }

  int word(Opcode opcode) {
    while (true) {
      int word = (random.nextInt() & ~opcode.mask()) | opcode.value();
      if (Decoder.decode(word) == opcode) {
        if (isTransfer(word)) {
          int base = random.nextInt(30);
          word = (word & ~(31 << 5)) | base << 5;
          if ((word & 1 << 23) != 0 && random.nextInt(3) == 0) {
            word |= 31 << 16;
          }
        } else if (random.nextInt(8) == 0) {
          // The destination is an operand too.
          word = (word & ~31) | (word >>> 5 & 31);
        }
        if (Decoder.decode(word) == opcode) {
          return word;
        }
      }
    }
  }

  CpuState state(int word, int place) {
    var state = new CpuState();
    for (int i = 0; i < 31; i++) {
      state.x[i] = element(3);
    }
    int flavour = random.nextInt(4);
    for (int i = 0; i < 32; i++) {
      int size = random.nextInt(3) == 0 ? random.nextInt(4) : flavour;
      state.low[i] = filled(size);
      state.high[i] = filled(size);
    }
    if (random.nextInt(3) == 0) {
      // Sums that cancel, quotients that are exact.
      int from = random.nextInt(32);
      state.low[word >>> 16 & 31] = state.low[from] ^ (random.nextLong() & 1L << 63);
      state.low[word >>> 5 & 31] = state.low[from] + random.nextInt(3) - 1;
    }
    // Half of the runs with Java's own rounding, a quarter with nothing else set.
    long mode = random.nextInt(2) == 0 ? 0 : random.nextInt(4);
    state.fpcr = mode << 22 | (random.nextInt(4) == 0 ? 0 : (long) random.nextInt(8) << 24);
    state.fpsr = random.nextInt(2) == 0 ? 0 : random.nextInt() & 0x0800009f;
    state.nzcv = random.nextInt(16);
    random.nextBytes(state.scratch);
    if (isTransfer(word)) {
      state.x[word >>> 5 & 31] =
          CpuState.scratchAddress(place) + random.nextInt(CpuState.SCRATCH_BYTES - 64);
    }
    return state;
  }

  private long filled(int size) {
    long value = 0;
    for (int i = 0; i < 8 >> size; i++) {
      value |= element(size) << (i << (size + 3));
    }
    return value;
  }

  private long element(int size) {
    int bits = 8 << size;
    long mask = -1L >>> (64 - bits);
    long value =
        switch (random.nextInt(4)) {
          case 0 -> random.nextLong();
          case 1 -> random.nextInt(7) - 3;
          case 2 -> (1L << random.nextInt(bits)) + random.nextInt(3) - 1;
          default ->
              switch (size) {
                case 1 -> signed(HALVES, 16);
                case 2 -> signed(SINGLES, 32);
                case 3 -> signed(DOUBLES, 64);
                default -> random.nextInt(2) == 0 ? 0x80 : 0x7f;
              };
        };
    if (size >= 2 && random.nextInt(4) == 0) {
      value = moderate(size);
    }
    return value & mask;
  }

  private long signed(long[] values, int bits) {
    return values[random.nextInt(values.length)] | (random.nextLong() & 1L << (bits - 1));
  }

  /** A number not far from one, sometimes with few digits. */
  private long moderate(int size) {
    double value = random.nextDouble(-2, 2) * Math.scalb(1.0, random.nextInt(-20, 40));
    if (random.nextInt(2) == 0) {
      value = Math.rint(value * 4) / 4;
    }
    return size == 2
        ? Float.floatToRawIntBits((float) value) & 0xffff_ffffL
        : Double.doubleToRawLongBits(value);
  }
}
