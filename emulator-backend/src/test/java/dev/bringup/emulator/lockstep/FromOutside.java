package dev.bringup.emulator.lockstep;

import dev.bringup.emulator.aarch64.isa.Decoder;
import dev.bringup.emulator.aarch64.isa.Opcode;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;

/** Tells which instructions get values that cannot be computed: from devices, counters, wires. */
final class FromOutside {
  private final LongUnaryOperator physical;
  private final LongPredicate isDevice;

  /**
   * @param physical makes a physical address of a virtual one
   * @param isDevice whether a device is at a physical address
   */
  FromOutside(LongUnaryOperator physical, LongPredicate isDevice) {
    this.physical = physical;
    this.isDevice = isDevice;
  }

  /** Where the value is from; empty if it can be computed. */
  Optional<String> source(int word, CoreState before) {
    Opcode opcode = Decoder.decode(word);
    if (opcode == Opcode.MRS) {
      return register(word);
    }
    if ((word >>> 25 & 5) != 4 || (word >>> 26 & 1) == 1 || !isLoad(opcode)) {
      return Optional.empty();
    }
    long address = physical.applyAsLong(address(word, before));
    return isDevice.test(address)
        ? Optional.of("device at 0x%x".formatted(address))
        : Optional.empty();
  }

  /** The registers that get the value, as bits; a base that is written back is not one. */
  static int destinations(int word) {
    boolean pair = (word >>> 27 & 7) == 5;
    boolean exclusivePair = (word & 0x3fa0_0000) == 0x0820_0000;
    return 1 << (word & 31) | (pair || exclusivePair ? 1 << (word >>> 10 & 31) : 0);
  }

  private static boolean isLoad(Opcode opcode) {
    return opcode.name().startsWith("LD");
  }

  /** The address of a load of general registers. */
  static long address(int word, CoreState s) {
    int n = word >>> 5 & 31;
    long base = n == 31 ? s.sp : s.x[n];
    int scale = word >>> 30;
    return switch (word >>> 27 & 7) {
      case 3 -> s.pc + (word << 8 >> 13 << 2);
      case 5 -> {
        boolean post = (word >>> 23 & 3) == 1;
        yield post ? base : base + ((long) (word << 10 >> 25) << (word < 0 ? 3 : 2));
      }
      case 7 -> {
        if ((word >>> 24 & 1) == 1) {
          yield base + ((long) (word >>> 10 & 0xfff) << scale);
        }
        if ((word >>> 21 & 1) == 1) {
          int m = word >>> 16 & 31;
          long index = m == 31 ? 0 : s.x[m];
          index =
              switch (word >>> 13 & 7) {
                case 2 -> index & 0xffff_ffffL;
                case 6 -> (int) index;
                default -> index;
              };
          yield base + (index << ((word >>> 12 & 1) == 1 ? scale : 0));
        }
        yield (word >>> 10 & 3) == 1 ? base : base + (word << 11 >> 23);
      }
      default -> base; // exclusive and ordered
    };
  }

  private static Optional<String> register(int word) {
    int op0 = word >>> 19 & 3;
    int op1 = word >>> 16 & 7;
    int crn = word >>> 12 & 15;
    int crm = word >>> 8 & 15;
    String name = "s%d_%d_c%d_c%d_%d".formatted(op0, op1, crn, crm, word >>> 5 & 7);
    boolean debug = op0 == 2;
    if (crn == 14 && !debug) {
      return Optional.of("timer " + name);
    }
    if (debug || crn == 0 || crn == 9 || crn == 11 || crn == 15) {
      return Optional.of("identity " + name);
    }
    boolean pending = op1 == 0 && crn == 12 && crm == 1;
    return pending ? Optional.of("pending " + name) : Optional.empty();
  }
}
