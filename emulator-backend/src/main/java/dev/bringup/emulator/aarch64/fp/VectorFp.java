package dev.bringup.emulator.aarch64.fp;

import dev.bringup.emulator.aarch64.isa.Opcode;

/** Floating point on vectors, and the scalar instructions that Advanced SIMD has beside them. */
final class VectorFp {
  private final Lanes lanes;
  private final Status status;
  private final FloatingPoint floats;
  private final Conversion conversion;
  private final Estimates estimates;

  VectorFp(
      Lanes lanes,
      Status status,
      FloatingPoint floats,
      Conversion conversion,
      Estimates estimates) {
    this.lanes = lanes;
    this.status = status;
    this.floats = floats;
    this.conversion = conversion;
    this.estimates = estimates;
  }

  private static IllegalStateException unknown(Opcode opcode) {
    return new IllegalStateException(opcode + " is not floating point on vectors");
  }

  private static int size(Format format) {
    return format == Format.SINGLE ? 2 : 3;
  }

  /** Three registers alike. */
  void threeSame(Opcode opcode, int word) {
    Format format = Fields.format(word);
    int size = size(format);
    int count = Fields.lanes(word, size);
    int d = Fields.d(word);
    int n = Fields.n(word);
    int m = Fields.m(word);
    lanes.begin();
    switch (opcode) {
      case FADDP_VECTOR, FMAXP_VECTOR, FMINP_VECTOR, FMAXNMP_VECTOR, FMINNMP_VECTOR -> {
        for (int i = 0; i < count; i++) {
          int from = 2 * i < count ? n : m;
          int first = 2 * i < count ? 2 * i : 2 * i - count;
          long a = lanes.get(from, first, size);
          lanes.put(i, size, pair(opcode, format, a, lanes.get(from, first + 1, size)));
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          long a = lanes.get(n, i, size);
          long b = lanes.get(m, i, size);
          lanes.put(i, size, three(opcode, format, a, b, lanes.get(d, i, size)));
        }
      }
    }
    lanes.end(d);
  }

  private static long truth(boolean value) {
    return value ? -1 : 0;
  }

  private long three(Opcode opcode, Format format, long a, long b, long d) {
    return switch (opcode) {
      case FADD_VECTOR -> floats.add(format, a, b);
      case FSUB_VECTOR -> floats.subtract(format, a, b);
      case FMUL_VECTOR, FMUL_VECTOR_ELEMENT, FMUL_SIMD_SCALAR_ELEMENT ->
          floats.multiply(format, a, b);
      case FMULX_VECTOR, FMULX_SIMD_SCALAR, FMULX_VECTOR_ELEMENT, FMULX_SIMD_SCALAR_ELEMENT ->
          floats.multiplyExtended(format, a, b);
      case FDIV_VECTOR -> floats.divide(format, a, b);
      case FMLA_VECTOR, FMLA_VECTOR_ELEMENT, FMLA_SIMD_SCALAR_ELEMENT ->
          floats.multiplyAdd(format, d, a, b);
      case FMLS_VECTOR, FMLS_VECTOR_ELEMENT, FMLS_SIMD_SCALAR_ELEMENT ->
          floats.multiplyAdd(format, d, a ^ format.signBit, b);
      case FABD_VECTOR, FABD_SIMD_SCALAR -> format.magnitude(floats.subtract(format, a, b));
      case FMAX_VECTOR -> floats.maximum(format, a, b);
      case FMIN_VECTOR -> floats.minimum(format, a, b);
      case FMAXNM_VECTOR -> floats.maximumNumber(format, a, b);
      case FMINNM_VECTOR -> floats.minimumNumber(format, a, b);
      case FRECPS_VECTOR, FRECPS_SIMD_SCALAR -> floats.reciprocalStep(format, a, b);
      case FRSQRTS_VECTOR, FRSQRTS_SIMD_SCALAR -> floats.squareRootStep(format, a, b);
      case FCMEQ_VECTOR, FCMEQ_SIMD_SCALAR -> truth(isEqual(format, a, b));
      case FCMGE_VECTOR, FCMGE_SIMD_SCALAR -> truth(isGreaterOrEqual(format, a, b));
      case FCMGT_VECTOR, FCMGT_SIMD_SCALAR -> truth(isGreater(format, a, b));
      case FACGE_VECTOR, FACGE_SIMD_SCALAR ->
          truth(isGreaterOrEqual(format, format.magnitude(a), format.magnitude(b)));
      case FACGT_VECTOR, FACGT_SIMD_SCALAR ->
          truth(isGreater(format, format.magnitude(a), format.magnitude(b)));
      default -> throw unknown(opcode);
    };
  }

  private boolean isEqual(Format format, long a, long b) {
    return floats.compare(format, a, b, true) == 0b0110;
  }

  private boolean isGreater(Format format, long a, long b) {
    return floats.compare(format, a, b, false) == 0b0010;
  }

  private boolean isGreaterOrEqual(Format format, long a, long b) {
    int flags = floats.compare(format, a, b, false);
    return flags == 0b0110 || flags == 0b0010;
  }

  private long pair(Opcode opcode, Format format, long a, long b) {
    return switch (opcode) {
      case FADDP_VECTOR, FADDP_SIMD_SCALAR -> floats.add(format, a, b);
      case FMAXP_VECTOR, FMAXP_SIMD_SCALAR, FMAXV -> floats.maximum(format, a, b);
      case FMINP_VECTOR, FMINP_SIMD_SCALAR, FMINV -> floats.minimum(format, a, b);
      case FMAXNMP_VECTOR, FMAXNMP_SIMD_SCALAR, FMAXNMV -> floats.maximumNumber(format, a, b);
      case FMINNMP_VECTOR, FMINNMP_SIMD_SCALAR, FMINNMV -> floats.minimumNumber(format, a, b);
      default -> throw unknown(opcode);
    };
  }

  /** A pair of elements to one. */
  void pairToScalar(Opcode opcode, int word) {
    Format format = Fields.format(word);
    int size = size(format);
    int n = Fields.n(word);
    long result = pair(opcode, format, lanes.get(n, 0, size), lanes.get(n, 1, size));
    lanes.write(Fields.d(word), result, 0);
  }

  /** Four numbers to one, the halves first: the order matters for NaNs. */
  void across(Opcode opcode, int word) {
    int n = Fields.n(word);
    Format format = Format.SINGLE;
    long first = pair(opcode, format, lanes.get(n, 0, 2), lanes.get(n, 1, 2));
    long second = pair(opcode, format, lanes.get(n, 2, 2), lanes.get(n, 3, 2));
    lanes.write(Fields.d(word), pair(opcode, format, first, second), 0);
  }

  /** A vector by one element of another. */
  void byElement(Opcode opcode, int word) {
    Format format = Fields.format(word);
    int size = size(format);
    int high = word >>> 11 & 1;
    int index = format == Format.SINGLE ? high << 1 | (word >>> 21 & 1) : high;
    long b = lanes.get(Fields.m(word), index, size);
    int d = Fields.d(word);
    int count = Fields.lanes(word, size);
    lanes.begin();
    for (int i = 0; i < count; i++) {
      long a = lanes.get(Fields.n(word), i, size);
      lanes.put(i, size, three(opcode, format, a, b, lanes.get(d, i, size)));
    }
    lanes.end(d);
  }

  /** Two registers, elements alike. */
  void twoRegisters(Opcode opcode, int word) {
    switch (opcode) {
      case FCVTL_VECTOR -> lengthen(word);
      case FCVTN_VECTOR, FCVTXN_VECTOR, FCVTXN_SIMD_SCALAR -> narrow(opcode, word);
      default -> {
        Format format = Fields.format(word);
        int size = size(format);
        int count = Fields.lanes(word, size);
        lanes.begin();
        for (int i = 0; i < count; i++) {
          lanes.put(i, size, two(opcode, format, lanes.get(Fields.n(word), i, size)));
        }
        lanes.end(Fields.d(word));
      }
    }
  }

  private long two(Opcode opcode, Format format, long a) {
    return switch (opcode) {
      case FABS_VECTOR -> format.magnitude(a);
      case FNEG_VECTOR -> a ^ format.signBit;
      case FSQRT_VECTOR -> floats.squareRoot(format, a);
      case FCMEQ_ZERO_VECTOR, FCMEQ_ZERO_SIMD_SCALAR -> truth(isEqual(format, a, 0));
      case FCMGE_ZERO_VECTOR, FCMGE_ZERO_SIMD_SCALAR -> truth(isGreaterOrEqual(format, a, 0));
      case FCMGT_ZERO_VECTOR, FCMGT_ZERO_SIMD_SCALAR -> truth(isGreater(format, a, 0));
      case FCMLE_ZERO_VECTOR, FCMLE_ZERO_SIMD_SCALAR -> truth(isGreaterOrEqual(format, 0, a));
      case FCMLT_ZERO_VECTOR, FCMLT_ZERO_SIMD_SCALAR -> truth(isGreater(format, 0, a));
      case FRECPE_VECTOR, FRECPE_SIMD_SCALAR -> estimates.reciprocal(format, a);
      case FRSQRTE_VECTOR, FRSQRTE_SIMD_SCALAR -> estimates.reciprocalRoot(format, a);
      case FRECPX_SIMD_SCALAR -> estimates.reciprocalExponent(format, a);
      case URECPE_VECTOR -> Estimates.reciprocalOfFraction(a);
      case URSQRTE_VECTOR -> Estimates.reciprocalRootOfFraction(a);
      case FRINTN_VECTOR,
          FRINTA_VECTOR,
          FRINTP_VECTOR,
          FRINTM_VECTOR,
          FRINTZ_VECTOR,
          FRINTI_VECTOR,
          FRINTX_VECTOR ->
          conversion.toIntegral(format, a, rounding(opcode), opcode == Opcode.FRINTX_VECTOR);
      case SCVTF_VECTOR, SCVTF_SIMD_SCALAR ->
          conversion.fromFixed(format, Lanes.signExtend(a, size(format)), 0, false);
      case UCVTF_VECTOR, UCVTF_SIMD_SCALAR -> conversion.fromFixed(format, a, 0, true);
      case FCVTNS_VECTOR,
          FCVTNS_SIMD_SCALAR,
          FCVTAS_VECTOR,
          FCVTAS_SIMD_SCALAR,
          FCVTPS_VECTOR,
          FCVTPS_SIMD_SCALAR,
          FCVTMS_VECTOR,
          FCVTMS_SIMD_SCALAR,
          FCVTZS_VECTOR,
          FCVTZS_SIMD_SCALAR ->
          conversion.toFixed(format, a, 0, format.bits, false, rounding(opcode));
      case FCVTNU_VECTOR,
          FCVTNU_SIMD_SCALAR,
          FCVTAU_VECTOR,
          FCVTAU_SIMD_SCALAR,
          FCVTPU_VECTOR,
          FCVTPU_SIMD_SCALAR,
          FCVTMU_VECTOR,
          FCVTMU_SIMD_SCALAR,
          FCVTZU_VECTOR,
          FCVTZU_SIMD_SCALAR ->
          conversion.toFixed(format, a, 0, format.bits, true, rounding(opcode));
      default -> throw unknown(opcode);
    };
  }

  private Rounding rounding(Opcode opcode) {
    return switch (opcode) {
      case FRINTN_VECTOR, FCVTNS_VECTOR, FCVTNS_SIMD_SCALAR, FCVTNU_VECTOR, FCVTNU_SIMD_SCALAR ->
          Rounding.TIES_TO_EVEN;
      case FRINTA_VECTOR, FCVTAS_VECTOR, FCVTAS_SIMD_SCALAR, FCVTAU_VECTOR, FCVTAU_SIMD_SCALAR ->
          Rounding.TIES_AWAY;
      case FRINTP_VECTOR, FCVTPS_VECTOR, FCVTPS_SIMD_SCALAR, FCVTPU_VECTOR, FCVTPU_SIMD_SCALAR ->
          Rounding.UP;
      case FRINTM_VECTOR, FCVTMS_VECTOR, FCVTMS_SIMD_SCALAR, FCVTMU_VECTOR, FCVTMU_SIMD_SCALAR ->
          Rounding.DOWN;
      case FRINTZ_VECTOR, FCVTZS_VECTOR, FCVTZS_SIMD_SCALAR, FCVTZU_VECTOR, FCVTZU_SIMD_SCALAR ->
          Rounding.TO_ZERO;
      default -> status.rounding();
    };
  }

  /** FCVTL: to the format of twice the width. */
  private void lengthen(int word) {
    Format to = Fields.format(word) == Format.SINGLE ? Format.SINGLE : Format.DOUBLE;
    Format from = to == Format.SINGLE ? Format.HALF : Format.SINGLE;
    int size = size(to);
    int count = 16 >> size;
    int part = Fields.q(word) ? count : 0;
    lanes.begin();
    for (int i = 0; i < count; i++) {
      long a = lanes.get(Fields.n(word), part + i, size - 1);
      lanes.put(i, size, conversion.convert(from, to, a, status.rounding()));
    }
    lanes.end(Fields.d(word));
  }

  /** FCVTN, and FCVTXN that rounds to odd: to the format of half the width. */
  private void narrow(Opcode opcode, int word) {
    Format from = Fields.format(word);
    Format to = from == Format.SINGLE ? Format.HALF : Format.SINGLE;
    Rounding mode = opcode == Opcode.FCVTN_VECTOR ? status.rounding() : Rounding.TO_ODD;
    int size = size(from);
    int count = Fields.isScalar(word) ? 1 : 16 >> size;
    int d = Fields.d(word);
    int part = 0;
    if (!Fields.isScalar(word) && Fields.q(word)) {
      lanes.beginFrom(d);
      part = count;
    } else {
      lanes.begin();
    }
    for (int i = 0; i < count; i++) {
      long a = lanes.get(Fields.n(word), i, size);
      lanes.put(part + i, size - 1, conversion.convert(from, to, a, mode));
    }
    lanes.end(d);
  }

  /** Conversions from and to fixed-point numbers. */
  void fixedPoint(Opcode opcode, int word) {
    int size = (word & 1 << 22) == 0 ? 2 : 3;
    Format format = size == 2 ? Format.SINGLE : Format.DOUBLE;
    int fraction = (16 << size) - (word >>> 16 & 127);
    int count = Fields.lanes(word, size);
    lanes.begin();
    for (int i = 0; i < count; i++) {
      long a = lanes.get(Fields.n(word), i, size);
      long result =
          switch (opcode) {
            case SCVTF_FIXED_VECTOR, SCVTF_FIXED_SIMD_SCALAR ->
                conversion.fromFixed(format, Lanes.signExtend(a, size), fraction, false);
            case UCVTF_FIXED_VECTOR, UCVTF_FIXED_SIMD_SCALAR ->
                conversion.fromFixed(format, a, fraction, true);
            case FCVTZS_FIXED_VECTOR, FCVTZS_FIXED_SIMD_SCALAR ->
                conversion.toFixed(format, a, fraction, format.bits, false, Rounding.TO_ZERO);
            case FCVTZU_FIXED_VECTOR, FCVTZU_FIXED_SIMD_SCALAR ->
                conversion.toFixed(format, a, fraction, format.bits, true, Rounding.TO_ZERO);
            default -> throw unknown(opcode);
          };
      lanes.put(i, size, result);
    }
    lanes.end(Fields.d(word));
  }
}
