package dev.bringup.emulator.aarch64;

/** Integer instructions that are too rare for the interpreter's own switch. */
final class IntegerUnit {
  static final int MADD32 = 0;
  static final int MSUB64 = 1;
  static final int MSUB32 = 2;
  static final int SMADDL = 3;
  static final int SMSUBL = 4;
  static final int UMADDL = 5;
  static final int UMSUBL = 6;
  static final int SMULH = 7;
  static final int UMULH = 8;

  private static final long LOW = 0xffff_ffffL;

  private IntegerUnit() {}

  static void execute(CpuState s, long op) {
    long[] x = s.x;
    int rd = MicroOp.rd(op);
    long n = x[MicroOp.rn(op)];
    long m = x[MicroOp.rm(op)];
    int extra = MicroOp.extra(op);
    int immediate = MicroOp.immediate(op);
    boolean wide = (extra & 1) == 1;
    switch (MicroOp.operation(op)) {
      case MicroOp.ALU_SHIFTED -> {
        int what = immediate >>> 8;
        alu(s, what, rd, n, shift(m, extra, immediate & 63, (what >>> 4 & 1) == 1));
      }
      case MicroOp.ALU_EXTENDED ->
          alu(s, immediate >>> 8, rd, n, extend(m, immediate >>> 4 & 7) << (immediate & 7));
      case MicroOp.BFM64 -> {
        int to = immediate & 0xff;
        long mask = -1L >>> (64 - (immediate >>> 16)) << to;
        long moved = n >>> (immediate >>> 8 & 0xff) << to;
        long value = (m & ~mask) | (moved & mask);
        x[rd] = wide ? value : value & LOW;
      }
      case MicroOp.EXTR64 -> x[rd] = immediate == 0 ? m : m >>> immediate | n << (64 - immediate);
      case MicroOp.EXTR32 -> x[rd] = ((n << 32 | (m & LOW)) >>> immediate) & LOW;
      case MicroOp.ADC -> {
        long carry = s.flagC >>> 63;
        long second = (extra & 4) == 0 ? m : ~m;
        addWithCarry(s, rd, n, second, carry, wide, (extra & 2) != 0);
      }
      case MicroOp.CCMP -> conditionalCompare(s, n, m, extra, immediate);
      case MicroOp.CCMP_IMM -> conditionalCompare(s, n, immediate >>> 8, extra, immediate);
      case MicroOp.DIVIDE -> x[rd] = divide(n, m, wide, (extra & 2) != 0);
      case MicroOp.SHIFT_VARIABLE ->
          x[rd] =
              wide
                  ? shift(n, extra >>> 1, (int) m & 63, true)
                  : shift(n, extra >>> 1, (int) m & 31, false) & LOW;
      case MicroOp.CRC -> x[rd] = crc((int) n, m, extra & 3, (extra & 4) != 0) & LOW;
      case MicroOp.ONE_SOURCE -> x[rd] = oneSource(n, immediate, wide);
      case MicroOp.MULTIPLY -> x[rd] = multiply(n, m, x[immediate], extra);
      default -> throw new IllegalStateException("operation " + MicroOp.operation(op));
    }
  }

  /** Kind 0 LSL, 1 LSR, 2 ASR, 3 ROR; of 32 bits the upper half of the result is undefined. */
  private static long shift(long value, int kind, int amount, boolean wide) {
    if (wide) {
      return switch (kind) {
        case 0 -> value << amount;
        case 1 -> value >>> amount;
        case 2 -> value >> amount;
        default -> Long.rotateRight(value, amount);
      };
    }
    int word = (int) value;
    return switch (kind) {
      case 0 -> word << amount;
      case 1 -> word >>> amount;
      case 2 -> word >> amount;
      default -> Integer.rotateRight(word, amount);
    };
  }

  private static long extend(long value, int option) {
    return switch (option) {
      case 0 -> value & 0xff;
      case 1 -> value & 0xffff;
      case 2 -> value & LOW;
      case 4 -> (byte) value;
      case 5 -> (short) value;
      case 6 -> (int) value;
      default -> value;
    };
  }

  /** What {@link Lowering} made of bits 30, 29, 24, 21 and 31. */
  private static void alu(CpuState s, int what, int rd, long a, long b) {
    boolean wide = (what & 16) != 0;
    int opc = what & 3;
    if ((what & 4) == 0) {
      boolean subtracts = (opc & 2) != 0;
      addWithCarry(s, rd, a, subtracts ? ~b : b, subtracts ? 1 : 0, wide, (opc & 1) != 0);
      return;
    }
    long second = (what & 8) == 0 ? b : ~b;
    long result =
        switch (opc) {
          case 1 -> a | second;
          case 2 -> a ^ second;
          default -> a & second;
        };
    if (opc == 3) {
      s.logicFlags(wide ? result : (int) result);
    }
    s.x[rd] = wide ? result : result & LOW;
  }

  /** AddWithCarry of the manual's shared pseudocode. */
  private static void addWithCarry(
      CpuState s, int rd, long a, long b, long carry, boolean wide, boolean setsFlags) {
    if (wide) {
      long sum = a + b + carry;
      if (setsFlags) {
        s.flagN = sum;
        s.flagZ = sum;
        s.flagC = (a & b) | ((a | b) & ~sum);
        s.flagV = (a ^ sum) & (b ^ sum);
      }
      s.x[rd] = sum;
    } else {
      long sum = (a & LOW) + (b & LOW) + carry;
      int result = (int) sum;
      if (setsFlags) {
        s.flagN = result;
        s.flagZ = result;
        s.flagC = sum << 31;
        s.flagV = (long) (((int) a ^ result) & ((int) b ^ result)) << 32;
      }
      s.x[rd] = result & LOW;
    }
  }

  private static void conditionalCompare(CpuState s, long n, long m, int condition, int immediate) {
    if (!s.holds(condition)) {
      s.nzcv(immediate & 15);
      return;
    }
    boolean negative = (immediate & 32) != 0;
    addWithCarry(
        s, MicroOp.SINK, n, negative ? m : ~m, negative ? 0 : 1, (immediate & 16) != 0, true);
  }

  private static long divide(long n, long m, boolean wide, boolean isSigned) {
    if (wide) {
      if (m == 0) {
        return 0;
      }
      return isSigned ? n / m : Long.divideUnsigned(n, m);
    }
    int divisor = (int) m;
    if (divisor == 0) {
      return 0;
    }
    return isSigned ? ((int) n / divisor) & LOW : (n & LOW) / (m & LOW);
  }

  /** Bit by bit as in the manual; polynomials reflected. */
  private static int crc(int value, long data, int size, boolean castagnoli) {
    int[] table = castagnoli ? Crc.CASTAGNOLI : Crc.IEEE;
    int crc = value;
    for (int i = 0; i < 1 << size; i++) {
      crc = table[(crc ^ (int) (data >>> (8 * i))) & 0xff] ^ crc >>> 8;
    }
    return crc;
  }

  private static long oneSource(long n, int which, boolean wide) {
    int word = (int) n;
    return switch (which) {
      case 0 -> wide ? Long.reverse(n) : Integer.reverse(word) & LOW;
      case 1 -> {
        long swapped = (n & 0x00ff_00ff_00ff_00ffL) << 8 | (n >>> 8 & 0x00ff_00ff_00ff_00ffL);
        yield wide ? swapped : swapped & LOW;
      }
      case 2 -> wide ? Long.rotateLeft(Long.reverseBytes(n), 32) : Integer.reverseBytes(word) & LOW;
      case 3 -> Long.reverseBytes(n);
      case 4 -> wide ? Long.numberOfLeadingZeros(n) : Integer.numberOfLeadingZeros(word);
      default ->
          wide
              ? Long.numberOfLeadingZeros(n ^ n >> 63) - 1
              : Integer.numberOfLeadingZeros(word ^ word >> 31) - 1;
    };
  }

  private static long multiply(long n, long m, long a, int which) {
    return switch (which) {
      case MADD32 -> (a + n * m) & LOW;
      case MSUB64 -> a - n * m;
      case MSUB32 -> (a - n * m) & LOW;
      case SMADDL -> a + (long) (int) n * (int) m;
      case SMSUBL -> a - (long) (int) n * (int) m;
      case UMADDL -> a + (n & LOW) * (m & LOW);
      case UMSUBL -> a - (n & LOW) * (m & LOW);
      case SMULH -> Math.multiplyHigh(n, m);
      default -> Math.unsignedMultiplyHigh(n, m);
    };
  }

  /** Tables of the two polynomials (C6.2: CRC32, CRC32C). */
  private static final class Crc {
    private static final int[] IEEE = table(0xedb88320);
    private static final int[] CASTAGNOLI = table(0x82f63b78);

    private static int[] table(int polynomial) {
      var table = new int[256];
      for (int i = 0; i < 256; i++) {
        int crc = i;
        for (int bit = 0; bit < 8; bit++) {
          crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ polynomial;
        }
        table[i] = crc;
      }
      return table;
    }
  }
}
