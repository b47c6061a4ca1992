package dev.bringup.emulator.aarch64.fp;

import dev.bringup.emulator.aarch64.isa.Opcode;

/** Integer instructions whose result has elements as wide as the operands have. */
final class VectorInteger {
  private final Lanes lanes;
  private final Saturating saturating;

  VectorInteger(Lanes lanes, Saturating saturating) {
    this.lanes = lanes;
    this.saturating = saturating;
  }

  private static IllegalStateException unknown(Opcode opcode) {
    return new IllegalStateException(opcode + " is not an integer instruction on vectors");
  }

  /** Three registers alike. */
  void threeSame(Opcode opcode, int word) {
    int size = Fields.size(word);
    int d = Fields.d(word);
    int n = Fields.n(word);
    int m = Fields.m(word);
    switch (opcode) {
      case AND_VECTOR,
          BIC_VECTOR,
          ORR_VECTOR,
          ORN_VECTOR,
          EOR_VECTOR,
          BSL_VECTOR,
          BIT_VECTOR,
          BIF_VECTOR -> {
        long low = logical(opcode, lanes.low(n), lanes.low(m), lanes.low(d));
        long high = logical(opcode, lanes.high(n), lanes.high(m), lanes.high(d));
        lanes.write(d, low, Fields.q(word) ? high : 0);
      }
      case ADDP_VECTOR, SMAXP_VECTOR, UMAXP_VECTOR, SMINP_VECTOR, UMINP_VECTOR ->
          pairwise(opcode, word);
      default -> {
        int count = Fields.lanes(word, size);
        boolean signed = !Fields.u(word);
        lanes.begin();
        for (int i = 0; i < count; i++) {
          long a = lanes.get(n, i, size, signed);
          long b = lanes.get(m, i, size, signed);
          lanes.put(i, size, three(opcode, a, b, lanes.get(d, i, size), 8 << size));
        }
        lanes.end(d);
      }
    }
  }

  private static long logical(Opcode opcode, long n, long m, long d) {
    return switch (opcode) {
      case AND_VECTOR -> n & m;
      case BIC_VECTOR -> n & ~m;
      case ORR_VECTOR -> n | m;
      case ORN_VECTOR -> n | ~m;
      case EOR_VECTOR -> n ^ m;
      case BSL_VECTOR -> (d & n) | (~d & m);
      case BIT_VECTOR -> (m & n) | (~m & d);
      case BIF_VECTOR -> (~m & n) | (m & d);
      default -> throw unknown(opcode);
    };
  }

  private void pairwise(Opcode opcode, int word) {
    int size = Fields.size(word);
    int count = Fields.lanes(word, size);
    boolean signed = !Fields.u(word);
    lanes.begin();
    for (int i = 0; i < count; i++) {
      int from = 2 * i < count ? Fields.n(word) : Fields.m(word);
      int first = 2 * i < count ? 2 * i : 2 * i - count;
      long a = lanes.get(from, first, size, signed);
      long b = lanes.get(from, first + 1, size, signed);
      lanes.put(
          i,
          size,
          switch (opcode) {
            case ADDP_VECTOR -> a + b;
            case SMAXP_VECTOR, UMAXP_VECTOR -> Math.max(a, b);
            case SMINP_VECTOR, UMINP_VECTOR -> Math.min(a, b);
            default -> throw unknown(opcode);
          });
    }
    lanes.end(Fields.d(word));
  }

  private static long truth(boolean value) {
    return value ? -1 : 0;
  }

  private long three(Opcode opcode, long a, long b, long d, int bits) {
    return switch (opcode) {
      case ADD_VECTOR, ADD_SIMD_SCALAR -> a + b;
      case SUB_VECTOR, SUB_SIMD_SCALAR -> a - b;
      case CMEQ_VECTOR, CMEQ_SIMD_SCALAR -> truth(a == b);
      case CMGT_VECTOR, CMGT_SIMD_SCALAR -> truth(a > b);
      case CMGE_VECTOR, CMGE_SIMD_SCALAR -> truth(a >= b);
      case CMHI_VECTOR, CMHI_SIMD_SCALAR -> truth(Long.compareUnsigned(a, b) > 0);
      case CMHS_VECTOR, CMHS_SIMD_SCALAR -> truth(Long.compareUnsigned(a, b) >= 0);
      case CMTST_VECTOR, CMTST_SIMD_SCALAR -> truth((a & b) != 0);
      case MUL_VECTOR -> a * b;
      case MLA_VECTOR -> d + a * b;
      case MLS_VECTOR -> d - a * b;
      case PMUL_VECTOR -> polynomial(a, b);
      case SMAX_VECTOR, UMAX_VECTOR -> Math.max(a, b);
      case SMIN_VECTOR, UMIN_VECTOR -> Math.min(a, b);
      case SABD_VECTOR, UABD_VECTOR -> Math.abs(a - b);
      case SABA_VECTOR, UABA_VECTOR -> d + Math.abs(a - b);
      case SHADD_VECTOR, UHADD_VECTOR -> (a + b) >> 1;
      case SRHADD_VECTOR, URHADD_VECTOR -> (a + b + 1) >> 1;
      case SHSUB_VECTOR, UHSUB_VECTOR -> (a - b) >> 1;
      case SSHL_VECTOR, SSHL_SIMD_SCALAR -> Saturating.shift(a, b, true, false);
      case USHL_VECTOR, USHL_SIMD_SCALAR -> Saturating.shift(a, b, false, false);
      case SRSHL_VECTOR, SRSHL_SIMD_SCALAR -> Saturating.shift(a, b, true, true);
      case URSHL_VECTOR, URSHL_SIMD_SCALAR -> Saturating.shift(a, b, false, true);
      default -> threeSaturating(opcode, a, b, bits);
    };
  }

  private long threeSaturating(Opcode opcode, long a, long b, int bits) {
    return switch (opcode) {
      case SQADD_VECTOR, SQADD_SIMD_SCALAR -> saturating.addSigned(a, b, bits);
      case UQADD_VECTOR, UQADD_SIMD_SCALAR -> saturating.addUnsigned(a, b, bits);
      case SQSUB_VECTOR, SQSUB_SIMD_SCALAR -> saturating.subtractSigned(a, b, bits);
      case UQSUB_VECTOR, UQSUB_SIMD_SCALAR -> saturating.subtractUnsigned(a, b);
      case SQSHL_VECTOR, SQSHL_SIMD_SCALAR -> saturating.shiftSaturating(a, b, bits, true, false);
      case UQSHL_VECTOR, UQSHL_SIMD_SCALAR -> saturating.shiftSaturating(a, b, bits, false, false);
      case SQRSHL_VECTOR, SQRSHL_SIMD_SCALAR -> saturating.shiftSaturating(a, b, bits, true, true);
      case UQRSHL_VECTOR, UQRSHL_SIMD_SCALAR -> saturating.shiftSaturating(a, b, bits, false, true);
      case SQDMULH_VECTOR, SQDMULH_SIMD_SCALAR -> saturating.multiplyHigh(a, b, bits, false);
      // Its operands are signed, though U is set.
      case SQRDMULH_VECTOR, SQRDMULH_SIMD_SCALAR ->
          saturating.multiplyHigh(
              a << (64 - bits) >> (64 - bits), b << (64 - bits) >> (64 - bits), bits, true);
      default -> throw unknown(opcode);
    };
  }

  /** The product of polynomials over {0, 1}. */
  static long polynomial(long a, long b) {
    long product = 0;
    for (int i = 0; i < 8; i++) {
      product ^= (b >>> i & 1) == 0 ? 0 : a << i;
    }
    return product;
  }

  /** Two registers, elements apart from each other. */
  void twoRegisters(Opcode opcode, int word) {
    int size = Fields.size(word);
    int count = Fields.lanes(word, size);
    boolean signed = !Fields.u(word);
    int d = Fields.d(word);
    int n = Fields.n(word);
    lanes.begin();
    for (int i = 0; i < count; i++) {
      long a = lanes.get(n, i, size);
      lanes.put(i, size, two(opcode, a, lanes.get(d, i, size, signed), size));
    }
    lanes.end(d);
  }

  private long two(Opcode opcode, long a, long d, int size) {
    int bits = 8 << size;
    long s = Lanes.signExtend(a, size);
    return switch (opcode) {
      case CMGT_ZERO_VECTOR, CMGT_ZERO_SIMD_SCALAR -> truth(s > 0);
      case CMGE_ZERO_VECTOR, CMGE_ZERO_SIMD_SCALAR -> truth(s >= 0);
      case CMEQ_ZERO_VECTOR, CMEQ_ZERO_SIMD_SCALAR -> truth(s == 0);
      case CMLE_ZERO_VECTOR, CMLE_ZERO_SIMD_SCALAR -> truth(s <= 0);
      case CMLT_ZERO_VECTOR, CMLT_ZERO_SIMD_SCALAR -> truth(s < 0);
      case ABS_VECTOR, ABS_SIMD_SCALAR -> Math.abs(s);
      case NEG_VECTOR, NEG_SIMD_SCALAR -> -s;
      case NOT_VECTOR -> ~a;
      case CNT_VECTOR -> Long.bitCount(a);
      case CLZ_VECTOR -> Long.numberOfLeadingZeros(a) - (64 - bits);
      case CLS_VECTOR -> Long.numberOfLeadingZeros(s < 0 ? ~s : s) - (64 - bits) - 1;
      case SQABS_VECTOR, SQABS_SIMD_SCALAR -> s < 0 ? saturating.subtractSigned(0, s, bits) : s;
      case SQNEG_VECTOR, SQNEG_SIMD_SCALAR -> saturating.subtractSigned(0, s, bits);
      case SUQADD_VECTOR, SUQADD_SIMD_SCALAR -> saturating.addUnsignedToSigned(d, a, bits);
      case USQADD_VECTOR, USQADD_SIMD_SCALAR -> saturating.addSignedToUnsigned(d, s, bits);
      default -> throw unknown(opcode);
    };
  }

  /** RBIT: of bytes, though its size field says otherwise. */
  void reverseBits(int word) {
    int n = Fields.n(word);
    long low = Long.reverseBytes(Long.reverse(lanes.low(n)));
    long high = Long.reverseBytes(Long.reverse(lanes.high(n)));
    lanes.write(Fields.d(word), low, Fields.q(word) ? high : 0);
  }

  /** Across the lanes of a register, and ADDP of a pair. */
  void across(Opcode opcode, int word) {
    int size = Fields.size(word);
    int n = Fields.n(word);
    boolean signed = !Fields.u(word);
    int count = opcode == Opcode.ADDP_SIMD_SCALAR ? 2 : Fields.lanes(word, size);
    long result = lanes.get(n, 0, size, signed);
    for (int i = 1; i < count; i++) {
      long a = lanes.get(n, i, size, signed);
      result =
          switch (opcode) {
            case ADDV, SADDLV, UADDLV, ADDP_SIMD_SCALAR -> result + a;
            case SMAXV, UMAXV -> Math.max(result, a);
            case SMINV, UMINV -> Math.min(result, a);
            default -> throw unknown(opcode);
          };
    }
    boolean isLong = opcode == Opcode.SADDLV || opcode == Opcode.UADDLV;
    lanes.write(Fields.d(word), result & Lanes.mask(isLong ? size + 1 : size), 0);
  }
}
