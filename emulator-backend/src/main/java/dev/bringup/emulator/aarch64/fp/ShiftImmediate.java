package dev.bringup.emulator.aarch64.fp;

import dev.bringup.emulator.aarch64.isa.Opcode;

/** Shifts by an immediate, of integers. */
final class ShiftImmediate {
  private final Lanes lanes;
  private final Saturating saturating;

  ShiftImmediate(Lanes lanes, Saturating saturating) {
    this.lanes = lanes;
    this.saturating = saturating;
  }

  /** The size is where immh has its first one. */
  private static int size(int word) {
    return 31 - Integer.numberOfLeadingZeros(word >>> 19 & 15);
  }

  private static int leftPlaces(int word, int size) {
    return (word >>> 16 & 127) - (8 << size);
  }

  private static int rightPlaces(int word, int size) {
    return (16 << size) - (word >>> 16 & 127);
  }

  void execute(Opcode opcode, int word) {
    switch (opcode) {
      case SHRN_VECTOR,
          RSHRN_VECTOR,
          SQSHRUN_VECTOR,
          SQRSHRUN_VECTOR,
          SQSHRN_VECTOR,
          SQRSHRN_VECTOR,
          UQSHRN_VECTOR,
          UQRSHRN_VECTOR,
          SQSHRUN_SIMD_SCALAR,
          SQRSHRUN_SIMD_SCALAR,
          SQSHRN_SIMD_SCALAR,
          SQRSHRN_SIMD_SCALAR,
          UQSHRN_SIMD_SCALAR,
          UQRSHRN_SIMD_SCALAR ->
          narrow(opcode, word);
      case SSHLL_VECTOR, USHLL_VECTOR -> widen(word);
      default -> same(opcode, word);
    }
  }

  private void same(Opcode opcode, int word) {
    int size = size(word);
    int count = Fields.lanes(word, size);
    boolean signed = !Fields.u(word);
    int d = Fields.d(word);
    int left = leftPlaces(word, size);
    int right = rightPlaces(word, size);
    lanes.begin();
    for (int i = 0; i < count; i++) {
      long a = lanes.get(Fields.n(word), i, size, signed);
      lanes.put(i, size, one(opcode, a, lanes.get(d, i, size), size, left, right));
    }
    lanes.end(d);
  }

  private long one(Opcode opcode, long a, long d, int size, int left, int right) {
    int bits = 8 << size;
    return switch (opcode) {
      case SSHR_VECTOR, SSHR_SIMD_SCALAR -> Saturating.shiftRight(a, right, true, false);
      case USHR_VECTOR, USHR_SIMD_SCALAR -> Saturating.shiftRight(a, right, false, false);
      case SRSHR_VECTOR, SRSHR_SIMD_SCALAR -> Saturating.shiftRight(a, right, true, true);
      case URSHR_VECTOR, URSHR_SIMD_SCALAR -> Saturating.shiftRight(a, right, false, true);
      case SSRA_VECTOR, SSRA_SIMD_SCALAR -> d + Saturating.shiftRight(a, right, true, false);
      case USRA_VECTOR, USRA_SIMD_SCALAR -> d + Saturating.shiftRight(a, right, false, false);
      case SRSRA_VECTOR, SRSRA_SIMD_SCALAR -> d + Saturating.shiftRight(a, right, true, true);
      case URSRA_VECTOR, URSRA_SIMD_SCALAR -> d + Saturating.shiftRight(a, right, false, true);
      case SRI_VECTOR, SRI_SIMD_SCALAR -> {
        long moved = Saturating.shiftRight(Lanes.mask(size), right, false, false);
        yield (d & ~moved) | Saturating.shiftRight(a, right, false, false);
      }
      case SHL_VECTOR, SHL_SIMD_SCALAR -> a << left;
      case SLI_VECTOR, SLI_SIMD_SCALAR -> (d & ~(-1L << left)) | a << left;
      case SQSHL_IMM_VECTOR, SQSHL_IMM_SIMD_SCALAR ->
          saturating.shiftSaturating(a, left, bits, true, false);
      case UQSHL_IMM_VECTOR, UQSHL_IMM_SIMD_SCALAR ->
          saturating.shiftSaturating(a, left, bits, false, false);
      case SQSHLU_IMM_VECTOR, SQSHLU_IMM_SIMD_SCALAR ->
          saturating.shiftToUnsigned(Lanes.signExtend(a, size), left, bits);
      default -> throw new IllegalStateException(opcode + " is not a shift by an immediate");
    };
  }

  private void widen(int word) {
    int size = size(word);
    int count = 8 >> size;
    int part = Fields.q(word) ? count : 0;
    lanes.begin();
    for (int i = 0; i < count; i++) {
      long a = lanes.get(Fields.n(word), part + i, size, !Fields.u(word));
      lanes.put(i, size + 1, a << leftPlaces(word, size));
    }
    lanes.end(Fields.d(word));
  }

  private void narrow(Opcode opcode, int word) {
    int size = size(word);
    boolean scalar = Fields.isScalar(word);
    int d = Fields.d(word);
    int part = 0;
    if (!scalar && Fields.q(word)) {
      lanes.beginFrom(d);
      part = 8 >> size;
    } else {
      lanes.begin();
    }
    int count = scalar ? 1 : 8 >> size;
    int right = rightPlaces(word, size);
    boolean rounds = (word & 1 << 11) != 0;
    for (int i = 0; i < count; i++) {
      long a = lanes.get(Fields.n(word), i, size + 1);
      lanes.put(part + i, size, narrow(opcode, a, size, right, rounds));
    }
    lanes.end(d);
  }

  private long narrow(Opcode opcode, long a, int size, int right, boolean rounds) {
    long s = Lanes.signExtend(a, size + 1);
    int bits = 8 << size;
    return switch (opcode) {
      case SHRN_VECTOR, RSHRN_VECTOR -> Saturating.shiftRight(a, right, false, rounds);
      case SQSHRN_VECTOR, SQSHRN_SIMD_SCALAR, SQRSHRN_VECTOR, SQRSHRN_SIMD_SCALAR ->
          saturating.signed(Saturating.shiftRight(s, right, true, rounds), bits);
      case SQSHRUN_VECTOR, SQSHRUN_SIMD_SCALAR, SQRSHRUN_VECTOR, SQRSHRUN_SIMD_SCALAR ->
          saturating.unsigned(Saturating.shiftRight(s, right, true, rounds), bits);
      case UQSHRN_VECTOR, UQSHRN_SIMD_SCALAR, UQRSHRN_VECTOR, UQRSHRN_SIMD_SCALAR ->
          saturating.narrow(Saturating.shiftRight(a, right, false, rounds), bits);
      default -> throw new IllegalStateException(opcode + " does not narrow");
    };
  }
}
