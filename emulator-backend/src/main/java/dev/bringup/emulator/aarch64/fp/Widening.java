package dev.bringup.emulator.aarch64.fp;

import dev.bringup.emulator.aarch64.isa.Opcode;

/** Integer instructions between elements of different width, and those by one element. */
final class Widening {
  private final Lanes lanes;
  private final Saturating saturating;

  Widening(Lanes lanes, Saturating saturating) {
    this.lanes = lanes;
    this.saturating = saturating;
  }

  private static IllegalStateException unknown(Opcode opcode) {
    return new IllegalStateException(opcode + " does not widen or narrow");
  }

  /** Three registers of different width. */
  void threeDifferent(Opcode opcode, int word) {
    switch (opcode) {
      case ADDHN_VECTOR, RADDHN_VECTOR, SUBHN_VECTOR, RSUBHN_VECTOR -> highHalf(opcode, word);
      default -> {
        int size = Fields.size(word);
        boolean scalar = Fields.isScalar(word);
        int count = scalar ? 1 : 8 >> size;
        int part = !scalar && Fields.q(word) ? count : 0;
        boolean signed = !Fields.u(word);
        int d = Fields.d(word);
        int n = Fields.n(word);
        boolean wide =
            switch (opcode) {
              case SADDW_VECTOR, UADDW_VECTOR, SSUBW_VECTOR, USUBW_VECTOR -> true;
              default -> false;
            };
        lanes.begin();
        for (int i = 0; i < count; i++) {
          long a = wide ? lanes.get(n, i, size + 1) : lanes.get(n, part + i, size, signed);
          long b = lanes.get(Fields.m(word), part + i, size, signed);
          long c = lanes.get(d, i, size + 1, true);
          lanes.put(i, size + 1, different(opcode, a, b, c, 16 << size));
        }
        lanes.end(d);
      }
    }
  }

  /** The upper halves of sums or differences. */
  private void highHalf(Opcode opcode, int word) {
    int size = Fields.size(word);
    int bits = 8 << size;
    boolean rounds = Fields.u(word);
    boolean adds = opcode == Opcode.ADDHN_VECTOR || opcode == Opcode.RADDHN_VECTOR;
    int d = Fields.d(word);
    int part = beginNarrow(word, d, size);
    for (int i = 0; i < 8 >> size; i++) {
      long a = lanes.get(Fields.n(word), i, size + 1);
      long b = lanes.get(Fields.m(word), i, size + 1);
      long sum = (adds ? a + b : a - b) + (rounds ? 1L << (bits - 1) : 0);
      lanes.put(part + i, size, sum >>> bits);
    }
    lanes.end(d);
  }

  /** Begins a result of half width: the upper half of the register keeps the lower one. */
  private int beginNarrow(int word, int d, int size) {
    if (Fields.isScalar(word) || !Fields.q(word)) {
      lanes.begin();
      return 0;
    }
    lanes.beginFrom(d);
    return 8 >> size;
  }

  private long different(Opcode opcode, long a, long b, long d, int bits) {
    return switch (opcode) {
      case SADDL_VECTOR, UADDL_VECTOR, SADDW_VECTOR, UADDW_VECTOR -> a + b;
      case SSUBL_VECTOR, USUBL_VECTOR, SSUBW_VECTOR, USUBW_VECTOR -> a - b;
      case SABDL_VECTOR, UABDL_VECTOR -> Math.abs(a - b);
      case SABAL_VECTOR, UABAL_VECTOR -> d + Math.abs(a - b);
      case PMULL_VECTOR -> VectorInteger.polynomial(a & 0xff, b & 0xff);
      case SMULL_VECTOR, UMULL_VECTOR, SMULL_VECTOR_ELEMENT, UMULL_VECTOR_ELEMENT -> a * b;
      case SMLAL_VECTOR, UMLAL_VECTOR, SMLAL_VECTOR_ELEMENT, UMLAL_VECTOR_ELEMENT -> d + a * b;
      case SMLSL_VECTOR, UMLSL_VECTOR, SMLSL_VECTOR_ELEMENT, UMLSL_VECTOR_ELEMENT -> d - a * b;
      case SQDMULL_VECTOR,
          SQDMULL_SIMD_SCALAR,
          SQDMULL_VECTOR_ELEMENT,
          SQDMULL_SIMD_SCALAR_ELEMENT ->
          saturating.multiplyDouble(a, b, bits);
      case SQDMLAL_VECTOR,
          SQDMLAL_SIMD_SCALAR,
          SQDMLAL_VECTOR_ELEMENT,
          SQDMLAL_SIMD_SCALAR_ELEMENT ->
          saturating.addSigned(d, saturating.multiplyDouble(a, b, bits), bits);
      case SQDMLSL_VECTOR,
          SQDMLSL_SIMD_SCALAR,
          SQDMLSL_VECTOR_ELEMENT,
          SQDMLSL_SIMD_SCALAR_ELEMENT ->
          saturating.subtractSigned(d, saturating.multiplyDouble(a, b, bits), bits);
      default -> throw unknown(opcode);
    };
  }

  /** A vector by one element of another. */
  void byElement(Opcode opcode, int word) {
    int size = Fields.size(word);
    boolean halfword = size == 1;
    int m = word >>> 16 & (halfword ? 15 : 31);
    int index = (word >>> 11 & 1) << 1 | (word >>> 21 & 1);
    if (halfword) {
      index = index << 1 | (word >>> 20 & 1);
    }
    boolean signed =
        switch (opcode) {
          case UMLAL_VECTOR_ELEMENT, UMLSL_VECTOR_ELEMENT, UMULL_VECTOR_ELEMENT -> false;
          default -> true;
        };
    long b = lanes.get(m, index, size, signed);
    int d = Fields.d(word);
    int n = Fields.n(word);
    switch (opcode) {
      case MUL_VECTOR_ELEMENT,
          MLA_VECTOR_ELEMENT,
          MLS_VECTOR_ELEMENT,
          SQDMULH_VECTOR_ELEMENT,
          SQRDMULH_VECTOR_ELEMENT,
          SQDMULH_SIMD_SCALAR_ELEMENT,
          SQRDMULH_SIMD_SCALAR_ELEMENT -> {
        int count = Fields.lanes(word, size);
        lanes.begin();
        for (int i = 0; i < count; i++) {
          long a = lanes.get(n, i, size, true);
          lanes.put(i, size, same(opcode, a, b, lanes.get(d, i, size), 8 << size));
        }
      }
      default -> {
        boolean scalar = Fields.isScalar(word);
        int count = scalar ? 1 : 8 >> size;
        int part = !scalar && Fields.q(word) ? count : 0;
        lanes.begin();
        for (int i = 0; i < count; i++) {
          long a = lanes.get(n, part + i, size, signed);
          long c = lanes.get(d, i, size + 1, true);
          lanes.put(i, size + 1, different(opcode, a, b, c, 16 << size));
        }
      }
    }
    lanes.end(d);
  }

  private long same(Opcode opcode, long a, long b, long d, int bits) {
    return switch (opcode) {
      case MUL_VECTOR_ELEMENT -> a * b;
      case MLA_VECTOR_ELEMENT -> d + a * b;
      case MLS_VECTOR_ELEMENT -> d - a * b;
      case SQDMULH_VECTOR_ELEMENT, SQDMULH_SIMD_SCALAR_ELEMENT ->
          saturating.multiplyHigh(a, b, bits, false);
      case SQRDMULH_VECTOR_ELEMENT, SQRDMULH_SIMD_SCALAR_ELEMENT ->
          saturating.multiplyHigh(a, b, bits, true);
      default -> throw unknown(opcode);
    };
  }

  /** XTN and its saturating kin. */
  void narrow(Opcode opcode, int word) {
    int size = Fields.size(word);
    int bits = 8 << size;
    int d = Fields.d(word);
    int part = beginNarrow(word, d, size);
    int count = Fields.isScalar(word) ? 1 : 8 >> size;
    for (int i = 0; i < count; i++) {
      long a = lanes.get(Fields.n(word), i, size + 1);
      long s = Lanes.signExtend(a, size + 1);
      long narrow =
          switch (opcode) {
            case XTN_VECTOR -> a;
            case SQXTN_VECTOR, SQXTN_SIMD_SCALAR -> saturating.signed(s, bits);
            case SQXTUN_VECTOR, SQXTUN_SIMD_SCALAR -> saturating.unsigned(s, bits);
            case UQXTN_VECTOR, UQXTN_SIMD_SCALAR -> saturating.narrow(a, bits);
            default -> throw unknown(opcode);
          };
      lanes.put(part + i, size, narrow);
    }
    lanes.end(d);
  }

  /** SHLL: shifts left by the width of an element. */
  void shiftLeftLong(int word) {
    int size = Fields.size(word);
    int count = 8 >> size;
    int part = Fields.q(word) ? count : 0;
    lanes.begin();
    for (int i = 0; i < count; i++) {
      long a = lanes.get(Fields.n(word), part + i, size);
      lanes.put(i, size + 1, a << (8 << size));
    }
    lanes.end(Fields.d(word));
  }

  /** Sums of pairs, twice as wide. */
  void addPairsLong(Opcode opcode, int word) {
    int size = Fields.size(word);
    boolean signed = !Fields.u(word);
    boolean accumulates = opcode == Opcode.SADALP_VECTOR || opcode == Opcode.UADALP_VECTOR;
    int n = Fields.n(word);
    int d = Fields.d(word);
    int count = Fields.lanes(word, size + 1);
    lanes.begin();
    for (int i = 0; i < count; i++) {
      long sum = lanes.get(n, 2 * i, size, signed) + lanes.get(n, 2 * i + 1, size, signed);
      lanes.put(i, size + 1, accumulates ? lanes.get(d, i, size + 1) + sum : sum);
    }
    lanes.end(d);
  }
}
