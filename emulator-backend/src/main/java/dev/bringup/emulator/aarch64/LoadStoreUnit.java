package dev.bringup.emulator.aarch64;

import dev.bringup.emulator.memory.HostMemory;
import dev.bringup.emulator.memory.PhysicalMemory;

/**
 * Loads and stores that are too rare for the interpreter's own switch. Whatever faults does so
 * before a register or a byte of memory has changed.
 */
final class LoadStoreUnit {
  private static final long PAGE = ~PhysicalMemory.PAGE_MASK;
  private static final long LOW = 0xffff_ffffL;
  private static final int QUAD = 4;

  private final Interpreter cpu;

  LoadStoreUnit(Interpreter cpu) {
    this.cpu = cpu;
  }

  /**
   * How a general register is loaded or stored, for {@link MicroOp}.
   *
   * @param size power of two of the bytes
   * @param opc 0 store, 1 load, 2 load and extend the sign to 64 bits, 3 to 32 bits
   */
  static int access(int size, int opc) {
    return size | Math.max(opc - 1, 0) << 2;
  }

  /** Whether the instruction loads or stores with the stack pointer for its base. */
  static boolean usesSp(int word) {
    boolean isMemory = (word >>> 25 & 5) == 4;
    boolean isLiteral = (word >>> 27 & 7) == 3 && (word >>> 24 & 1) == 0;
    return isMemory && !isLiteral && (word >>> 5 & 31) == 31;
  }

  void execute(long op) {
    long[] x = cpu.x;
    int rd = MicroOp.rd(op);
    int rn = MicroOp.rn(op);
    int extra = MicroOp.extra(op);
    int immediate = MicroOp.immediate(op);
    long base = x[rn];
    switch (MicroOp.operation(op)) {
      case MicroOp.LOAD -> x[rd] = load(base + immediate, extra);
      case MicroOp.LOAD_POST -> {
        long value = load(base, extra);
        writeBack(rn, base + immediate);
        x[rd] = value;
      }
      case MicroOp.LOAD_PRE -> {
        long value = load(base + immediate, extra);
        writeBack(rn, base + immediate);
        x[rd] = value;
      }
      case MicroOp.LOAD_REG -> x[rd] = load(base + index(op), extra);
      case MicroOp.LOAD_USER -> x[rd] = loadAsUser(base + immediate, extra);
      case MicroOp.STORE -> store(base + immediate, extra, x[rd]);
      case MicroOp.STORE_POST -> {
        store(base, extra, x[rd]);
        writeBack(rn, base + immediate);
      }
      case MicroOp.STORE_PRE -> {
        store(base + immediate, extra, x[rd]);
        writeBack(rn, base + immediate);
      }
      case MicroOp.STORE_REG -> store(base + index(op), extra, x[rd]);
      case MicroOp.STORE_USER -> storeAsUser(base + immediate, extra, x[rd]);
      case MicroOp.LOAD_LITERAL -> x[rd] = load(cpu.pc + immediate, extra);
      case MicroOp.LOAD_PAIR -> loadPair(op, base + immediate);
      case MicroOp.LOAD_PAIR_POST -> {
        loadPair(op, base);
        writeBackPair(op, base + immediate);
      }
      case MicroOp.LOAD_PAIR_PRE -> {
        loadPair(op, base + immediate);
        writeBackPair(op, base + immediate);
      }
      case MicroOp.STORE_PAIR -> storePair(op, base + immediate);
      case MicroOp.STORE_PAIR_POST -> {
        storePair(op, base);
        writeBack(rn, base + immediate);
      }
      case MicroOp.STORE_PAIR_PRE -> {
        storePair(op, base + immediate);
        writeBack(rn, base + immediate);
      }
      default -> vector(op, rd, rn, extra, immediate, base);
    }
  }

  private void vector(long op, int rd, int rn, int size, int immediate, long base) {
    cpu.requireVectors();
    switch (MicroOp.operation(op)) {
      case MicroOp.LOAD_V -> loadVector(base + immediate, size, rd);
      case MicroOp.LOAD_V_POST -> {
        loadVector(base, size, rd);
        writeBack(rn, base + immediate);
      }
      case MicroOp.LOAD_V_PRE -> {
        loadVector(base + immediate, size, rd);
        writeBack(rn, base + immediate);
      }
      case MicroOp.LOAD_V_REG -> loadVector(base + index(op), size, rd);
      case MicroOp.STORE_V -> storeVector(base + immediate, size, rd);
      case MicroOp.STORE_V_POST -> {
        storeVector(base, size, rd);
        writeBack(rn, base + immediate);
      }
      case MicroOp.STORE_V_PRE -> {
        storeVector(base + immediate, size, rd);
        writeBack(rn, base + immediate);
      }
      case MicroOp.STORE_V_REG -> storeVector(base + index(op), size, rd);
      case MicroOp.LOAD_V_LITERAL -> loadVector(cpu.pc + immediate, size, rd);
      case MicroOp.LOAD_V_PAIR -> loadVectorPair(op, base + immediate, size);
      case MicroOp.LOAD_V_PAIR_POST -> {
        loadVectorPair(op, base, size);
        writeBack(rn, base + immediate);
      }
      case MicroOp.LOAD_V_PAIR_PRE -> {
        loadVectorPair(op, base + immediate, size);
        writeBack(rn, base + immediate);
      }
      case MicroOp.STORE_V_PAIR -> storeVectorPair(op, base + immediate, size);
      case MicroOp.STORE_V_PAIR_POST -> {
        storeVectorPair(op, base, size);
        writeBack(rn, base + immediate);
      }
      case MicroOp.STORE_V_PAIR_PRE -> {
        storeVectorPair(op, base + immediate, size);
        writeBack(rn, base + immediate);
      }
      default -> throw new IllegalStateException("operation " + MicroOp.operation(op));
    }
  }

  private void writeBack(int register, long value) {
    cpu.x[register] = value;
    if (register == MicroOp.SP) {
      cpu.mmu.checkSp();
    }
  }

  /** A pair with 64 bits has its loaded value, not the address, where both are one register. */
  private void writeBackPair(long op, long value) {
    int rn = MicroOp.rn(op);
    if (rn != MicroOp.rd(op) && rn != MicroOp.rm(op)) {
      writeBack(rn, value);
    }
  }

  private long index(long op) {
    long value = cpu.x[MicroOp.rm(op)];
    int immediate = MicroOp.immediate(op);
    int shift = immediate & 0xff;
    return switch (immediate >>> 8) {
      case 0 -> value << shift;
      case 1 -> (value & LOW) << shift;
      default -> (long) (int) value << shift;
    };
  }

  private long load(long va, int access) {
    return switch (access) {
      case 0 -> cpu.load8(va) & 0xff;
      case 1 -> cpu.load16(va) & 0xffff;
      case 2 -> cpu.load32(va) & LOW;
      case 3 -> cpu.load64(va);
      case 4 -> cpu.load8(va);
      case 5 -> cpu.load16(va);
      case 6 -> cpu.load32(va);
      case 8 -> cpu.load8(va) & LOW;
      default -> cpu.load16(va) & LOW;
    };
  }

  private void store(long va, int access, long value) {
    switch (access & 3) {
      case 0 -> cpu.store8(va, (byte) value);
      case 1 -> cpu.store16(va, (short) value);
      case 2 -> cpu.store32(va, (int) value);
      default -> cpu.store64(va, value);
    }
  }

  /** With the rights of EL0, unless executed at EL2. */
  private long loadAsUser(long va, int access) {
    if (cpu.el != 1) {
      return load(va, access);
    }
    int size = 1 << (access & 3);
    int entry = (int) (va >>> 12) & CpuState.TLB_MASK;
    long value;
    if (cpu.readTag[entry] == ((va + size - 1 & PAGE) | cpu.userContext)) {
      long host = va + cpu.delta[entry];
      value =
          switch (access & 3) {
            case 0 -> HostMemory.getByte(host) & 0xff;
            case 1 -> HostMemory.getShort(host) & 0xffff;
            case 2 -> HostMemory.getInt(host) & LOW;
            default -> HostMemory.getLong(host);
          };
    } else {
      value = cpu.slowLoad(va, size, true);
    }
    return switch (access) {
      case 4 -> (byte) value;
      case 5 -> (short) value;
      case 6 -> (int) value;
      case 8 -> (byte) value & LOW;
      case 9 -> (short) value & LOW;
      default -> value;
    };
  }

  private void storeAsUser(long va, int access, long value) {
    if (cpu.el != 1) {
      store(va, access, value);
      return;
    }
    int size = 1 << (access & 3);
    int entry = (int) (va >>> 12) & CpuState.TLB_MASK;
    if (cpu.writeTag[entry] != ((va + size - 1 & PAGE) | cpu.userContext)) {
      cpu.slowStore(va, size, value, true);
      return;
    }
    long host = va + cpu.delta[entry];
    switch (size) {
      case 1 -> HostMemory.putByte(host, (byte) value);
      case 2 -> HostMemory.putShort(host, (short) value);
      case 4 -> HostMemory.putInt(host, (int) value);
      default -> HostMemory.putLong(host, value);
    }
  }

  private void loadPair(long op, long va) {
    int access = MicroOp.extra(op);
    long first = load(va, access);
    long second = load(va + (1 << (access & 3)), access);
    cpu.x[MicroOp.rd(op)] = first;
    cpu.x[MicroOp.rm(op)] = second;
  }

  private void storePair(long op, long va) {
    int access = MicroOp.extra(op);
    int size = 1 << (access & 3);
    requireStore(va, 2 * size);
    store(va, access, cpu.x[MicroOp.rd(op)]);
    store(va + size, access, cpu.x[MicroOp.rm(op)]);
  }

  /** Several stores must all be possible before the first is done. */
  private void requireStore(long va, int size) {
    int entry = (int) (va >>> 12) & CpuState.TLB_MASK;
    if (cpu.writeTag[entry] != ((va + size - 1 & PAGE) | cpu.context)) {
      cpu.checkStore(va, size);
    }
  }

  private void loadVector(long va, int size, int register) {
    long low;
    long high = 0;
    if (size == QUAD) {
      low = cpu.load64(va);
      high = cpu.load64(va + 8);
    } else {
      low = load(va, size);
    }
    cpu.vectors.low[register] = low;
    cpu.vectors.high[register] = high;
  }

  private void storeVector(long va, int size, int register) {
    if (size == QUAD) {
      requireStore(va, 16);
      cpu.store64(va, cpu.vectors.low[register]);
      cpu.store64(va + 8, cpu.vectors.high[register]);
    } else {
      store(va, size, cpu.vectors.low[register]);
    }
  }

  private void loadVectorPair(long op, long va, int size) {
    int first = MicroOp.rd(op);
    int second = MicroOp.rm(op);
    long[] low = cpu.vectors.low;
    long[] high = cpu.vectors.high;
    if (size == QUAD) {
      long low0 = cpu.load64(va);
      long high0 = cpu.load64(va + 8);
      long low1 = cpu.load64(va + 16);
      long high1 = cpu.load64(va + 24);
      low[first] = low0;
      high[first] = high0;
      low[second] = low1;
      high[second] = high1;
    } else {
      long low0 = load(va, size);
      long low1 = load(va + (1 << size), size);
      low[first] = low0;
      high[first] = 0;
      low[second] = low1;
      high[second] = 0;
    }
  }

  private void storeVectorPair(long op, long va, int size) {
    requireStore(va, 2 << size);
    storeVector(va, size, MicroOp.rd(op));
    storeVector(va + (1 << size), size, MicroOp.rm(op));
  }
}
