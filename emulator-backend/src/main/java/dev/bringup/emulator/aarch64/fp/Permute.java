package dev.bringup.emulator.aarch64.fp;

import dev.bringup.emulator.aarch64.isa.Opcode;

/** Instructions that move elements, without arithmetic; and modified immediates. */
final class Permute {
  private final Lanes lanes;

  Permute(Lanes lanes) {
    this.lanes = lanes;
  }

  private static IllegalStateException unknown(Opcode opcode) {
    return new IllegalStateException(opcode + " moves no elements");
  }

  /** DUP, INS, SMOV, UMOV. */
  void copy(Opcode opcode, int word, long[] x) {
    int immediate = word >>> 16 & 31;
    int size = Integer.numberOfTrailingZeros(immediate);
    int index = immediate >>> (size + 1);
    int d = Fields.d(word);
    int n = Fields.n(word);
    switch (opcode) {
      case DUP_ELEMENT_SIMD_SCALAR -> lanes.write(d, lanes.get(n, index, size), 0);
      case DUP_ELEMENT_VECTOR -> duplicate(word, lanes.get(n, index, size), size);
      case DUP_GENERAL -> duplicate(word, x[n], size);
      case SMOV -> {
        long value = lanes.get(n, index, size, true);
        VectorUnit.setGeneral(x, d, Fields.q(word) ? value : value & 0xffff_ffffL);
      }
      case UMOV -> VectorUnit.setGeneral(x, d, lanes.get(n, index, size));
      case INS_GENERAL -> insert(d, index, size, x[n]);
      case INS_ELEMENT -> insert(d, index, size, lanes.get(n, (word >>> 11 & 15) >>> size, size));
      default -> throw unknown(opcode);
    }
  }

  private void duplicate(int word, long element, int size) {
    long all = repeat(element, size);
    lanes.write(Fields.d(word), all, Fields.q(word) ? all : 0);
  }

  /** The element over and over, in 64 bits. */
  private static long repeat(long element, int size) {
    long all = element & Lanes.mask(size);
    for (int bits = 8 << size; bits < 64; bits *= 2) {
      all |= all << bits;
    }
    return all;
  }

  private void insert(int d, int index, int size, long element) {
    lanes.beginFrom(d);
    lanes.put(index, size, element);
    lanes.end(d);
  }

  /** UZP, TRN, ZIP. */
  void interleave(Opcode opcode, int word) {
    int size = Fields.size(word);
    int count = Fields.lanes(word, size);
    int n = Fields.n(word);
    int m = Fields.m(word);
    int part = word >>> 14 & 1;
    lanes.begin();
    for (int i = 0; i < count; i++) {
      int from =
          switch (opcode) {
            case UZP1, UZP2 -> 2 * i + part;
            case TRN1, TRN2 -> (i & ~1) + part + (i & 1) * count;
            case ZIP1, ZIP2 -> i / 2 + part * (count / 2) + (i & 1) * count;
            default -> throw unknown(opcode);
          };
      lanes.put(
          i, size, from < count ? lanes.get(n, from, size) : lanes.get(m, from - count, size));
    }
    lanes.end(Fields.d(word));
  }

  /** EXT: bytes out of the middle of a pair of registers. */
  void extract(int word) {
    int position = word >>> 11 & 15;
    int count = Fields.lanes(word, 0);
    lanes.begin();
    for (int i = 0; i < count; i++) {
      int from = position + i;
      long element =
          from < count
              ? lanes.get(Fields.n(word), from, 0)
              : lanes.get(Fields.m(word), from - count, 0);
      lanes.put(i, 0, element);
    }
    lanes.end(Fields.d(word));
  }

  /** TBL, TBX: the table is in up to four registers, V0 after V31. */
  void table(Opcode opcode, int word) {
    int length = 16 * ((word >>> 13 & 3) + 1);
    int n = Fields.n(word);
    int d = Fields.d(word);
    lanes.begin();
    for (int i = 0; i < Fields.lanes(word, 0); i++) {
      int index = (int) lanes.get(Fields.m(word), i, 0);
      if (index < length) {
        lanes.put(i, 0, lanes.get(n + index / 16 & 31, index & 15, 0));
      } else if (opcode == Opcode.TBX) {
        lanes.put(i, 0, lanes.get(d, i, 0));
      }
    }
    lanes.end(d);
  }

  /** REV16, REV32, REV64: turns the elements of each container round. */
  void reverse(Opcode opcode, int word) {
    int container =
        switch (opcode) {
          case REV16_VECTOR -> 1;
          case REV32_VECTOR -> 2;
          case REV64_VECTOR -> 3;
          default -> throw unknown(opcode);
        };
    int size = Fields.size(word);
    int turn = (1 << (container - size)) - 1;
    lanes.begin();
    for (int i = 0; i < Fields.lanes(word, size); i++) {
      lanes.put(i, size, lanes.get(Fields.n(word), i ^ turn, size));
    }
    lanes.end(Fields.d(word));
  }

  /** MOVI, MVNI, FMOV, and ORR and BIC with an immediate. */
  void immediate(Opcode opcode, int word) {
    int bits = (word >>> 11 & 0xe0) | (word >>> 5 & 31);
    int shift = word >>> 13 & 3;
    long value =
        switch (opcode) {
          case MOVI_32, MVNI_32, ORR_VECTOR_IMM_32, BIC_VECTOR_IMM_32 ->
              repeat((long) bits << (8 * shift), 2);
          case MOVI_16, MVNI_16, ORR_VECTOR_IMM_16, BIC_VECTOR_IMM_16 ->
              repeat((long) bits << (8 * (shift & 1)), 1);
          case MOVI_MSL, MVNI_MSL ->
              repeat((word & 1 << 12) == 0 ? bits << 8 | 0xffL : bits << 16 | 0xffffL, 2);
          case MOVI_8 -> repeat(bits, 0);
          case MOVI_64 -> bytes(bits);
          case FMOV_VECTOR_IMM_32 -> repeat(floating(Format.SINGLE, bits), 2);
          case FMOV_VECTOR_IMM_64 -> floating(Format.DOUBLE, bits);
          default -> throw unknown(opcode);
        };
    int d = Fields.d(word);
    boolean q = Fields.q(word);
    switch (opcode) {
      case MVNI_32, MVNI_16, MVNI_MSL -> lanes.write(d, ~value, q ? ~value : 0);
      case ORR_VECTOR_IMM_32, ORR_VECTOR_IMM_16 ->
          lanes.write(d, lanes.low(d) | value, q ? lanes.high(d) | value : 0);
      case BIC_VECTOR_IMM_32, BIC_VECTOR_IMM_16 ->
          lanes.write(d, lanes.low(d) & ~value, q ? lanes.high(d) & ~value : 0);
      default -> lanes.write(d, value, q ? value : 0);
    }
  }

  /** Each bit becomes a byte of zeros or ones. */
  private static long bytes(int bits) {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value |= (bits >>> i & 1) == 0 ? 0 : 0xffL << (8 * i);
    }
    return value;
  }

  /** VFPExpandImm of the Arm ARM: sign, three bits of exponent, four of fraction. */
  static long floating(Format format, int bits) {
    int exponent = (bits & 0x40) == 0 ? (bits >>> 4 & 3) + 1 : (bits >>> 4 & 3) - 3;
    return format.zero((bits & 0x80) != 0)
        | format.constant(exponent, false)
        | (long) (bits & 15) << (format.fractionBits - 4);
  }
}
