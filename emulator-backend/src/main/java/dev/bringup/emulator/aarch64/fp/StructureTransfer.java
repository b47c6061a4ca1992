package dev.bringup.emulator.aarch64.fp;

import dev.bringup.emulator.aarch64.isa.Opcode;

/**
 * Loads and stores of structures. All memory is read, or found to be writable, before anything
 * changes.
 */
final class StructureTransfer {
  private static final int MAX_ELEMENTS = 64;

  private final Lanes lanes;
  private final long[] loaded = new long[MAX_ELEMENTS];

  StructureTransfer(Lanes lanes) {
    this.lanes = lanes;
  }

  /**
   * @return the base register after the instruction
   */
  long execute(Opcode opcode, int word, long base, long[] x, VectorMemory memory) {
    int bytes =
        switch (opcode) {
          case LD1_MULTIPLE, LD1_MULTIPLE_POST, ST1_MULTIPLE, ST1_MULTIPLE_POST ->
              consecutive(word, base, memory);
          case LD2_MULTIPLE, LD2_MULTIPLE_POST, ST2_MULTIPLE, ST2_MULTIPLE_POST ->
              interleaved(word, base, 2, memory);
          case LD3_MULTIPLE, LD3_MULTIPLE_POST, ST3_MULTIPLE, ST3_MULTIPLE_POST ->
              interleaved(word, base, 3, memory);
          case LD4_MULTIPLE, LD4_MULTIPLE_POST, ST4_MULTIPLE, ST4_MULTIPLE_POST ->
              interleaved(word, base, 4, memory);
          case LD1R, LD1R_POST, LD2R, LD2R_POST, LD3R, LD3R_POST, LD4R, LD4R_POST ->
              replicated(word, base, memory);
          case LD1_SINGLE,
              LD1_SINGLE_POST,
              LD2_SINGLE,
              LD2_SINGLE_POST,
              LD3_SINGLE,
              LD3_SINGLE_POST,
              LD4_SINGLE,
              LD4_SINGLE_POST,
              ST1_SINGLE,
              ST1_SINGLE_POST,
              ST2_SINGLE,
              ST2_SINGLE_POST,
              ST3_SINGLE,
              ST3_SINGLE_POST,
              ST4_SINGLE,
              ST4_SINGLE_POST ->
              single(word, base, memory);
          default -> throw new IllegalStateException(opcode + " is not a structure transfer");
        };
    boolean writesBack = (word & 1 << 23) != 0;
    if (!writesBack) {
      return base;
    }
    int m = Fields.m(word);
    return base + (m == 31 ? bytes : x[m]);
  }

  private static boolean isLoad(int word) {
    return (word & 1 << 22) != 0;
  }

  private static int register(int first, int offset) {
    return first + offset & 31;
  }

  /** LD1, ST1 of whole registers: no structure, so the size does not matter. */
  private int consecutive(int word, long base, VectorMemory memory) {
    int registers =
        switch (word >>> 12 & 15) {
          case 0b0111 -> 1;
          case 0b1010 -> 2;
          case 0b0110 -> 3;
          default -> 4;
        };
    int t = Fields.d(word);
    int each = Fields.q(word) ? 2 : 1;
    int count = registers * each;
    if (isLoad(word)) {
      for (int i = 0; i < count; i++) {
        loaded[i] = memory.load(base + 8L * i, 8);
      }
      for (int i = 0; i < registers; i++) {
        lanes.write(register(t, i), loaded[each * i], each == 2 ? loaded[2 * i + 1] : 0);
      }
    } else {
      memory.checkStore(base, 8 * count);
      for (int i = 0; i < count; i++) {
        int r = register(t, i / each);
        memory.store(base + 8L * i, 8, i % each == 0 ? lanes.low(r) : lanes.high(r));
      }
    }
    return 8 * count;
  }

  private int interleaved(int word, long base, int registers, VectorMemory memory) {
    int size = word >>> 10 & 3;
    int t = Fields.d(word);
    int elements = (Fields.q(word) ? 16 : 8) >> size;
    int count = elements * registers;
    int width = 1 << size;
    if (isLoad(word)) {
      for (int i = 0; i < count; i++) {
        loaded[i] = memory.load(base + (long) width * i, width);
      }
      for (int r = 0; r < registers; r++) {
        lanes.begin();
        for (int i = 0; i < elements; i++) {
          lanes.put(i, size, loaded[i * registers + r]);
        }
        lanes.end(register(t, r));
      }
    } else {
      memory.checkStore(base, width * count);
      for (int i = 0; i < count; i++) {
        long element = lanes.get(register(t, i % registers), i / registers, size);
        memory.store(base + (long) width * i, width, element);
      }
    }
    return width * count;
  }

  /** How many registers an instruction on single structures has. */
  private static int singles(int word) {
    return 1 + (word >>> 21 & 1) + 2 * (word >>> 13 & 1);
  }

  private int replicated(int word, long base, VectorMemory memory) {
    int size = word >>> 10 & 3;
    int width = 1 << size;
    int registers = singles(word);
    for (int r = 0; r < registers; r++) {
      loaded[r] = memory.load(base + (long) width * r, width);
    }
    int elements = (Fields.q(word) ? 16 : 8) >> size;
    for (int r = 0; r < registers; r++) {
      lanes.begin();
      for (int i = 0; i < elements; i++) {
        lanes.put(i, size, loaded[r]);
      }
      lanes.end(register(Fields.d(word), r));
    }
    return width * registers;
  }

  private int single(int word, long base, VectorMemory memory) {
    int scale = word >>> 14 & 3;
    boolean doubleword = scale == 2 && (word & 1 << 10) != 0;
    int size = doubleword ? 3 : scale;
    // Q, S and the size field together are the index of a byte.
    int place = (Fields.q(word) ? 8 : 0) | (word >>> 10 & 7);
    int index = doubleword ? place >> 3 : place >> size;
    int width = 1 << size;
    int registers = singles(word);
    int t = Fields.d(word);
    if (isLoad(word)) {
      for (int r = 0; r < registers; r++) {
        loaded[r] = memory.load(base + (long) width * r, width);
      }
      for (int r = 0; r < registers; r++) {
        lanes.beginFrom(register(t, r));
        lanes.put(index, size, loaded[r]);
        lanes.end(register(t, r));
      }
    } else {
      memory.checkStore(base, width * registers);
      for (int r = 0; r < registers; r++) {
        memory.store(base + (long) width * r, width, lanes.get(register(t, r), index, size));
      }
    }
    return width * registers;
  }
}
