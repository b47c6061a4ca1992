package dev.bringup.emulator.lockstep;

import dev.bringup.emulator.aarch64.isa.Decoder;
import dev.bringup.emulator.aarch64.isa.Opcode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Programs of one to ten random instructions that EL0 may execute, with states that let loads,
 * stores and branches mostly succeed. What is CONSTRAINED UNPREDICTABLE (K1.2 of the Arm ARM) is
 * left out.
 */
public final class RandomPrograms {
  /** Hints that wait or yield, in units of one. */
  private static final Set<Integer> WAITING = Set.of(1, 2, 3);

  private static final int MRS_NZCV = 0xd53b4200;
  private static final int MSR_NZCV = 0xd51b4200;
  private static final int MRS_FPCR = 0xd53b4400;
  private static final int MSR_FPCR = 0xd51b4400;
  private static final int MRS_FPSR = 0xd53b4420;
  private static final int MSR_FPSR = 0xd51b4420;
  private static final int MRS_TPIDR = 0xd53bd040;
  private static final int MSR_TPIDR = 0xd51bd040;
  private static final int MRS_DCZID = 0xd53b00e0;
  private static final int MRS_CTR = 0xd53b0020;
  private static final int DC_ZVA = 0xd50b7420;
  private static final int DC_CVAC = 0xd50b7a20;
  private static final int DC_CVAU = 0xd50b7b20;
  private static final int DC_CIVAC = 0xd50b7e20;
  private static final int IC_IVAU = 0xd50b7520;
  private static final int[] SYSTEM = {
    MRS_NZCV, MSR_NZCV, MRS_FPCR, MSR_FPCR, MRS_FPSR, MSR_FPSR, MRS_TPIDR, MSR_TPIDR, MRS_DCZID,
    MRS_CTR, DC_ZVA, DC_CVAC, DC_CVAU, DC_CIVAC, IC_IVAU
  };

  private final Random random;
  private final List<Opcode> single = new ArrayList<>();
  private final List<Opcode> arithmetic = new ArrayList<>();
  private final List<Opcode> vectors = new ArrayList<>();
  private int turn;

  public RandomPrograms(Random random) {
    this.random = random;
    single.addAll(EnumSet.range(Opcode.ADR, Opcode.UMULH));
    single.removeAll(
        EnumSet.of(
            Opcode.SVC,
            Opcode.HLT,
            Opcode.HINT,
            Opcode.SYS,
            Opcode.SYSL,
            Opcode.MSR_REG,
            Opcode.MRS,
            Opcode.MSR_IMM));
    arithmetic.addAll(EnumSet.range(Opcode.ADR, Opcode.EXTR));
    arithmetic.addAll(EnumSet.range(Opcode.AND_REG, Opcode.UMULH));
    vectors.addAll(EnumSet.range(Opcode.ST1_MULTIPLE, Opcode.FNMSUB));
  }

  /** How many rows there are. */
  public int rows() {
    return single.size() + vectors.size();
  }

  public Batch batch() {
    var batch = new Batch();
    random.nextBytes(batch.windows());
    for (int i = 0; i < Batch.PROGRAMS; i++) {
      batch.add(program(i));
    }
    return batch;
  }

  private Batch.Program program(int number) {
    turn++;
    return switch (turn % 16) {
      case 0, 1, 2 -> sequence(number);
      case 3 -> exclusives(number);
      case 4 -> system(number);
      case 5 -> undefined(number);
      case 6, 7, 8 -> one(number, vectors.get(random.nextInt(vectors.size())));
      default -> one(number, single.get(turn % single.size()));
    };
  }

  private GuestState state(int number) {
    var state = new GuestState();
    for (int i = 0; i < 31; i++) {
      state.x[i] = value();
    }
    for (int i = 0; i < 32; i++) {
      state.low[i] = value();
      state.high[i] = value();
    }
    state.sp = target(number, 16) & -16;
    state.pc = Batch.start(number);
    state.nzcv = random.nextInt(16);
    state.fpcr = random.nextInt(2) == 0 ? 0 : random.nextInt(32) << 22;
    state.fpsr = random.nextInt(2) == 0 ? 0 : random.nextInt() & 0x0800009f;
    state.threadPointer = random.nextLong();
    return state;
  }

  private long value() {
    return switch (random.nextInt(6)) {
      case 0, 1 -> random.nextLong();
      case 2 -> random.nextInt(7) - 3;
      case 3 -> (1L << random.nextInt(64)) + random.nextInt(3) - 1;
      case 4 -> random.nextInt();
      default -> random.nextInt() & 0xffff_ffffL;
    };
  }

  /** An address in the program's window with {@code room} bytes behind it. */
  private long target(int number, int room) {
    long address = Batch.window(number) + 64 + random.nextInt(Batch.WINDOW - 64 - room);
    return random.nextInt(3) == 0 ? address : address & -16;
  }

  // One instruction

  private Batch.Program one(int number, Opcode opcode) {
    GuestState state = state(number);
    while (true) {
      int word = word(opcode);
      if (isMemory(word)) {
        if (!isPredictable(word)) {
          continue;
        }
        word = isLiteral(word) ? literal(word, state.pc) : place(word, number, state);
      } else {
        word = branch(opcode, word, state);
      }
      if (Decoder.decode(word) == opcode) {
        return new Batch.Program(List.of(word), state);
      }
    }
  }

  private int word(Opcode opcode) {
    while (true) {
      int operands = random.nextInt();
      if (random.nextInt(8) == 0) {
        operands |= 31;
      }
      if (random.nextInt(8) == 0) {
        operands |= 31 << 5;
      }
      if (random.nextInt(8) == 0) {
        operands = (operands & ~31) | (operands >>> 5 & 31);
      }
      if (random.nextInt(8) == 0) {
        operands |= 31 << 16;
      }
      int word = opcode.value() | (operands & ~opcode.mask());
      if (Decoder.decode(word) == opcode) {
        return word;
      }
    }
  }

  private static boolean isMemory(int word) {
    return (word >>> 25 & 5) == 4;
  }

  private static boolean isLiteral(int word) {
    return (word >>> 27 & 7) == 3 && (word >>> 24 & 1) == 0;
  }

  private static boolean isStructure(int word) {
    return (word & 0xbe00_0000) == 0x0c00_0000;
  }

  private static boolean isExclusive(int word) {
    return (word & 0x3f00_0000) == 0x0800_0000;
  }

  private static boolean isPair(int word) {
    return (word >>> 27 & 7) == 5;
  }

  private static boolean writesBack(int word) {
    if (isPair(word)) {
      return (word >>> 23 & 1) == 1;
    }
    return (word >>> 27 & 7) == 7
        && (word >>> 24 & 1) == 0
        && (word >>> 21 & 1) == 0
        && (word >>> 10 & 1) == 1;
  }

  private static boolean isPredictable(int word) {
    int t = word & 31;
    int n = word >>> 5 & 31;
    int t2 = word >>> 10 & 31;
    int s = word >>> 16 & 31;
    boolean isVector = (word >>> 26 & 1) == 1;
    boolean loads = (word >>> 22 & 1) == 1;
    if (isStructure(word) || isLiteral(word)) {
      return true;
    }
    if (isExclusive(word)) {
      boolean ordered = (word >>> 23 & 1) == 1;
      boolean pair = (word >>> 21 & 1) == 1;
      if (ordered) {
        return true;
      }
      return loads ? !pair || t != t2 : s != t && !(pair && s == t2) && (s != n || n == 31);
    }
    if (isPair(word) && loads && t == t2) {
      return false;
    }
    boolean sameBase = !isVector && (t == n || (isPair(word) && t2 == n));
    return !(writesBack(word) && n != 31 && sameBase);
  }

  /** Makes the base register point to where the access is wanted. */
  private int place(int word, int number, GuestState state) {
    int changed = word;
    int n = word >>> 5 & 31;
    int m = word >>> 16 & 31;
    long offset = 0;
    boolean ordered = isExclusive(word);
    if (isStructure(word)) {
      return base(changed, number, 0, false, state);
    }
    if (ordered) {
      boolean store = (word >>> 22 & 1) == 0;
      boolean monitored = (word >>> 23 & 1) == 0;
      int size = (word >>> 30) + ((word >>> 21 & 1) == 1 ? 1 : 0);
      boolean misaligned = !(store && monitored) && n != 31 && random.nextInt(16) == 0;
      long at = target(number, 16) & (misaligned ? -1 : -(1L << size));
      setBase(word, n == 31 ? at & -16 : at, state);
      return word;
    }
    boolean isVector = (word >>> 26 & 1) == 1;
    if (isPair(word)) {
      int scale = isVector ? 2 + (word >>> 30) : word < 0 ? 3 : 2;
      boolean post = (word >>> 23 & 3) == 1;
      offset = post ? 0 : (long) (word << 10 >> 25) << scale;
    } else {
      int scale = word >>> 30;
      if (isVector && (word >>> 23 & 1) == 1) {
        scale = 4;
      }
      if ((word >>> 24 & 1) == 1) {
        offset = (long) (word >>> 10 & 0xfff) << scale;
      } else if ((word >>> 21 & 1) == 1) {
        if (m == n) {
          m = (n + 1) % 31;
          changed = (word & ~(31 << 16)) | m << 16;
        }
        long index = m == 31 ? 0 : state.x[m];
        index =
            switch (word >>> 13 & 7) {
              case 2 -> index & 0xffff_ffffL;
              case 6 -> (int) index;
              default -> index;
            };
        offset = index << ((word >>> 12 & 1) == 1 ? scale : 0);
      } else if ((word >>> 10 & 3) != 1) {
        offset = (long) (word << 11 >> 23);
      }
    }
    // QEMU has loaded half of a pair of vectors when it comes to the end: so may the other half be.
    boolean loads = (word >>> 22 & 1) == 1 && !(isVector && isPair(word));
    return base(changed, number, offset, loads, state);
  }

  /** The top byte of an address is ignored (D5.1.4). */
  private long tag() {
    return random.nextLong() & 0xffL << 56;
  }

  private int base(int word, int number, long offset, boolean loads, GuestState state) {
    long at = target(number, 64);
    if (random.nextInt(32) == 0) {
      at = Batch.NOTHING + 8192 + random.nextInt(0x7f_0000);
    } else if (loads && random.nextInt(32) == 0) {
      at = Batch.DATA + Batch.REGION - random.nextInt(64);
    }
    if (at < Batch.WINDOWS + Batch.WINDOWS_BYTES - 128 && random.nextInt(16) == 0) {
      at |= tag();
    }
    long base = at - offset;
    setBase(word, (word >>> 5 & 31) == 31 ? base & -16 : base, state);
    return word;
  }

  private static void setBase(int word, long value, GuestState state) {
    int n = word >>> 5 & 31;
    if (n == 31) {
      state.sp = value;
    } else {
      state.x[n] = value;
    }
  }

  /** The literal is somewhere in the region of code. */
  private int literal(int word, long pc) {
    long from = Math.max(Batch.CODE, pc - 0xf_fff0);
    long to = Math.min(Batch.CODE + Batch.REGION - 16, pc + 0xf_fff0);
    long at = from + random.nextLong(to - from);
    return (word & ~(0x7_ffff << 5)) | ((int) ((at - pc) >> 2) & 0x7_ffff) << 5;
  }

  // Branches end on a BRK

  private int branch(Opcode opcode, int word, GuestState state) {
    return switch (opcode) {
      case B, BL -> (word & ~0x3ff_ffff) | (distance(state.pc, 0x10_0000) & 0x3ff_ffff);
      case B_COND, CBZ, CBNZ ->
          (word & ~(0x7_ffff << 5)) | (distance(state.pc, 0xf_fff0) & 0x7_ffff) << 5;
      case TBZ, TBNZ -> (word & ~(0x3fff << 5)) | (distance(state.pc, 0x7ff0) & 0x3fff) << 5;
      case BR, BLR, RET -> {
        int n = Math.min(word >>> 5 & 31, 30);
        long target = state.pc + 4L * distance(state.pc, 0x10_0000);
        boolean astray = random.nextInt(32) == 0;
        boolean tagged = random.nextInt(8) == 0;
        state.x[n] = target | (astray ? random.nextInt(4) : 0) | (tagged ? tag() : 0);
        yield (word & ~(31 << 5)) | n << 5;
      }
      default -> word;
    };
  }

  /** In instructions, from {@code pc} to a BRK not further than {@code reach} bytes. */
  private int distance(long pc, int reach) {
    while (true) {
      int distance;
      if (random.nextBoolean()) {
        distance = random.nextInt(Batch.SLOT_WORDS) - Batch.FIRST_WORD;
        if (distance != 0) {
          return distance;
        }
      } else {
        distance = (random.nextInt(2 * reach) - reach) >> 2;
        long target = pc + 4L * distance;
        boolean inCode = target >= Batch.CODE && target < Batch.CODE + Batch.REGION;
        boolean inSlots = target >= Batch.SLOTS && target < Batch.SLOTS + Batch.SLOTS_BYTES;
        if (inCode && !inSlots) {
          return distance;
        }
      }
    }
  }

  // Several instructions

  private Batch.Program sequence(int number) {
    List<Integer> words = new ArrayList<>();
    int count = 2 + random.nextInt(Batch.MOST_WORDS - 2);
    for (int i = 0; i < count; i++) {
      words.add(word(arithmetic.get(random.nextInt(arithmetic.size()))));
    }
    return new Batch.Program(words, state(number));
  }

  /**
   * A load exclusive, something harmless, and one or two store exclusives, mostly of the same
   * place. Equal places have equal sizes: what else happens is IMPLEMENTATION DEFINED.
   */
  private Batch.Program exclusives(int number) {
    GuestState state = state(number);
    List<Integer> registers = new ArrayList<>();
    while (registers.size() < 8) {
      int register = random.nextInt(31);
      if (!registers.contains(register)) {
        registers.add(register);
      }
    }
    int base = registers.get(0);
    int other = registers.get(1);
    int size = random.nextInt(4);
    boolean pair = size >= 2 && random.nextBoolean();
    state.x[base] = Batch.window(number) + 16L * random.nextInt(15);
    state.x[other] = random.nextInt(4) == 0 ? state.x[base] : state.x[base] + 256;
    List<Integer> words = new ArrayList<>();
    words.add(exclusive(true, size, pair, base, registers));
    for (int i = random.nextInt(4); i > 0; i--) {
      words.add((word(arithmetic.get(random.nextInt(arithmetic.size()))) & ~31) | registers.get(7));
    }
    if (random.nextInt(6) == 0) {
      words.add(0xd503305f | random.nextInt(16) << 8); // CLREX
    }
    words.add(exclusive(false, size, pair, random.nextInt(4) == 0 ? other : base, registers));
    if (random.nextInt(3) == 0) {
      if (random.nextBoolean()) {
        words.add(exclusive(true, size, pair, base, registers));
      }
      words.add(exclusive(false, size, pair, base, registers));
    }
    return new Batch.Program(words, state);
  }

  private int exclusive(boolean load, int size, boolean pair, int base, List<Integer> registers) {
    int t = registers.get(2 + random.nextInt(2));
    int t2 = registers.get(4);
    int s = registers.get(5);
    int ordered = random.nextInt(2) << 15;
    return size << 30
        | 0x0800_0000
        | (load ? 1 << 22 : 0)
        | (pair ? 1 << 21 : 0)
        | (load ? 31 : s) << 16
        | ordered
        | (pair ? t2 : 31) << 10
        | base << 5
        | t;
  }

  private Batch.Program system(int number) {
    GuestState state = state(number);
    int t = random.nextInt(32);
    if (random.nextInt(4) == 0) {
      int hint = random.nextInt(128);
      return new Batch.Program(
          List.of(0xd503201f | (WAITING.contains(hint) ? 0 : hint) << 5), state);
    }
    int word = SYSTEM[random.nextInt(SYSTEM.length)];
    if ((word & 0xff00_0000) == 0xd500_0000 && (word >>> 19 & 3) == 1 && t == 31) {
      t = 0;
    }
    if ((word >>> 19 & 3) == 1) {
      state.x[t] = target(number, 64);
    } else if (word == MSR_FPCR && t != 31) {
      state.x[t] &= 0x07c0_0000; // QEMU also keeps what only AArch32 has
    } else if (word == MSR_FPSR && t != 31) {
      state.x[t] &= 0x0800_009f;
    }
    return new Batch.Program(List.of(word | t), state);
  }

  /** Words that are no instructions for us; best those that are nearly one. */
  private Batch.Program undefined(int number) {
    while (true) {
      int word = random.nextInt();
      if (random.nextInt(8) != 0) {
        List<Opcode> rows = random.nextBoolean() ? single : vectors;
        word = word(rows.get(random.nextInt(rows.size()))) ^ 1 << random.nextInt(32);
      }
      if (Decoder.decode(word) == Opcode.UNDEFINED && !isCryptography(word)) {
        return new Batch.Program(List.of(word), state(number));
      }
    }
  }

  /** AES, SHA and PMULL of 64 bits, which QEMU's Cortex-A72 has and ours has not. */
  private static boolean isCryptography(int word) {
    return (word & 0xff3e_0c00) == 0x4e28_0800
        || (word & 0xff3e_0c00) == 0x5e28_0800
        || (word & 0xff20_8c00) == 0x5e00_0000
        || (word & 0xbfe0_fc00) == 0x0ee0_e000;
  }
}
