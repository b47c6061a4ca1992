package dev.bringup.emulator.aarch64;

import dev.bringup.emulator.aarch64.isa.Opcode;
import dev.bringup.emulator.memory.PhysicalMemory;

/**
 * Exclusive, acquiring and releasing loads and stores (C6.2, B2.9). The CPUs of a machine take
 * turns, so order needs no care; a CPU's monitor is opened when another one gets its turn. A store
 * exclusive succeeds if the last load exclusive was of the same address and size.
 */
final class Exclusives {
  private static final long PAGE = ~PhysicalMemory.PAGE_MASK;
  private static final long LOW = 0xffff_ffffL;

  /** DFSC: an exclusive access to what has no monitor. */
  private static final int UNSUPPORTED = 0x35;

  private final Interpreter cpu;

  Exclusives(Interpreter cpu) {
    this.cpu = cpu;
  }

  void execute(Opcode opcode, int word) {
    int size = 1 << (word >>> 30);
    int n = word >>> 5 & 31;
    long va = cpu.x[n == 31 ? MicroOp.SP : n];
    switch (opcode) {
      case LDXR, LDAXR -> {
        watch(va, size);
        set(word, cpu.load(va, size));
      }
      case LDXP, LDAXP -> loadPair(va, size, word);
      case STXR, STLXR -> {
        boolean success = closes(va, size);
        if (success) {
          cpu.store(va, size, cpu.x[word & 31]);
        }
        status(word, success);
      }
      case STXP, STLXP -> storePair(va, size, word);
      case LDAR -> {
        requireAligned(va, size, false);
        set(word, cpu.load(va, size));
      }
      default -> {
        requireAligned(va, size, true);
        cpu.store(va, size, cpu.x[word & 31]);
      }
    }
  }

  private void loadPair(long va, int size, int word) {
    watch(va, 2 * size);
    long first = cpu.load(va, size);
    long second = cpu.load(va + size, size);
    set(word, first);
    set(word >>> 10, second);
  }

  private void storePair(long va, int size, int word) {
    boolean success = closes(va, 2 * size);
    if (success) {
      long first = cpu.x[word & 31];
      long second = cpu.x[word >>> 10 & 31];
      if (size == 4) {
        cpu.store64(va, (first & LOW) | second << 32);
      } else {
        cpu.store64(va, first);
        cpu.store64(va + 8, second);
      }
    }
    status(word, success);
  }

  private void set(int word, long value) {
    int t = word & 31;
    cpu.x[t == 31 ? MicroOp.SINK : t] = value;
  }

  private void status(int word, boolean success) {
    set(word >>> 16, success ? 0 : 1);
  }

  private void requireAligned(long va, int size, boolean write) {
    if ((va & (size - 1)) != 0) {
      throw cpu.mmu.alignmentFault(va, write);
    }
  }

  private void watch(long va, int size) {
    requireAligned(va, size, false);
    cpu.exclusiveHost = host(va, size, cpu.readTag, Mmu.READ);
    cpu.exclusiveSize = size;
  }

  /** Whether a store exclusive succeeds; the monitor is open afterwards. */
  private boolean closes(long va, int size) {
    requireAligned(va, size, true);
    long host = host(va, size, cpu.writeTag, Mmu.WRITE);
    boolean success = cpu.exclusiveHost == host && cpu.exclusiveSize == size;
    cpu.exclusiveHost = 0;
    return success;
  }

  private long host(long va, int size, long[] tags, int access) {
    int entry = (int) (va >>> 12) & CpuState.TLB_MASK;
    if (tags[entry] == ((va & PAGE) | cpu.context)) {
      return va + cpu.delta[entry];
    }
    long host = cpu.memory.host(cpu.mmu.translate(va, access, cpu.el == 0, Math.min(size, 8)));
    if (host == 0) {
      throw cpu.mmu.dataAbort(va, access == Mmu.WRITE, UNSUPPORTED);
    }
    return host;
  }
}
