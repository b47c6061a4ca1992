package dev.bringup.emulator.aarch64;

import dev.bringup.emulator.memory.BusError;
import dev.bringup.emulator.memory.HostMemory;
import dev.bringup.emulator.memory.PhysicalMemory;

/**
 * The system instructions: caches, translations, address translation (C5.3 to C5.5). Memory has no
 * caches in front of it and decoded code is never stale, so cache maintenance only checks that it
 * is allowed and that its address is mapped.
 */
final class Maintenance {
  /** ISS of a data abort: met by cache maintenance. */
  static final int CM = 1 << 8;

  private static final int WNR = 1 << 6;

  // SCTLR_EL1
  private static final int DZE = 14;
  private static final int UCI = 26;

  // HCR_EL2
  private static final int HCR_FB = 9;
  private static final int HCR_TSW = 22;
  private static final int HCR_TPC = 23;
  private static final int HCR_TPU = 24;
  private static final int HCR_TTLB = 25;
  private static final int HCR_TDZ = 28;

  private final Interpreter cpu;
  private final SystemUnit system;
  private final Surroundings around;

  Maintenance(Interpreter cpu, SystemUnit system, Surroundings around) {
    this.cpu = cpu;
    this.system = system;
    this.around = around;
  }

  /** Executes SYS. */
  void execute(int word) {
    int op1 = word >>> 16 & 7;
    int crn = word >>> 12 & 15;
    int crm = word >>> 8 & 15;
    int op2 = word >>> 5 & 7;
    long value = cpu.x[word & 31];
    switch (crn) {
      case 7 -> {
        if (crm == 8) {
          translate(op1, op2, value, word);
        } else {
          cache(op1, crm, op2, value, word);
        }
      }
      case 8 -> invalidate(op1, crm, op2, value, word);
      case 11, 15 -> system.implementationDefined(word, false);
      default -> throw system.undefined(word);
    }
  }

  private void cache(int op1, int crm, int op2, long va, int word) {
    switch (op1 << 8 | crm << 4 | op2) {
      case 0x010, 0x050 -> { // IC IALLUIS, IALLU
        system.requireEl1(word);
        system.trapToEl2(HCR_TPU, word, false);
      }
      case 0x351 -> { // IC IVAU
        system.requireUserControl(UCI, word, false);
        system.trapToEl2(HCR_TPU, word, false);
      }
      case 0x061 -> { // DC IVAC
        system.requireEl1(word);
        system.trapToEl2(HCR_TPC, word, false);
        requireMapped(va, Mmu.WRITE);
      }
      case 0x062, 0x0a2, 0x0e2 -> { // DC ISW, CSW, CISW
        system.requireEl1(word);
        system.trapToEl2(HCR_TSW, word, false);
      }
      case 0x3a1, 0x3e1 -> { // DC CVAC, CIVAC
        system.requireUserControl(UCI, word, false);
        system.trapToEl2(HCR_TPC, word, false);
        requireMapped(va, Mmu.READ);
      }
      case 0x3b1 -> { // DC CVAU
        system.requireUserControl(UCI, word, false);
        system.trapToEl2(HCR_TPU, word, false);
        requireMapped(va, Mmu.READ);
      }
      case 0x341 -> { // DC ZVA
        system.requireUserControl(DZE, word, false);
        system.trapToEl2(HCR_TDZ, word, false);
        zero(va);
      }
      default -> throw system.undefined(word);
    }
  }

  private void requireMapped(long va, int access) {
    int entry = (int) (va >>> 12) & CpuState.TLB_MASK;
    long[] tags = access == Mmu.WRITE ? cpu.writeTag : cpu.readTag;
    if (tags[entry] == ((va & ~PhysicalMemory.PAGE_MASK) | cpu.context)) {
      return;
    }
    try {
      cpu.mmu.translate(va, access, cpu.el == 0, 1);
    } catch (GuestFault e) {
      e.syndrome |= CM | WNR;
      throw e;
    }
  }

  /** Clears the line that {@code at} is in. */
  private void zero(long at) {
    long va = at & -Identification.LINE;
    int entry = (int) (va >>> 12) & CpuState.TLB_MASK;
    if (cpu.writeTag[entry] == ((va & ~PhysicalMemory.PAGE_MASK) | cpu.context)) {
      long host = va + cpu.delta[entry];
      for (int i = 0; i < Identification.LINE; i += 8) {
        HostMemory.putLong(host + i, 0);
      }
      return;
    }
    long physical = cpu.mmu.translate(at, Mmu.WRITE, cpu.el == 0, 1) & -Identification.LINE;
    if (cpu.mmu.latestIsDevice()) {
      throw cpu.mmu.alignmentFault(at, true);
    }
    try {
      for (int i = 0; i < Identification.LINE; i += 8) {
        cpu.memory.store(physical + i, 8, 0);
      }
    } catch (BusError e) {
      throw cpu.mmu.external(at, Mmu.WRITE);
    }
  }

  private void translate(int op1, int op2, long va, int word) {
    system.requireEl1(word);
    boolean write = (op2 & 1) == 1;
    long par =
        switch (op1 << 4 | op2) {
          case 0x00, 0x01 -> cpu.mmu.addressTranslation(va, write, 1, false);
          case 0x02, 0x03 -> cpu.mmu.addressTranslation(va, write, 0, false);
          case 0x40, 0x41 -> {
            system.requireEl2(word);
            yield cpu.mmu.addressTranslation(va, write, 2, false);
          }
          case 0x44, 0x45 -> {
            system.requireEl2(word);
            yield cpu.mmu.addressTranslation(va, write, 1, true);
          }
          case 0x46, 0x47 -> {
            system.requireEl2(word);
            yield cpu.mmu.addressTranslation(va, write, 0, true);
          }
          default -> throw system.undefined(word);
        };
    cpu.sys(SystemRegister.PAR_EL1, par);
  }

  private void invalidate(int op1, int crm, int op2, long value, int word) {
    system.requireEl1(word);
    if (op1 == 4) {
      system.requireEl2(word);
    }
    boolean shared = crm == 3 || crm == 0;
    boolean all = shared || (cpu.el == 1 && system.hcr(HCR_FB));
    if (op1 == 0) {
      system.trapToEl2(HCR_TTLB, word, false);
    }
    int vmid = cpu.mmu.vmid();
    if (!invalidate(cpu.mmu, op1 << 8 | crm << 4 | op2, value, vmid)) {
      throw system.undefined(word);
    }
    if (all) {
      for (Cpu other : around.cpus()) {
        if (other.interpreter != cpu) {
          invalidate(other.interpreter.mmu, op1 << 8 | crm << 4 | op2, value, vmid);
        }
      }
    }
  }

  private static boolean invalidate(Mmu mmu, int code, long value, int vmid) {
    long va = value << 20 >> 8;
    switch (code) {
      case 0x030, 0x070, 0x436, 0x476 -> mmu.invalidateVirtualMachine(vmid);
      case 0x031, 0x033, 0x035, 0x037, 0x071, 0x073, 0x075, 0x077 -> mmu.invalidatePage(va);
      case 0x032, 0x072 -> mmu.invalidateAsid((int) (value >>> 48));
      case 0x401, 0x405, 0x441, 0x445 -> mmu.invalidateVirtualMachine(vmid);
      case 0x430, 0x470 -> mmu.invalidateEl2();
      case 0x431, 0x435, 0x471, 0x475 -> mmu.invalidatePage(va);
      case 0x434, 0x474 -> mmu.invalidateEl1();
      default -> {
        return false;
      }
    }
    return true;
  }
}
