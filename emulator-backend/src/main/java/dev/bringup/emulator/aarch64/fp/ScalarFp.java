package dev.bringup.emulator.aarch64.fp;

import dev.bringup.emulator.aarch64.isa.Opcode;

/** Scalar floating point, and what it exchanges with the general registers. */
final class ScalarFp {
  private final Lanes lanes;
  private final Status status;
  private final FloatingPoint floats;
  private final Conversion conversion;

  ScalarFp(Lanes lanes, Status status, FloatingPoint floats, Conversion conversion) {
    this.lanes = lanes;
    this.status = status;
    this.floats = floats;
    this.conversion = conversion;
  }

  private static IllegalStateException unknown(Opcode opcode) {
    return new IllegalStateException(opcode + " is not scalar floating point");
  }

  private long get(Format format, int register) {
    long low = lanes.low(register);
    return format == Format.DOUBLE ? low : low & (format.signBit << 1) - 1;
  }

  /** The rest of the register becomes zero. */
  private void set(int word, long value) {
    lanes.write(Fields.d(word), value, 0);
  }

  /**
   * @return the flags after the instruction
   */
  int execute(Opcode opcode, int word, long[] x, int nzcv) {
    Format format = Fields.format(word);
    switch (opcode) {
      case FMUL_SCALAR,
          FDIV_SCALAR,
          FADD_SCALAR,
          FSUB_SCALAR,
          FMAX_SCALAR,
          FMIN_SCALAR,
          FMAXNM_SCALAR,
          FMINNM_SCALAR,
          FNMUL_SCALAR ->
          set(word, two(opcode, format, get(format, Fields.n(word)), get(format, Fields.m(word))));
      case FMADD, FMSUB, FNMADD, FNMSUB -> set(word, fused(opcode, format, word));
      case FMOV_SCALAR,
          FABS_SCALAR,
          FNEG_SCALAR,
          FSQRT_SCALAR,
          FRINTN_SCALAR,
          FRINTP_SCALAR,
          FRINTM_SCALAR,
          FRINTZ_SCALAR,
          FRINTA_SCALAR,
          FRINTX_SCALAR,
          FRINTI_SCALAR ->
          set(word, one(opcode, format, get(format, Fields.n(word))));
      case FCVT_SCALAR -> {
        Format from = format(word >>> 22 & 3);
        Format to = format(word >>> 15 & 3);
        set(word, conversion.convert(from, to, get(from, Fields.n(word)), status.rounding()));
      }
      case FMOV_SCALAR_IMM -> set(word, Permute.floating(format, word >>> 13 & 0xff));
      case FCSEL -> {
        boolean first = holds(word >>> 12 & 15, nzcv);
        set(word, get(format, first ? Fields.n(word) : Fields.m(word)));
      }
      case FCMP, FCMP_ZERO, FCMPE, FCMPE_ZERO, FCCMP, FCCMPE -> {
        return compare(opcode, format, word, nzcv);
      }
      default -> general(opcode, format, word, x);
    }
    return nzcv;
  }

  private static Format format(int type) {
    return switch (type) {
      case 0 -> Format.SINGLE;
      case 1 -> Format.DOUBLE;
      default -> Format.HALF;
    };
  }

  private long two(Opcode opcode, Format format, long a, long b) {
    return switch (opcode) {
      case FMUL_SCALAR -> floats.multiply(format, a, b);
      case FNMUL_SCALAR -> floats.multiply(format, a, b) ^ format.signBit;
      case FDIV_SCALAR -> floats.divide(format, a, b);
      case FADD_SCALAR -> floats.add(format, a, b);
      case FSUB_SCALAR -> floats.subtract(format, a, b);
      case FMAX_SCALAR -> floats.maximum(format, a, b);
      case FMIN_SCALAR -> floats.minimum(format, a, b);
      case FMAXNM_SCALAR -> floats.maximumNumber(format, a, b);
      case FMINNM_SCALAR -> floats.minimumNumber(format, a, b);
      default -> throw unknown(opcode);
    };
  }

  /** The operands are negated, so a NaN among them is too. */
  private long fused(Opcode opcode, Format format, int word) {
    long addend = get(format, Fields.a(word));
    long a = get(format, Fields.n(word));
    long b = get(format, Fields.m(word));
    long sign = format.signBit;
    return switch (opcode) {
      case FMADD -> floats.multiplyAdd(format, addend, a, b);
      case FMSUB -> floats.multiplyAdd(format, addend, a ^ sign, b);
      case FNMADD -> floats.multiplyAdd(format, addend ^ sign, a ^ sign, b);
      case FNMSUB -> floats.multiplyAdd(format, addend ^ sign, a, b);
      default -> throw unknown(opcode);
    };
  }

  private long one(Opcode opcode, Format format, long a) {
    return switch (opcode) {
      case FMOV_SCALAR -> a;
      case FABS_SCALAR -> format.magnitude(a);
      case FNEG_SCALAR -> a ^ format.signBit;
      case FSQRT_SCALAR -> floats.squareRoot(format, a);
      case FRINTN_SCALAR -> conversion.toIntegral(format, a, Rounding.TIES_TO_EVEN, false);
      case FRINTA_SCALAR -> conversion.toIntegral(format, a, Rounding.TIES_AWAY, false);
      case FRINTP_SCALAR -> conversion.toIntegral(format, a, Rounding.UP, false);
      case FRINTM_SCALAR -> conversion.toIntegral(format, a, Rounding.DOWN, false);
      case FRINTZ_SCALAR -> conversion.toIntegral(format, a, Rounding.TO_ZERO, false);
      case FRINTI_SCALAR -> conversion.toIntegral(format, a, status.rounding(), false);
      case FRINTX_SCALAR -> conversion.toIntegral(format, a, status.rounding(), true);
      default -> throw unknown(opcode);
    };
  }

  private int compare(Opcode opcode, Format format, int word, int nzcv) {
    boolean conditional = opcode == Opcode.FCCMP || opcode == Opcode.FCCMPE;
    if (conditional && !holds(word >>> 12 & 15, nzcv)) {
      return word & 15;
    }
    boolean zero = opcode == Opcode.FCMP_ZERO || opcode == Opcode.FCMPE_ZERO;
    boolean quiet = opcode == Opcode.FCMP || opcode == Opcode.FCMP_ZERO || opcode == Opcode.FCCMP;
    long b = zero ? 0 : get(format, Fields.m(word));
    return floats.compare(format, get(format, Fields.n(word)), b, quiet);
  }

  private void general(Opcode opcode, Format format, int word, long[] x) {
    int width = word < 0 ? 64 : 32;
    int d = Fields.d(word);
    int n = Fields.n(word);
    int fraction = 64 - (word >>> 10 & 63);
    switch (opcode) {
      case FMOV_TO_GENERAL -> VectorUnit.setGeneral(x, d, get(format, n));
      case FMOV_FROM_GENERAL -> set(word, width == 64 ? x[n] : x[n] & 0xffff_ffffL);
      case FMOV_TOP_TO_GENERAL -> VectorUnit.setGeneral(x, d, lanes.high(n));
      case FMOV_TOP_FROM_GENERAL -> lanes.write(d, lanes.low(d), x[n]);
      case SCVTF_GENERAL -> set(word, fromGeneral(format, x[n], 0, width, false));
      case UCVTF_GENERAL -> set(word, fromGeneral(format, x[n], 0, width, true));
      case SCVTF_GENERAL_FIXED -> set(word, fromGeneral(format, x[n], fraction, width, false));
      case UCVTF_GENERAL_FIXED -> set(word, fromGeneral(format, x[n], fraction, width, true));
      case FCVTZS_GENERAL_FIXED, FCVTZU_GENERAL_FIXED -> {
        boolean unsigned = opcode == Opcode.FCVTZU_GENERAL_FIXED;
        long value = get(format, n);
        long result =
            conversion.toFixed(format, value, fraction, width, unsigned, Rounding.TO_ZERO);
        VectorUnit.setGeneral(x, d, result);
      }
      default -> {
        boolean unsigned = (word & 1 << 16) != 0;
        long value = get(format, n);
        long result = conversion.toFixed(format, value, 0, width, unsigned, rounding(opcode));
        VectorUnit.setGeneral(x, d, result);
      }
    }
  }

  private static Rounding rounding(Opcode opcode) {
    return switch (opcode) {
      case FCVTNS_GENERAL, FCVTNU_GENERAL -> Rounding.TIES_TO_EVEN;
      case FCVTAS_GENERAL, FCVTAU_GENERAL -> Rounding.TIES_AWAY;
      case FCVTPS_GENERAL, FCVTPU_GENERAL -> Rounding.UP;
      case FCVTMS_GENERAL, FCVTMU_GENERAL -> Rounding.DOWN;
      case FCVTZS_GENERAL, FCVTZU_GENERAL -> Rounding.TO_ZERO;
      default -> throw unknown(opcode);
    };
  }

  private long fromGeneral(Format format, long value, int fraction, int width, boolean unsigned) {
    long extended = value;
    if (width == 32) {
      extended = unsigned ? value & 0xffff_ffffL : (int) value;
    }
    return conversion.fromFixed(format, extended, fraction, unsigned);
  }

  /** Whether a condition code holds (Arm ARM, C1.2.4); 15 always does. */
  private static boolean holds(int condition, int nzcv) {
    boolean n = (nzcv & 8) != 0;
    boolean z = (nzcv & 4) != 0;
    boolean c = (nzcv & 2) != 0;
    boolean v = (nzcv & 1) != 0;
    boolean base =
        switch (condition >> 1) {
          case 0 -> z;
          case 1 -> c;
          case 2 -> n;
          case 3 -> v;
          case 4 -> c && !z;
          case 5 -> n == v;
          case 6 -> n == v && !z;
          default -> true;
        };
    return base != ((condition & 1) != 0 && condition != 15);
  }
}
