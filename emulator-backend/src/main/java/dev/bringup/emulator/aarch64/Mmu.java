package dev.bringup.emulator.aarch64;

import dev.bringup.emulator.memory.BusError;
import dev.bringup.emulator.memory.PhysicalMemory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Translates virtual addresses (D5): stage 1 of EL2 and of EL1&amp;0, stage 2 of EL1&amp;0,
 * granules of 4 and 64 KiB. Fills the software TLB in {@link CpuState}.
 *
 * <p>The TLB holds pages of 4 KiB with both stages in one, for RAM that is Normal memory; all else
 * is translated anew each time. Its contexts stand for everything that translation depends on
 * beside the tables themselves, so that a switch of address space or level costs nothing. An
 * invalidation by address clears the one entry that can hold it, in all contexts; one by address
 * space or virtual machine retires contexts. Not modelled: TLB conflicts, the contiguous hint.
 */
final class Mmu {
  static final int READ = 0;
  static final int WRITE = 1;
  static final int FETCH = 2;

  // Fault status codes without the level (D13.2.37, DFSC)
  private static final int ADDRESS_SIZE = 0x00;
  private static final int TRANSLATION = 0x04;
  private static final int ACCESS_FLAG = 0x08;
  private static final int PERMISSION = 0x0c;
  private static final int EXTERNAL = 0x10;
  private static final int EXTERNAL_ON_WALK = 0x14;
  private static final int ALIGNMENT = 0x21;

  static final int S1PTW = 1 << 7;
  private static final int WNR = 1 << 6;

  private static final long SCTLR_M = 1;
  private static final long SCTLR_A = 1 << 1;
  private static final long SCTLR_WXN = 1 << 19;
  private static final long HCR_VM = 1;
  private static final long HCR_PTW = 1 << 2;

  /** Without stage 1, memory is Normal; stage 2 is then on, whatever VM says. */
  private static final long HCR_DC = 1 << 12;

  private static final long HCR_TGE = 1 << 27;

  /** Physical addresses have 44 bits, as ID_AA64MMFR0_EL1 says. */
  private static final int PHYSICAL_BITS = 44;

  /** Contexts have numbers below it. All bits set are none: that is the tag of an empty entry. */
  private static final int CONTEXTS = 4095;

  /** As MAIR has Normal memory that no cache holds; it counts as outer shareable. */
  private static final int NON_CACHEABLE = 0x44;

  private static final long PAGE_END = MicroOp.pack(MicroOp.PAGE_END, 0, 0, 0, 0, 0);

  /** What contexts differ in: everything that a translation depends on beside tables. */
  private record Context(
      int level, int asid, int vmid, long control, long tcr, long mair, long hcr, long vtcr) {}

  private final CpuState s;
  private final PhysicalMemory memory;
  private final Map<Context, Integer> contexts = new HashMap<>();
  private int latestContext;
  private long kernelContext;
  private long hypervisorContext;

  /** Regions of 2 MiB, hashed, in which a page of the TLB may be part of a larger block. */
  private final boolean[] blocks = new boolean[4096];

  // Of the latest translation
  private long output;
  private boolean readable;
  private boolean writable;
  private boolean executable;
  private boolean isDevice;
  private int attributes;
  private int shareability;
  private int leafLevel;

  /** Of stage 1: how much one invalidation by address reaches. */
  private int blockShift;

  Mmu(CpuState s) {
    this.s = s;
    this.memory = s.memory;
  }

  // Contexts

  /** A register that translation depends on was written. */
  void registersChanged() {
    kernelContext = context(1);
    s.userContext = context(0);
    hypervisorContext = s.hasEl2 ? context(2) : 0;
    levelChanged();
  }

  /** PSTATE.EL or SPSel was written. */
  void levelChanged() {
    s.context = s.el == 0 ? s.userContext : s.el == 1 ? kernelContext : hypervisorContext;
    s.plainLevel = s.el == 0 || s.spSel ? s.el : 0;
    s.updateVectorTrap();
    checkSp();
    s.flow = true;
  }

  /** Is a misaligned stack pointer a fault now? SCTLR: SA in bit 3, SA0 in bit 4. */
  void checkSp() {
    long sctlr = control(s.el);
    s.spMisaligned = (s.x[MicroOp.SP] & 15) != 0 && (sctlr >>> (s.el == 0 ? 4 : 3) & 1) == 1;
    if (s.spMisaligned) {
      s.flow = true;
      s.stopLoop();
    }
  }

  private long control(int level) {
    return s.sys(level == 2 ? SystemRegister.SCTLR_EL2 : SystemRegister.SCTLR_EL1);
  }

  private int asid() {
    long tcr = s.sys(SystemRegister.TCR_EL1);
    long ttbr = s.sys((tcr >>> 22 & 1) == 1 ? SystemRegister.TTBR1_EL1 : SystemRegister.TTBR0_EL1);
    return (int) (ttbr >>> 48) & ((tcr >>> 36 & 1) == 1 ? 0xffff : 0xff);
  }

  /** The virtual machine that EL1 and EL0 belong to. */
  int vmid() {
    return !s.hasEl2 ? 0 : (int) (s.sys(SystemRegister.VTTBR_EL2) >>> 48) & 0xff;
  }

  private long context(int level) {
    Context key;
    long control = control(level) & (SCTLR_M | SCTLR_A | SCTLR_WXN);
    if (level == 2) {
      key =
          new Context(
              2,
              0,
              0,
              control,
              s.sys(SystemRegister.TCR_EL2),
              s.sys(SystemRegister.MAIR_EL2),
              0,
              0);
    } else {
      long hcr = s.hasEl2 ? s.sys(SystemRegister.HCR_EL2) & (HCR_VM | HCR_DC | HCR_TGE) : 0;
      key =
          new Context(
              level,
              asid(),
              vmid(),
              control,
              s.sys(SystemRegister.TCR_EL1),
              s.sys(SystemRegister.MAIR_EL1),
              hcr,
              (hcr & (HCR_VM | HCR_DC)) == 0 ? 0 : s.sys(SystemRegister.VTCR_EL2));
    }
    Integer known = contexts.get(key);
    if (known != null) {
      return known;
    }
    if (latestContext == CONTEXTS - 1) {
      latestContext = 0;
      contexts.clear();
      s.flushTlb();
      clearBlocks();
      contexts.put(key, ++latestContext);
      registersChanged(); // the others are gone too
      return contexts.get(key);
    }
    contexts.put(key, ++latestContext);
    return latestContext;
  }

  private void clearBlocks() {
    Arrays.fill(blocks, false);
  }

  // Invalidation

  void invalidateAll() {
    contexts.clear();
    clearBlocks();
    registersChanged();
  }

  /** As after power-on: what is translated from now on is no function of what was before. */
  void reset() {
    latestContext = 0;
    s.flushTlb();
    invalidateAll();
  }

  /** All of EL1&amp;0 of one virtual machine. */
  void invalidateVirtualMachine(int vmid) {
    contexts.keySet().removeIf(context -> context.level != 2 && context.vmid == vmid);
    registersChanged();
  }

  /** All of EL1&amp;0 of all virtual machines. */
  void invalidateEl1() {
    contexts.keySet().removeIf(context -> context.level != 2);
    registersChanged();
  }

  void invalidateEl2() {
    contexts.keySet().removeIf(context -> context.level == 2);
    registersChanged();
  }

  void invalidateAsid(int asid) {
    contexts.keySet().removeIf(context -> context.level != 2 && context.asid == asid);
    registersChanged();
  }

  /** One page, in all contexts, which is more than asked for and costs the same. */
  void invalidatePage(long va) {
    if (blocks[blockIndex(va)]) {
      invalidateAll();
      return;
    }
    int entry = (int) (va >>> 12) & CpuState.TLB_MASK;
    s.readTag[entry] = -1;
    s.writeTag[entry] = -1;
    s.fetchTag[entry] = -1;
    s.flow = true;
  }

  private static int blockIndex(long va) {
    return (int) (va >>> 21) & 4095;
  }

  // Translation

  /**
   * Translates for an access of {@code size} bytes that does not cross a page.
   *
   * @param user with the rights of EL0
   * @return the physical address
   * @throws GuestFault as the architecture says
   */
  long translate(long va, int access, boolean user, int size) {
    s.tlbMisses++;
    boolean unaligned = (va & (size - 1)) != 0;
    boolean checks = (control(s.el) & SCTLR_A) != 0;
    if (unaligned && checks) {
      throw alignment(va, access);
    }
    resolve(va, access, s.el == 2 ? 2 : user ? 0 : 1);
    if (isDevice && unaligned) {
      throw alignment(va, access);
    }
    boolean fast = !isDevice && !checks && memory.host(output) != 0;
    if (access == FETCH) {
      fillFetch(va);
    } else if (fast) {
      fill(va, user && s.el != 2 ? s.userContext : s.context);
    }
    return output;
  }

  private void fill(long va, long context) {
    long page = va & ~PhysicalMemory.PAGE_MASK;
    long physical = output & ~PhysicalMemory.PAGE_MASK;
    int entry = (int) (va >>> 12) & CpuState.TLB_MASK;
    long tag = page | context;
    boolean mayWrite = writable && !memory.isCode(physical);
    s.readTag[entry] = readable ? tag : -1;
    s.writeTag[entry] = mayWrite ? tag : -1;
    s.delta[entry] = memory.host(physical) - page;
    if (mayWrite) {
      memory.touch(physical);
    }
    noteBlock(va);
  }

  private void fillFetch(long va) {
    long[] code = memory.code(output);
    if (code == null) {
      throw external(va, FETCH);
    }
    code[PhysicalMemory.CODE_ENTRIES - 1] = PAGE_END;
    int entry = (int) (va >>> 12) & CpuState.TLB_MASK;
    s.fetchTag[entry] = (va & ~PhysicalMemory.PAGE_MASK) | s.context;
    s.fetchCode[entry] = code;
    noteBlock(va);
  }

  private void noteBlock(long va) {
    if (blockShift > PhysicalMemory.PAGE_SHIFT) {
      if (blockShift > 21) {
        Arrays.fill(blocks, true); // gigabytes: any invalidation may mean it
      } else {
        blocks[blockIndex(va)] = true;
      }
    }
  }

  /** The permissions and the place of {@code va} for a level, by walking. */
  private void resolve(long va, int access, int level) {
    long hcr = s.hasEl2 ? s.sys(SystemRegister.HCR_EL2) : 0;
    boolean hasStage2 = level != 2 && (hcr & (HCR_VM | HCR_DC)) != 0;
    stage1(va, access, level, hcr, hasStage2);
    boolean permitted =
        switch (access) {
          case READ -> readable;
          case WRITE -> writable;
          default -> executable;
        };
    if (!permitted) {
      throw fault(va, access, PERMISSION + leafLevel, level, false, 0);
    }
    if (hasStage2) {
      boolean r = readable;
      boolean w = writable;
      boolean x = executable;
      boolean device = isDevice;
      long ipa = output;
      stage2(va, ipa, access, false);
      readable &= r;
      writable &= w;
      executable &= x;
      isDevice |= device;
    }
  }

  /** TCR.TBI, TBI0 or TBI1. */
  private boolean ignoresTop(int level, boolean upper) {
    return level == 2
        ? (s.sys(SystemRegister.TCR_EL2) >>> 20 & 1) == 1
        : (s.sys(SystemRegister.TCR_EL1) >>> (upper ? 38 : 37) & 1) == 1;
  }

  /** What PC gets of a target: where the top byte of addresses is ignored, none (D5.1.4). */
  long branchAddress(long target) {
    boolean upper = s.el != 2 && (target >>> 55 & 1) == 1;
    if (!ignoresTop(s.el, upper)) {
      return target;
    }
    return s.el == 2 ? target << 8 >>> 8 : target << 8 >> 8;
  }

  private void stage1(long va, int access, int level, long hcr, boolean hasStage2) {
    long sctlr = control(level);
    boolean enabled = (sctlr & SCTLR_M) != 0;
    if (level != 2 && ((hcr & HCR_TGE) != 0 || (hcr & HCR_DC) != 0)) {
      enabled = false;
    }
    long tcr = s.sys(level == 2 ? SystemRegister.TCR_EL2 : SystemRegister.TCR_EL1);
    boolean upper = level != 2 && (va >>> 55 & 1) == 1;
    boolean ignoresTop = ignoresTop(level, upper);
    if (!enabled) {
      long address = ignoresTop ? va << 8 >>> 8 : va;
      if (address >>> PHYSICAL_BITS != 0) {
        throw fault(va, access, ADDRESS_SIZE, level, false, 0);
      }
      output = address;
      readable = true;
      writable = true;
      executable = true;
      isDevice = access != FETCH && (level == 2 || (hcr & HCR_DC) == 0);
      attributes = isDevice ? 0 : 0xff;
      blockShift = PhysicalMemory.PAGE_SHIFT; // invalidation does not concern it
      leafLevel = 0;
      return;
    }
    int tsz = (int) (tcr >>> (upper ? 16 : 0)) & 0x3f;
    boolean walks = level == 2 || (tcr >>> (upper ? 23 : 7) & 1) == 0;
    int inputSize = 64 - Math.clamp(tsz, 16, 39);
    long address = ignoresTop ? va << 8 >> 8 : va;
    long rest = address >> inputSize;
    if (!walks || rest != (upper ? -1 : 0) || tsz < 16 || tsz > 39) {
      throw fault(va, access, TRANSLATION, level, false, 0);
    }
    int granule = granule((int) (tcr >>> (upper ? 30 : 14)) & 3, upper);
    int ips = outputBits((int) (tcr >>> (level == 2 ? 16 : 32)) & 7);
    long ttbr =
        s.sys(
            level == 2
                ? SystemRegister.TTBR0_EL2
                : upper ? SystemRegister.TTBR1_EL1 : SystemRegister.TTBR0_EL1);
    long input = address & (1L << inputSize) - 1;
    int stride = granule - 3;
    int at = 4 - (inputSize - granule + stride - 1) / stride;
    int firstShift = granule + stride * (3 - at);
    long table = ttbr & 0xffff_ffff_fffeL & -1L << (inputSize - firstShift + 3);
    if (table >>> ips != 0) {
      throw fault(va, access, ADDRESS_SIZE, level, false, 0);
    }
    long tableBits = 0;
    while (true) {
      int shift = granule + stride * (3 - at);
      long index = (input >>> shift) & (1L << stride) - 1;
      long descriptor = descriptor(va, access, level, table | index << 3, at, hasStage2);
      boolean isTable = at < 3 && (descriptor & 3) == 3;
      if (!isTable && !isLeaf(descriptor, at, granule)) {
        throw fault(va, access, TRANSLATION + at, level, false, 0);
      }
      long next = descriptor & 0xffff_ffff_f000L & -1L << (isTable ? granule : shift);
      if (next >>> ips != 0) {
        throw fault(va, access, ADDRESS_SIZE + at, level, false, 0);
      }
      if (isTable) {
        tableBits |= descriptor;
        table = next;
        at++;
        continue;
      }
      if ((descriptor & 1 << 10) == 0) {
        throw fault(va, access, ACCESS_FLAG + at, level, false, 0);
      }
      output = next | (input & (1L << shift) - 1);
      blockShift = shift;
      leafLevel = at;
      permissions(descriptor, tableBits, level, (sctlr & SCTLR_WXN) != 0);
      long mair = s.sys(level == 2 ? SystemRegister.MAIR_EL2 : SystemRegister.MAIR_EL1);
      attributes = (int) (mair >>> ((descriptor >>> 2 & 7) * 8)) & 0xff;
      isDevice = (attributes & 0xf0) == 0;
      shareability = (int) (descriptor >>> 8) & 3;
      return;
    }
  }

  private static boolean isLeaf(long descriptor, int level, int granule) {
    if (level == 3) {
      return (descriptor & 3) == 3;
    }
    return (descriptor & 3) == 1 && level >= (granule == 12 ? 1 : 2);
  }

  /** TG0 and TG1 number the granules differently; 16 KiB, which is absent, counts as 4. */
  private static int granule(int tg, boolean upper) {
    return tg == (upper ? 3 : 1) ? 16 : 12;
  }

  private static int outputBits(int ps) {
    return switch (ps) {
      case 0 -> 32;
      case 1 -> 36;
      case 2 -> 40;
      case 3 -> 42;
      default -> PHYSICAL_BITS;
    };
  }

  /** D5.4: of stage 1. */
  private void permissions(long descriptor, long tableBits, int level, boolean writeNeverExecutes) {
    boolean readOnly = ((descriptor >>> 7 | tableBits >>> 62) & 1) == 1;
    if (level == 2) {
      readable = true;
      writable = !readOnly;
      executable = ((descriptor >>> 54 | tableBits >>> 60) & 1) == 0;
    } else {
      boolean el0 = (descriptor >>> 6 & 1) == 1 && (tableBits >>> 61 & 1) == 0;
      if (level == 0) {
        readable = el0;
        writable = el0 && !readOnly;
        executable = ((descriptor >>> 54 | tableBits >>> 60) & 1) == 0;
      } else {
        readable = true;
        writable = !readOnly;
        executable = ((descriptor >>> 53 | tableBits >>> 59) & 1) == 0 && !(el0 && !readOnly);
      }
    }
    if (writeNeverExecutes && writable) {
      executable = false;
    }
  }

  private long descriptor(long va, int access, int level, long address, int at, boolean hasStage2) {
    long physical = address;
    if (hasStage2) {
      stage2(va, address, access, true);
      physical = output;
    }
    try {
      return memory.load(physical, 8);
    } catch (BusError e) {
      throw fault(va, access, EXTERNAL_ON_WALK + at, level, false, 0);
    }
  }

  private void stage2(long va, long ipa, int access, boolean walk) {
    long hcr = s.sys(SystemRegister.HCR_EL2);
    long vtcr = s.sys(SystemRegister.VTCR_EL2);
    int granule = granule((int) (vtcr >>> 14) & 3, false);
    int stride = granule - 3;
    int inputSize = 64 - Math.clamp((int) vtcr & 0x3f, 16, 39);
    int ps = outputBits((int) (vtcr >>> 16) & 7);
    int sl0 = (int) (vtcr >>> 6) & 3;
    int at = (granule == 12 ? 2 : 3) - sl0;
    if (ipa >>> inputSize != 0 || at < 0) {
      throw fault(va, access, TRANSLATION, 2, true, walk ? ~ipa : ipa);
    }
    int firstShift = granule + stride * (3 - at);
    long table =
        s.sys(SystemRegister.VTTBR_EL2)
            & 0xffff_ffff_fffeL
            & -1L << Math.max(inputSize - firstShift + 3, 4);
    boolean first = true;
    while (true) {
      int shift = granule + stride * (3 - at);
      // The first table may be several side by side.
      long index = first ? ipa >>> shift : (ipa >>> shift) & (1L << stride) - 1;
      first = false;
      long descriptor;
      try {
        descriptor = memory.load(table | index << 3, 8);
      } catch (BusError e) {
        throw fault(va, access, EXTERNAL_ON_WALK + at, 2, true, walk ? ~ipa : ipa);
      }
      boolean isTable = at < 3 && (descriptor & 3) == 3;
      if (!isTable && !isLeaf(descriptor, at, granule)) {
        throw fault(va, access, TRANSLATION + at, 2, true, walk ? ~ipa : ipa);
      }
      long next = descriptor & 0xffff_ffff_f000L & -1L << (isTable ? granule : shift);
      if (next >>> ps != 0) {
        throw fault(va, access, ADDRESS_SIZE + at, 2, true, walk ? ~ipa : ipa);
      }
      if (isTable) {
        table = next;
        at++;
        continue;
      }
      if ((descriptor & 1 << 10) == 0) {
        throw fault(va, access, ACCESS_FLAG + at, 2, true, walk ? ~ipa : ipa);
      }
      output = next | (ipa & (1L << shift) - 1);
      readable = (descriptor >>> 6 & 1) == 1;
      writable = (descriptor >>> 7 & 1) == 1;
      executable = (descriptor >>> 54 & 1) == 0;
      isDevice = (descriptor >>> 4 & 3) == 0;
      boolean permitted =
          walk
              ? readable && !(isDevice && (hcr & HCR_PTW) != 0)
              : switch (access) {
                case READ -> readable;
                case WRITE -> writable;
                default -> executable;
              };
      if (!permitted) {
        throw fault(va, access, PERMISSION + at, 2, true, walk ? ~ipa : ipa);
      }
      return;
    }
  }

  /**
   * @param ipa of a stage 2 fault, inverted if a walk of stage 1 met it
   */
  private GuestFault fault(long va, int access, int status, int level, boolean stage2, long ipa) {
    boolean onWalk = stage2 && ipa < 0;
    int syndrome = status | (onWalk ? S1PTW : 0);
    GuestFault fault;
    if (access == FETCH) {
      fault = s.fault.of(Exceptions.INSTRUCTION_ABORT_LOWER, syndrome);
    } else {
      fault = s.fault.of(Exceptions.DATA_ABORT_LOWER, syndrome | (access == WRITE ? WNR : 0));
    }
    fault.at(va).to(level == 2 ? 2 : 0);
    if (stage2) {
      fault.intermediate = onWalk ? ~ipa : ipa;
    }
    return fault;
  }

  private GuestFault alignment(long va, int access) {
    return fault(va, access, ALIGNMENT, s.el, false, 0);
  }

  /** The physical address that the latest translation found. */
  long latestOutput() {
    return output;
  }

  boolean latestIsDevice() {
    return isDevice;
  }

  /** A data abort of the present level with a fault status of its own. */
  GuestFault dataAbort(long va, boolean write, int status) {
    return fault(va, write ? WRITE : READ, status, s.el, false, 0);
  }

  GuestFault alignmentFault(long va, boolean write) {
    return alignment(va, write ? WRITE : READ);
  }

  /** Nothing answered at the physical address. */
  GuestFault external(long va, int access) {
    return fault(va, access, EXTERNAL, s.el, false, 0);
  }

  // Address translation instructions (C5.4)

  /**
   * The value of PAR_EL1 that AT leaves.
   *
   * @param level whose stage 1 is asked for
   * @param both also stage 2
   */
  long addressTranslation(long va, boolean write, int level, boolean both) {
    int access = write ? WRITE : READ;
    long hcr = s.hasEl2 ? s.sys(SystemRegister.HCR_EL2) : 0;
    boolean hasStage2 = level != 2 && (hcr & (HCR_VM | HCR_DC)) != 0;
    try {
      if (both) {
        resolve(va, access, level);
      } else {
        stage1(va, access, level, hcr, hasStage2);
        if (!(write ? writable : readable)) {
          throw fault(va, access, PERMISSION + leafLevel, level, false, 0);
        }
      }
    } catch (GuestFault e) {
      boolean stage2 = e.intermediate >= 0;
      boolean onWalk = (e.syndrome & S1PTW) != 0;
      return 1
          | (e.syndrome & 0x3fL) << 1
          | (onWalk ? 1 << 8 : 0)
          | (stage2 ? 1 << 9 : 0)
          | 1 << 11;
    }
    boolean outer = isDevice || attributes == NON_CACHEABLE;
    return (output & 0xffff_ffff_f000L)
        | (long) attributes << 56
        | 1L << 11
        | (outer ? 2L : shareability) << 7;
  }

  /** For a debugger: the physical address of {@code va}, or -1. Changes nothing. */
  long peek(long va) {
    try {
      resolve(va, READ, s.el == 2 ? 2 : 1);
      return output;
    } catch (GuestFault e) {
      return -1;
    }
  }
}
