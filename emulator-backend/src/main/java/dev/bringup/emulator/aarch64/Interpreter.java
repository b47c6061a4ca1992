package dev.bringup.emulator.aarch64;

import dev.bringup.emulator.aarch64.fp.VectorMemory;
import dev.bringup.emulator.memory.BusError;
import dev.bringup.emulator.memory.CodeListener;
import dev.bringup.emulator.memory.HostMemory;
import dev.bringup.emulator.memory.PhysicalMemory;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Executes instructions. The loop holds the decoded page that it is in; what is frequent stands in
 * its own switch, the rest in units of its own. HotSpot compiles no method of more than 8,000 bytes
 * of bytecode, so the switch must stay below that.
 */
final class Interpreter extends CpuState implements CodeListener, VectorMemory {
  private static final long PAGE = ~PhysicalMemory.PAGE_MASK;
  private static final long LOW = 0xffff_ffffL;

  final Mmu mmu;
  final Exceptions faults;
  private @Nullable SystemUnit system;
  private final LoadStoreUnit loadStore;

  Interpreter(int number, boolean hasEl2, PhysicalMemory memory) {
    super(number, hasEl2, memory);
    this.mmu = new Mmu(this);
    this.faults = new Exceptions(this, mmu);
    this.loadStore = new LoadStoreUnit(this);
    memory.addListener(this);
  }

  /** Gives it the unit that needs the interpreter itself; before the first {@link #run}. */
  void attach(SystemUnit unit) {
    system = unit;
  }

  SystemUnit system() {
    return Objects.requireNonNull(system);
  }

  // CodeListener

  @Override
  public void codeMarked() {
    Arrays.fill(writeTag, -1);
  }

  @Override
  public void codeDropped() {
    Arrays.fill(fetchTag, -1);
    Arrays.fill(writeTag, -1);
    flow = true;
    stopLoop();
  }

  // Running

  /**
   * Executes up to {@code cycles} instructions from {@link #pc} on; ends early when the CPU waits
   * for an interrupt. Returns how many cycles passed.
   */
  int run(int cycles) {
    slice = cycles;
    remaining = cycles;
    deferred = 0;
    yields = false;
    interrupted = false;
    while (true) {
      remaining += deferred;
      deferred = 0;
      interruptIfPending();
      if (remaining <= 0 || waiting || off || yields || interrupted) {
        return consumed();
      }
      if (spMisaligned || illegal) {
        careful();
      } else {
        loop();
      }
    }
  }

  /** The instruction at {@link #pc} before it is executed with a misaligned SP or as illegal. */
  private void careful() {
    if (illegal) {
      remaining--;
      faults.take(fault.of(Exceptions.ILLEGAL_STATE, 0), pc);
      return;
    }
    deferred += remaining - 1;
    remaining = 1;
    try {
      if (LoadStoreUnit.usesSp(instruction(pc))) {
        throw fault.of(Exceptions.SP_ALIGNMENT, 0);
      }
    } catch (GuestFault e) {
      remaining = 0;
      faults.take(e, pc);
      return;
    }
    loop();
    mmu.checkSp();
  }

  /** The instruction word at a virtual address. */
  int instruction(long va) {
    if ((va & 3) != 0) {
      throw fault.of(Exceptions.PC_ALIGNMENT, 0).at(va);
    }
    long physical = mmu.translate(va, Mmu.FETCH, el == 0, 4);
    try {
      return (int) memory.load(physical, 4);
    } catch (BusError e) {
      throw mmu.external(va, Mmu.FETCH);
    }
  }

  /** Takes an interrupt if one is pending and not masked (D1.13). */
  void interruptIfPending() {
    if (!isPending()) {
      return;
    }
    waiting = false;
    if (off) {
      return;
    }
    long hcr = hasEl2 ? sys(SystemRegister.HCR_EL2) : 0;
    boolean tge = (hcr & SystemUnit.HCR_TGE) != 0;
    boolean fiqToEl2 = (hcr & SystemUnit.HCR_FMO) != 0 || tge;
    boolean irqToEl2 = (hcr & SystemUnit.HCR_IMO) != 0 || tge;
    if (fiq && takes(fiqToEl2, DAIF_F)) {
      faults.interrupt(fiqToEl2 ? 2 : 1, 0x100);
    } else if (irq && takes(irqToEl2, DAIF_I)) {
      faults.interrupt(irqToEl2 ? 2 : 1, 0x80);
    } else if (vfiq && el < 2 && !tge && (hcr & SystemUnit.HCR_FMO) != 0 && (daif & DAIF_F) == 0) {
      faults.interrupt(1, 0x100);
    } else if (virq && el < 2 && !tge && (hcr & SystemUnit.HCR_IMO) != 0 && (daif & DAIF_I) == 0) {
      faults.interrupt(1, 0x80);
    } else if (vserror
        && el < 2
        && !tge
        && (hcr & SystemUnit.HCR_AMO) != 0
        && (daif & DAIF_A) == 0) {
      system().takeVirtualSerror();
    }
  }

  private boolean takes(boolean toEl2, int mask) {
    if (toEl2) {
      return el < 2 || (daif & mask) == 0;
    }
    return el < 2 && (daif & mask) == 0;
  }

  /** The decoded page that {@code target} is in. */
  private long[] fetch(long target) {
    int entry = (int) (target >>> 12) & TLB_MASK;
    if (fetchTag[entry] == ((target & PAGE) | context) && (target & 3) == 0) {
      return fetchCode[entry];
    }
    return slowFetch(target);
  }

  private long[] slowFetch(long target) {
    if ((target & 3) != 0) {
      throw fault.of(Exceptions.PC_ALIGNMENT, 0).at(target);
    }
    mmu.translate(target, Mmu.FETCH, el == 0, 4); // notes the page
    return fetchCode[(int) (target >>> 12) & TLB_MASK];
  }

  /**
   * Decodes the instruction at {@code at}, which is in the page that is executed.
   *
   * @return whether {@code code} still is that page; tables may have changed without a word
   */
  @SuppressWarnings("ReferenceEquality") // the array stands for its page
  private boolean decode(long at, long[] code) {
    int index = (int) (at >>> 2) & 1023;
    int word = instruction(at);
    long physical = mmu.latestOutput();
    if (memory.code(physical) != code) {
      flow = true;
      return false;
    }
    code[index] = Lowering.lower(word, index);
    memory.decoded(physical);
    return true;
  }

  // MicroOp's fields are taken apart in place: the compiler of HotSpot sees one method.
  @SuppressWarnings("UnnecessaryLongToIntConversion") // the sign is extended
  private void loop() {
    final long[] x = this.x;
    long page;
    long[] code;
    int i;
    try {
      flow = false;
      jumped = false;
      code = fetch(pc);
      page = pc & PAGE;
      i = (int) (pc >>> 2) & 1023;
    } catch (GuestFault e) {
      remaining--;
      faults.take(e, pc);
      return;
    }
    try {
      while (remaining > 0) {
        remaining--;
        long op = code[i++];
        long target;
        switch ((int) (op >>> 54)) {
          case MicroOp.DECODE -> {
            target = page + ((long) (i - 1) << 2);
            boolean decoded = decode(target, code);
            remaining++;
            if (decoded) {
              i--;
              continue;
            }
          }
          case MicroOp.PAGE_END -> {
            target = page + PhysicalMemory.PAGE_SIZE;
            code = fetch(target); // a fault takes its time, as where a run begins
            remaining++;
          }
          case MicroOp.NOP -> {
            continue;
          }
          case MicroOp.MOV_SIGNED -> {
            x[(int) (op >>> 48) & 63] = (int) op;
            continue;
          }
          case MicroOp.MOV_UNSIGNED -> {
            x[(int) (op >>> 48) & 63] = op & LOW;
            continue;
          }
          case MicroOp.MOV_SHIFTED -> {
            x[(int) (op >>> 48) & 63] = (op & 0xffff) << (16 * ((int) (op >>> 32) & 3));
            continue;
          }
          case MicroOp.MOV_INVERTED -> {
            x[(int) (op >>> 48) & 63] = ~((op & 0xffff) << (16 * ((int) (op >>> 32) & 3)));
            continue;
          }
          case MicroOp.MOVK -> {
            int d = (int) (op >>> 48) & 63;
            int shift = 16 * ((int) (op >>> 32) & 3);
            long value = (x[d] & ~(0xffffL << shift)) | (op & 0xffff) << shift;
            x[d] = ((int) (op >>> 42) & 63) == 0 ? value : value & LOW;
            continue;
          }
          case MicroOp.ADR -> {
            x[(int) (op >>> 48) & 63] = page + ((long) (i - 1) << 2) + (int) op;
            continue;
          }
          case MicroOp.ADRP -> {
            x[(int) (op >>> 48) & 63] = page + ((long) (int) op << 12);
            continue;
          }
          case MicroOp.ADD64_IMM -> {
            int d = (int) (op >>> 48) & 63;
            x[d] = x[(int) (op >>> 42) & 63] + (int) op;
            if (d == MicroOp.SP && (x[d] & 15) != 0) {
              mmu.checkSp();
              target = page + ((long) i << 2);
              break;
            }
            continue;
          }
          case MicroOp.ADD32_IMM -> {
            int d = (int) (op >>> 48) & 63;
            x[d] = x[(int) (op >>> 42) & 63] + (int) op & LOW;
            if (d == MicroOp.SP) {
              mmu.checkSp();
              target = page + ((long) i << 2);
              break;
            }
            continue;
          }
          case MicroOp.ADDS64_IMM -> {
            x[(int) (op >>> 48) & 63] = adds64(x[(int) (op >>> 42) & 63], (int) op);
            continue;
          }
          case MicroOp.ADDS32_IMM -> {
            x[(int) (op >>> 48) & 63] = adds32((int) x[(int) (op >>> 42) & 63], (int) op);
            continue;
          }
          case MicroOp.SUBS64_IMM -> {
            x[(int) (op >>> 48) & 63] = subs64(x[(int) (op >>> 42) & 63], (int) op);
            continue;
          }
          case MicroOp.SUBS32_IMM -> {
            x[(int) (op >>> 48) & 63] = subs32((int) x[(int) (op >>> 42) & 63], (int) op);
            continue;
          }
          case MicroOp.AND_IMM -> {
            int d = (int) (op >>> 48) & 63;
            x[d] = x[(int) (op >>> 42) & 63] & Lowering.BITMASKS[(int) op];
            if (d == MicroOp.SP) {
              mmu.checkSp();
              target = page + ((long) i << 2);
              break;
            }
            continue;
          }
          case MicroOp.ORR64_IMM -> {
            int d = (int) (op >>> 48) & 63;
            x[d] = x[(int) (op >>> 42) & 63] | Lowering.BITMASKS[(int) op];
            if (d == MicroOp.SP) {
              mmu.checkSp();
              target = page + ((long) i << 2);
              break;
            }
            continue;
          }
          case MicroOp.ORR32_IMM -> {
            int d = (int) (op >>> 48) & 63;
            x[d] = (x[(int) (op >>> 42) & 63] | Lowering.BITMASKS[(int) op]) & LOW;
            if (d == MicroOp.SP) {
              mmu.checkSp();
              target = page + ((long) i << 2);
              break;
            }
            continue;
          }
          case MicroOp.EOR64_IMM -> {
            int d = (int) (op >>> 48) & 63;
            x[d] = x[(int) (op >>> 42) & 63] ^ Lowering.BITMASKS[(int) op];
            if (d == MicroOp.SP) {
              mmu.checkSp();
              target = page + ((long) i << 2);
              break;
            }
            continue;
          }
          case MicroOp.EOR32_IMM -> {
            int d = (int) (op >>> 48) & 63;
            x[d] = (x[(int) (op >>> 42) & 63] ^ Lowering.BITMASKS[(int) op]) & LOW;
            if (d == MicroOp.SP) {
              mmu.checkSp();
              target = page + ((long) i << 2);
              break;
            }
            continue;
          }
          case MicroOp.ANDS64_IMM -> {
            long result = x[(int) (op >>> 42) & 63] & Lowering.BITMASKS[(int) op];
            logicFlags(result);
            x[(int) (op >>> 48) & 63] = result;
            continue;
          }
          case MicroOp.ANDS32_IMM -> {
            long result = x[(int) (op >>> 42) & 63] & Lowering.BITMASKS[(int) op];
            logicFlags((int) result);
            x[(int) (op >>> 48) & 63] = result;
            continue;
          }
          case MicroOp.ADD64 -> {
            x[(int) (op >>> 48) & 63] =
                x[(int) (op >>> 42) & 63] + (x[(int) (op >>> 36) & 63] << (int) op);
            continue;
          }
          case MicroOp.ADD32 -> {
            x[(int) (op >>> 48) & 63] =
                x[(int) (op >>> 42) & 63] + (x[(int) (op >>> 36) & 63] << (int) op) & LOW;
            continue;
          }
          case MicroOp.SUB64 -> {
            x[(int) (op >>> 48) & 63] =
                x[(int) (op >>> 42) & 63] - (x[(int) (op >>> 36) & 63] << (int) op);
            continue;
          }
          case MicroOp.SUB32 -> {
            x[(int) (op >>> 48) & 63] =
                x[(int) (op >>> 42) & 63] - (x[(int) (op >>> 36) & 63] << (int) op) & LOW;
            continue;
          }
          case MicroOp.ADDS64 -> {
            x[(int) (op >>> 48) & 63] =
                adds64(x[(int) (op >>> 42) & 63], x[(int) (op >>> 36) & 63] << (int) op);
            continue;
          }
          case MicroOp.ADDS32 -> {
            x[(int) (op >>> 48) & 63] =
                adds32(
                    (int) x[(int) (op >>> 42) & 63], (int) x[(int) (op >>> 36) & 63] << (int) op);
            continue;
          }
          case MicroOp.SUBS64 -> {
            x[(int) (op >>> 48) & 63] =
                subs64(x[(int) (op >>> 42) & 63], x[(int) (op >>> 36) & 63] << (int) op);
            continue;
          }
          case MicroOp.SUBS32 -> {
            x[(int) (op >>> 48) & 63] =
                subs32(
                    (int) x[(int) (op >>> 42) & 63], (int) x[(int) (op >>> 36) & 63] << (int) op);
            continue;
          }
          case MicroOp.AND64 -> {
            x[(int) (op >>> 48) & 63] =
                x[(int) (op >>> 42) & 63] & x[(int) (op >>> 36) & 63] << (int) op;
            continue;
          }
          case MicroOp.AND32 -> {
            x[(int) (op >>> 48) & 63] =
                x[(int) (op >>> 42) & 63] & x[(int) (op >>> 36) & 63] << (int) op & LOW;
            continue;
          }
          case MicroOp.ORR64 -> {
            x[(int) (op >>> 48) & 63] =
                x[(int) (op >>> 42) & 63] | x[(int) (op >>> 36) & 63] << (int) op;
            continue;
          }
          case MicroOp.ORR32 -> {
            x[(int) (op >>> 48) & 63] =
                (x[(int) (op >>> 42) & 63] | x[(int) (op >>> 36) & 63] << (int) op) & LOW;
            continue;
          }
          case MicroOp.EOR64 -> {
            x[(int) (op >>> 48) & 63] =
                x[(int) (op >>> 42) & 63] ^ x[(int) (op >>> 36) & 63] << (int) op;
            continue;
          }
          case MicroOp.EOR32 -> {
            x[(int) (op >>> 48) & 63] =
                (x[(int) (op >>> 42) & 63] ^ x[(int) (op >>> 36) & 63] << (int) op) & LOW;
            continue;
          }
          case MicroOp.BIC64 -> {
            x[(int) (op >>> 48) & 63] =
                x[(int) (op >>> 42) & 63] & ~(x[(int) (op >>> 36) & 63] << (int) op);
            continue;
          }
          case MicroOp.BIC32 -> {
            x[(int) (op >>> 48) & 63] =
                x[(int) (op >>> 42) & 63] & ~(x[(int) (op >>> 36) & 63] << (int) op) & LOW;
            continue;
          }
          case MicroOp.ANDS64 -> {
            long result = x[(int) (op >>> 42) & 63] & x[(int) (op >>> 36) & 63] << (int) op;
            logicFlags(result);
            x[(int) (op >>> 48) & 63] = result;
            continue;
          }
          case MicroOp.ANDS32 -> {
            int result =
                (int) x[(int) (op >>> 42) & 63] & (int) x[(int) (op >>> 36) & 63] << (int) op;
            logicFlags(result);
            x[(int) (op >>> 48) & 63] = result & LOW;
            continue;
          }
          case MicroOp.MOV64 -> {
            x[(int) (op >>> 48) & 63] = x[(int) (op >>> 42) & 63];
            continue;
          }
          case MicroOp.MOV32 -> {
            x[(int) (op >>> 48) & 63] = x[(int) (op >>> 42) & 63] & LOW;
            continue;
          }
          case MicroOp.UBFX -> {
            x[(int) (op >>> 48) & 63] =
                x[(int) (op >>> 42) & 63] >>> (int) op & -1L >>> -((int) op >>> 8);
            continue;
          }
          case MicroOp.UBFIZ -> {
            x[(int) (op >>> 48) & 63] =
                (x[(int) (op >>> 42) & 63] & -1L >>> -((int) op >>> 8)) << (int) op;
            continue;
          }
          case MicroOp.SBFM64 -> {
            x[(int) (op >>> 48) & 63] = x[(int) (op >>> 42) & 63] << ((int) op >>> 8) >> (int) op;
            continue;
          }
          case MicroOp.SBFM32 -> {
            x[(int) (op >>> 48) & 63] =
                x[(int) (op >>> 42) & 63] << ((int) op >>> 8) >> (int) op & LOW;
            continue;
          }
          case MicroOp.CSEL64 -> {
            x[(int) (op >>> 48) & 63] =
                holds((int) (op >>> 32) & 15)
                    ? x[(int) (op >>> 42) & 63]
                    : x[(int) (op >>> 36) & 63];
            continue;
          }
          case MicroOp.CSEL32 -> {
            x[(int) (op >>> 48) & 63] =
                (holds((int) (op >>> 32) & 15)
                        ? x[(int) (op >>> 42) & 63]
                        : x[(int) (op >>> 36) & 63])
                    & LOW;
            continue;
          }
          case MicroOp.CSINC64 -> {
            x[(int) (op >>> 48) & 63] =
                holds((int) (op >>> 32) & 15)
                    ? x[(int) (op >>> 42) & 63]
                    : x[(int) (op >>> 36) & 63] + 1;
            continue;
          }
          case MicroOp.CSINC32 -> {
            x[(int) (op >>> 48) & 63] =
                (holds((int) (op >>> 32) & 15)
                        ? x[(int) (op >>> 42) & 63]
                        : x[(int) (op >>> 36) & 63] + 1)
                    & LOW;
            continue;
          }
          case MicroOp.CSINV64, MicroOp.CSINV32, MicroOp.CSNEG64, MicroOp.CSNEG32 -> {
            selectInverted(op);
            continue;
          }
          case MicroOp.MADD64 -> {
            x[(int) (op >>> 48) & 63] =
                x[(int) op & 63] + x[(int) (op >>> 42) & 63] * x[(int) (op >>> 36) & 63];
            continue;
          }
          case MicroOp.B -> {
            i = (int) op;
            continue;
          }
          case MicroOp.B_FAR -> target = page + ((long) (i - 1) << 2) + (int) op;
          case MicroOp.BL -> {
            x[30] = page + ((long) i << 2);
            i = (int) op;
            continue;
          }
          case MicroOp.BL_FAR -> {
            x[30] = page + ((long) i << 2);
            target = page + ((long) (i - 1) << 2) + (int) op;
          }
          case MicroOp.BR -> target = x[(int) (op >>> 42) & 63];
          case MicroOp.BLR -> {
            target = x[(int) (op >>> 42) & 63];
            x[30] = page + ((long) i << 2);
          }
          case MicroOp.CBZ64 -> {
            if (x[(int) (op >>> 42) & 63] == 0) {
              i = (int) op;
            }
            continue;
          }
          case MicroOp.CBZ32 -> {
            if ((int) x[(int) (op >>> 42) & 63] == 0) {
              i = (int) op;
            }
            continue;
          }
          case MicroOp.CBNZ64 -> {
            if (x[(int) (op >>> 42) & 63] != 0) {
              i = (int) op;
            }
            continue;
          }
          case MicroOp.CBNZ32 -> {
            if ((int) x[(int) (op >>> 42) & 63] != 0) {
              i = (int) op;
            }
            continue;
          }
          case MicroOp.TBZ -> {
            if ((x[(int) (op >>> 42) & 63] >>> (op >>> 36) & 1) == 0) {
              i = (int) op;
            }
            continue;
          }
          case MicroOp.TBNZ -> {
            if ((x[(int) (op >>> 42) & 63] >>> (op >>> 36) & 1) != 0) {
              i = (int) op;
            }
            continue;
          }
          case MicroOp.B_EQ -> {
            if (flagZ == 0) {
              i = (int) op;
            }
            continue;
          }
          case MicroOp.B_EQ + 1 -> {
            if (flagZ != 0) {
              i = (int) op;
            }
            continue;
          }
          case MicroOp.B_EQ + 2 -> {
            if (flagC < 0) {
              i = (int) op;
            }
            continue;
          }
          case MicroOp.B_EQ + 3 -> {
            if (flagC >= 0) {
              i = (int) op;
            }
            continue;
          }
          case MicroOp.B_EQ + 4 -> {
            if (flagN < 0) {
              i = (int) op;
            }
            continue;
          }
          case MicroOp.B_EQ + 5 -> {
            if (flagN >= 0) {
              i = (int) op;
            }
            continue;
          }
          case MicroOp.B_EQ + 6, MicroOp.B_EQ + 7 -> {
            if (holds((int) (op >>> 54) - MicroOp.B_EQ)) {
              i = (int) op;
            }
            continue;
          }
          case MicroOp.B_EQ + 8 -> {
            if (flagC < 0 && flagZ != 0) {
              i = (int) op;
            }
            continue;
          }
          case MicroOp.B_EQ + 9 -> {
            if (flagC >= 0 || flagZ == 0) {
              i = (int) op;
            }
            continue;
          }
          case MicroOp.B_EQ + 10 -> {
            if ((flagN ^ flagV) >= 0) {
              i = (int) op;
            }
            continue;
          }
          case MicroOp.B_EQ + 11 -> {
            if ((flagN ^ flagV) < 0) {
              i = (int) op;
            }
            continue;
          }
          case MicroOp.B_EQ + 12 -> {
            if (flagZ != 0 && (flagN ^ flagV) >= 0) {
              i = (int) op;
            }
            continue;
          }
          case MicroOp.B_EQ + 13 -> {
            if (flagZ == 0 || (flagN ^ flagV) < 0) {
              i = (int) op;
            }
            continue;
          }
          case MicroOp.B_COND_FAR -> {
            if (!holds((int) (op >>> 32) & 15)) {
              continue;
            }
            target = page + ((long) (i - 1) << 2) + (int) op;
          }
          case MicroOp.CB_FAR -> {
            int kind = (int) (op >>> 36) & 63;
            long value = x[(int) (op >>> 42) & 63];
            boolean zero = (kind & 1) == 0 ? value == 0 : (int) value == 0;
            if (zero != (kind < 2)) {
              continue;
            }
            target = page + ((long) (i - 1) << 2) + (int) op;
          }
          case MicroOp.TB_FAR -> {
            if ((x[(int) (op >>> 42) & 63] >>> (op >>> 36) & 1) != (op >>> 32 & 1)) {
              continue;
            }
            target = page + ((long) (i - 1) << 2) + (int) op;
          }
          case MicroOp.LDR64 -> {
            x[(int) (op >>> 48) & 63] = load64(x[(int) (op >>> 42) & 63] + (int) op);
            continue;
          }
          case MicroOp.LDR32 -> {
            x[(int) (op >>> 48) & 63] = load32(x[(int) (op >>> 42) & 63] + (int) op) & LOW;
            continue;
          }
          case MicroOp.LDR16 -> {
            x[(int) (op >>> 48) & 63] = load16(x[(int) (op >>> 42) & 63] + (int) op) & 0xffff;
            continue;
          }
          case MicroOp.LDR8 -> {
            x[(int) (op >>> 48) & 63] = load8(x[(int) (op >>> 42) & 63] + (int) op) & 0xff;
            continue;
          }
          case MicroOp.LDRSW -> {
            x[(int) (op >>> 48) & 63] = load32(x[(int) (op >>> 42) & 63] + (int) op);
            continue;
          }
          case MicroOp.STR64 -> {
            store64(x[(int) (op >>> 42) & 63] + (int) op, x[(int) (op >>> 48) & 63]);
            continue;
          }
          case MicroOp.STR32 -> {
            store32(x[(int) (op >>> 42) & 63] + (int) op, (int) x[(int) (op >>> 48) & 63]);
            continue;
          }
          case MicroOp.STR16 -> {
            store16(x[(int) (op >>> 42) & 63] + (int) op, (short) x[(int) (op >>> 48) & 63]);
            continue;
          }
          case MicroOp.STR8 -> {
            store8(x[(int) (op >>> 42) & 63] + (int) op, (byte) x[(int) (op >>> 48) & 63]);
            continue;
          }
          case MicroOp.LDR64_REG -> {
            x[(int) (op >>> 48) & 63] = load64(x[(int) (op >>> 42) & 63] + index(op));
            continue;
          }
          case MicroOp.LDR32_REG -> {
            x[(int) (op >>> 48) & 63] = load32(x[(int) (op >>> 42) & 63] + index(op)) & LOW;
            continue;
          }
          case MicroOp.LDR8_REG -> {
            x[(int) (op >>> 48) & 63] = load8(x[(int) (op >>> 42) & 63] + index(op)) & 0xff;
            continue;
          }
          case MicroOp.STR64_REG -> {
            store64(x[(int) (op >>> 42) & 63] + index(op), x[(int) (op >>> 48) & 63]);
            continue;
          }
          case MicroOp.STR32_REG -> {
            store32(x[(int) (op >>> 42) & 63] + index(op), (int) x[(int) (op >>> 48) & 63]);
            continue;
          }
          case MicroOp.STR8_REG -> {
            store8(x[(int) (op >>> 42) & 63] + index(op), (byte) x[(int) (op >>> 48) & 63]);
            continue;
          }
          case MicroOp.LDP64 -> {
            loadPair(op, x[(int) (op >>> 42) & 63] + (int) op);
            continue;
          }
          case MicroOp.STP64 -> {
            storePair(op, x[(int) (op >>> 42) & 63] + (int) op);
            continue;
          }
          case MicroOp.LDP64_POST -> {
            int n = (int) (op >>> 42) & 63;
            long base = x[n];
            loadPair(op, base);
            x[n] = base + (int) op;
            continue;
          }
          case MicroOp.STP64_PRE -> {
            int n = (int) (op >>> 42) & 63;
            long base = x[n] + (int) op;
            storePair(op, base);
            x[n] = base;
            continue;
          }
          case MicroOp.MRS_PLAIN -> {
            if (plainLevel >= ((int) (op >>> 32) & 15)) {
              x[(int) (op >>> 48) & 63] = sys[(int) op];
              continue;
            }
            pc = page + ((long) (i - 1) << 2);
            system().readPlain(op);
            continue;
          }
          default -> {
            pc = page + ((long) (i - 1) << 2);
            slow(op);
            if (!flow) {
              continue;
            }
            target = pc;
          }
        }
        // A jump: within this page it needs no look at the tables.
        if ((target & PAGE) == page && (target & 3) == 0 && !flow) {
          i = (int) (target >>> 2) & 1023;
          continue;
        }
        if (target >> 55 != target >> 63) {
          target = mmu.branchAddress(target);
        }
        pc = target;
        flow = false;
        page = target & PAGE;
        i = ((int) (target >>> 2) & 1023) + 1; // where the handler below looks for a fault
        code = fetch(target);
        i--;
      }
      pc = page + ((long) i << 2);
    } catch (GuestFault e) {
      long at = page + ((long) (i - 1) << 2) | (pcFault(e) ? e.address & 3 : 0);
      DataAbort.describe(e, this, at);
      faults.take(e, at);
    }
  }

  private static boolean pcFault(GuestFault e) {
    return e.exceptionClass == Exceptions.PC_ALIGNMENT;
  }

  /**
   * Everything that is not in the loop's switch. Leaves {@link #flow} set, and in {@link #pc} where
   * to go on, if that is not the next instruction or if translations may have changed.
   */
  private void slow(long op) {
    long at = pc;
    int operation = (int) (op >>> 54);
    if (operation >= MicroOp.MEMORY) {
      loadStore.execute(op);
    } else if (operation >= MicroOp.INTEGER) {
      IntegerUnit.execute(this, op);
      if (((int) (op >>> 48) & 63) == MicroOp.SP) {
        mmu.checkSp();
      }
    } else {
      system().execute(op);
    }
    if (!jumped) {
      pc = at + 4;
    }
    jumped = false;
  }

  private void selectInverted(long op) {
    long m = x[MicroOp.rm(op)];
    boolean holds = holds(MicroOp.extra(op));
    long n = x[MicroOp.rn(op)];
    x[MicroOp.rd(op)] =
        switch (MicroOp.operation(op)) {
          case MicroOp.CSINV64 -> holds ? n : ~m;
          case MicroOp.CSINV32 -> (holds ? n : ~m) & LOW;
          case MicroOp.CSNEG64 -> holds ? n : -m;
          default -> (holds ? n : -m) & LOW;
        };
  }

  private long index(long op) {
    long value = x[(int) (op >>> 36) & 63];
    return switch ((int) (op >>> 32) & 15) {
      case 0 -> value << (int) op;
      case 1 -> (value & LOW) << (int) op;
      default -> (long) (int) value << (int) op;
    };
  }

  private long adds64(long a, long b) {
    long sum = a + b;
    flagN = sum;
    flagZ = sum;
    flagC = (a & b) | ((a | b) & ~sum);
    flagV = (a ^ sum) & (b ^ sum);
    return sum;
  }

  private long subs64(long a, long b) {
    long difference = a - b;
    flagN = difference;
    flagZ = difference;
    flagC = (a & ~b) | ((a | ~b) & ~difference);
    flagV = (a ^ b) & (a ^ difference);
    return difference;
  }

  private long adds32(int a, int b) {
    int sum = a + b;
    flagN = sum;
    flagZ = sum;
    flagC = (a & b) | ((a | b) & ~sum);
    flagV = (a ^ sum) & (b ^ sum);
    return sum & LOW;
  }

  private long subs32(int a, int b) {
    int difference = a - b;
    flagN = difference;
    flagZ = difference;
    flagC = (a & ~b) | ((a | ~b) & ~difference);
    flagV = (a ^ b) & (a ^ difference);
    return difference & LOW;
  }

  // Memory. One comparison of a tag tells that the page is known, the access is allowed and does
  // not cross into the next page.

  long load64(long va) {
    int entry = (int) (va >>> 12) & TLB_MASK;
    return readTag[entry] == ((va + 7 & PAGE) | context)
        ? HostMemory.getLong(va + delta[entry])
        : slowLoad(va, 8, el == 0);
  }

  int load32(long va) {
    int entry = (int) (va >>> 12) & TLB_MASK;
    return readTag[entry] == ((va + 3 & PAGE) | context)
        ? HostMemory.getInt(va + delta[entry])
        : (int) slowLoad(va, 4, el == 0);
  }

  int load16(long va) {
    int entry = (int) (va >>> 12) & TLB_MASK;
    return readTag[entry] == ((va + 1 & PAGE) | context)
        ? HostMemory.getShort(va + delta[entry])
        : (short) slowLoad(va, 2, el == 0);
  }

  int load8(long va) {
    int entry = (int) (va >>> 12) & TLB_MASK;
    return readTag[entry] == ((va & PAGE) | context)
        ? HostMemory.getByte(va + delta[entry])
        : (byte) slowLoad(va, 1, el == 0);
  }

  void store64(long va, long value) {
    int entry = (int) (va >>> 12) & TLB_MASK;
    if (writeTag[entry] == ((va + 7 & PAGE) | context)) {
      HostMemory.putLong(va + delta[entry], value);
    } else {
      slowStore(va, 8, value, el == 0);
    }
  }

  void store32(long va, int value) {
    int entry = (int) (va >>> 12) & TLB_MASK;
    if (writeTag[entry] == ((va + 3 & PAGE) | context)) {
      HostMemory.putInt(va + delta[entry], value);
    } else {
      slowStore(va, 4, value, el == 0);
    }
  }

  void store16(long va, short value) {
    int entry = (int) (va >>> 12) & TLB_MASK;
    if (writeTag[entry] == ((va + 1 & PAGE) | context)) {
      HostMemory.putShort(va + delta[entry], value);
    } else {
      slowStore(va, 2, value, el == 0);
    }
  }

  void store8(long va, byte value) {
    int entry = (int) (va >>> 12) & TLB_MASK;
    if (writeTag[entry] == ((va & PAGE) | context)) {
      HostMemory.putByte(va + delta[entry], value);
    } else {
      slowStore(va, 1, value, el == 0);
    }
  }

  private void loadPair(long op, long va) {
    int entry = (int) (va >>> 12) & TLB_MASK;
    long first;
    long second;
    if (readTag[entry] == ((va + 15 & PAGE) | context)) {
      long host = va + delta[entry];
      first = HostMemory.getLong(host);
      second = HostMemory.getLong(host + 8);
    } else {
      first = slowLoad(va, 8, el == 0);
      second = slowLoad(va + 8, 8, el == 0);
    }
    x[(int) (op >>> 48) & 63] = first;
    x[(int) (op >>> 36) & 63] = second;
  }

  private void storePair(long op, long va) {
    int entry = (int) (va >>> 12) & TLB_MASK;
    long first = x[(int) (op >>> 48) & 63];
    long second = x[(int) (op >>> 36) & 63];
    if (writeTag[entry] == ((va + 15 & PAGE) | context)) {
      long host = va + delta[entry];
      HostMemory.putLong(host, first);
      HostMemory.putLong(host + 8, second);
    } else {
      checkStore(va, 16);
      slowStore(va, 8, first, el == 0);
      slowStore(va + 8, 8, second, el == 0);
    }
  }

  /** A load that the TLB does not know; little-endian, zero-extended. */
  long slowLoad(long va, int size, boolean user) {
    if ((va & PhysicalMemory.PAGE_MASK) + size > PhysicalMemory.PAGE_SIZE) {
      return crossingLoad(va, size, user);
    }
    long physical = mmu.translate(va, Mmu.READ, user, size);
    try {
      return memory.load(physical, size);
    } catch (BusError e) {
      throw mmu.external(va, Mmu.READ);
    }
  }

  private long crossingLoad(long va, int size, boolean user) {
    requireUnaligned(va, false);
    long value = 0;
    for (int n = 0; n < size; n++) {
      value |= slowLoad(va + n, 1, user) << (8 * n);
    }
    return value;
  }

  private void requireUnaligned(long va, boolean write) {
    if ((sys(el == 2 ? SystemRegister.SCTLR_EL2 : SystemRegister.SCTLR_EL1) & 2) != 0) {
      throw mmu.alignmentFault(va, write);
    }
  }

  /** A store that the TLB does not know. */
  void slowStore(long va, int size, long value, boolean user) {
    if ((va & PhysicalMemory.PAGE_MASK) + size > PhysicalMemory.PAGE_SIZE) {
      requireUnaligned(va, true);
      mmu.translate(va, Mmu.WRITE, user, 1);
      mmu.translate(va + size - 1 & PAGE, Mmu.WRITE, user, 1);
      for (int n = 0; n < size; n++) {
        slowStore(va + n, 1, value >>> (8 * n), user);
      }
      return;
    }
    long physical = mmu.translate(va, Mmu.WRITE, user, size);
    try {
      memory.store(physical, size, value);
    } catch (BusError e) {
      throw mmu.external(va, Mmu.WRITE);
    }
  }

  // VectorMemory

  @Override
  public long load(long address, int size) {
    return switch (size) {
      case 1 -> load8(address) & 0xff;
      case 2 -> load16(address) & 0xffff;
      case 4 -> load32(address) & LOW;
      default -> load64(address);
    };
  }

  @Override
  public void store(long address, int size, long value) {
    switch (size) {
      case 1 -> store8(address, (byte) value);
      case 2 -> store16(address, (short) value);
      case 4 -> store32(address, (int) value);
      default -> store64(address, value);
    }
  }

  @Override
  public void checkStore(long address, int size) {
    mmu.translate(address, Mmu.WRITE, el == 0, 1);
    long last = address + size - 1;
    if ((last & PAGE) != (address & PAGE)) {
      mmu.translate(last & PAGE, Mmu.WRITE, el == 0, 1);
    }
  }
}
