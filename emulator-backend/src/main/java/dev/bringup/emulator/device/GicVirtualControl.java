package dev.bringup.emulator.device;

import java.util.Arrays;
import java.util.function.IntSupplier;

/**
 * The virtual interface control registers of a GICv2, GICH (IHI 0048B, 5.3): where a hypervisor
 * puts the interrupts of the guest that runs on the CPU.
 */
final class GicVirtualControl extends GicRegisters {
  /** List registers of each CPU. */
  static final int LISTS = 4;

  /** The PPI of the maintenance interrupt: INTID 25. */
  private static final int MAINTENANCE = 25;

  private static final int HCR = 0x00;
  private static final int VTR = 0x04;
  private static final int VMCR = 0x08;
  private static final int MISR = 0x10;
  private static final int EISR0 = 0x20;
  private static final int ELRSR0 = 0x30;
  private static final int APR = 0xf0;
  private static final int LR = 0x100;

  private static final int HCR_EN = 1;
  private static final int HCR_UIE = 1 << 1;
  private static final int HCR_LRENPIE = 1 << 2;
  private static final int HCR_NPIE = 1 << 3;
  private static final int HCR_VGRP0_EIE = 1 << 4;
  private static final int HCR_VGRP0_DIE = 1 << 5;
  private static final int HCR_VGRP1_EIE = 1 << 6;
  private static final int HCR_VGRP1_DIE = 1 << 7;
  private static final int HCR_EOI_COUNT = 0xf800_0000;
  private static final int HCR_ONE_EOI = 1 << 27;
  private static final int HCR_BITS = HCR_EOI_COUNT | 0xff;

  private static final int MISR_EOI = 1;
  private static final int MISR_U = 1 << 1;
  private static final int MISR_LRENP = 1 << 2;
  private static final int MISR_NP = 1 << 3;
  private static final int MISR_VGRP0_E = 1 << 4;
  private static final int MISR_VGRP0_D = 1 << 5;
  private static final int MISR_VGRP1_E = 1 << 6;
  private static final int MISR_VGRP1_D = 1 << 7;

  /** 5 bits of priority and of preemption. */
  private static final int VTR_VALUE = 4 << 29 | 4 << 26 | (LISTS - 1);

  private static final int LR_HW = 1 << 31;
  private static final int LR_GROUP_1 = 1 << 30;
  private static final int LR_ACTIVE = 1 << 29;
  private static final int LR_PENDING = 1 << 28;
  private static final int LR_STATE = LR_ACTIVE | LR_PENDING;

  /** Without LR_HW: tell when the guest is done. */
  private static final int LR_EOI = 1 << 19;

  private static final int LR_BITS = 0xff8f_ffff;
  private static final int ID = 0x3ff;
  private static final int ID_AND_SOURCE = 0x1fff;

  private final IntSupplier currentCpu;
  private final GicInterface virtual;
  private final GicDistributor distributor;

  /** Everything but the count is as software wrote it. */
  private final int[] control;

  /** {@link #LISTS} for each CPU. */
  private final int[] lists;

  GicVirtualControl(
      int cpus, IntSupplier currentCpu, GicInterface virtual, GicDistributor distributor) {
    this.currentCpu = currentCpu;
    this.virtual = virtual;
    this.distributor = distributor;
    control = new int[cpus];
    lists = new int[cpus * LISTS];
  }

  /** The index of the pending list register of the highest priority, of several the first. */
  int highest(int cpu) {
    if ((control[cpu] & HCR_EN) == 0) {
      return GicInterface.NONE;
    }
    int best = GicInterface.NONE;
    int bestPriority = 0x100;
    for (int i = cpu * LISTS; i < (cpu + 1) * LISTS; i++) {
      int priority = priority(i);
      if ((lists[i] & LR_STATE) == LR_PENDING && priority < bestPriority) {
        best = i;
        bestPriority = priority;
      }
    }
    return best;
  }

  int priority(int index) {
    return lists[index] >>> 20 & GicDistributor.PRIORITY_BITS;
  }

  boolean isGroup1(int index) {
    return (lists[index] & LR_GROUP_1) != 0;
  }

  /** As the guest sees it: with the source, if it is the hypervisor's. */
  int number(int index) {
    int list = lists[index];
    return list & ((list & LR_HW) != 0 ? ID : ID_AND_SOURCE);
  }

  void activate(int cpu, int index) {
    lists[index] ^= LR_STATE;
    changed(cpu);
  }

  /**
   * The guest is done with an interrupt; if it was a physical one, the distributor is told.
   *
   * @param counts if no list register has it
   */
  void deactivate(int cpu, int number, boolean counts) {
    for (int i = cpu * LISTS; i < (cpu + 1) * LISTS; i++) {
      if ((lists[i] & LR_ACTIVE) != 0 && isOf(i, number)) {
        lists[i] &= ~LR_ACTIVE;
        int physical = lists[i] >>> 10 & ID;
        if ((lists[i] & LR_HW) != 0
            && physical >= GicDistributor.SGIS
            && physical < GicDistributor.INTERRUPTS) {
          distributor.deactivate(cpu, physical);
        }
        changed(cpu);
        return;
      }
    }
    if (counts) {
      control[cpu] += HCR_ONE_EOI;
      changed(cpu);
    }
  }

  /** SGIs of several sources are several interrupts. */
  private boolean isOf(int index, int number) {
    int id = number & ID;
    return id < GicDistributor.SGIS ? number(index) == number : (lists[index] & ID) == id;
  }

  private void changed(int cpu) {
    virtual.update(cpu);
    updateMaintenance(cpu);
  }

  void updateMaintenance(int cpu) {
    distributor.wire(cpu, MAINTENANCE, (control[cpu] & HCR_EN) != 0 && status(cpu) != 0);
  }

  /** What asks for maintenance (IHI 0048B, 5.3.4). */
  private int status(int cpu) {
    int valid = 0;
    int pending = 0;
    for (int i = cpu * LISTS; i < (cpu + 1) * LISTS; i++) {
      valid += (lists[i] & LR_STATE) != 0 ? 1 : 0;
      pending += (lists[i] & LR_STATE) == LR_PENDING ? 1 : 0;
    }
    int guest = virtual.control(cpu);
    boolean group0 = (guest & GicInterface.ENABLE_GROUP_0) != 0;
    boolean group1 = (guest & GicInterface.ENABLE_GROUP_1) != 0;
    return (completed(cpu) != 0 ? MISR_EOI : 0)
        | asked(cpu, HCR_UIE, valid <= 1, MISR_U)
        | asked(cpu, HCR_LRENPIE, (control[cpu] & HCR_EOI_COUNT) != 0, MISR_LRENP)
        | asked(cpu, HCR_NPIE, pending == 0, MISR_NP)
        | asked(cpu, HCR_VGRP0_EIE, group0, MISR_VGRP0_E)
        | asked(cpu, HCR_VGRP0_DIE, !group0, MISR_VGRP0_D)
        | asked(cpu, HCR_VGRP1_EIE, group1, MISR_VGRP1_E)
        | asked(cpu, HCR_VGRP1_DIE, !group1, MISR_VGRP1_D);
  }

  private int asked(int cpu, int enable, boolean condition, int bit) {
    return condition && (control[cpu] & enable) != 0 ? bit : 0;
  }

  /** The list registers whose end the hypervisor waits for. */
  private int completed(int cpu) {
    int bits = 0;
    for (int i = 0; i < LISTS; i++) {
      if ((lists[cpu * LISTS + i] & (LR_STATE | LR_HW | LR_EOI)) == LR_EOI) {
        bits |= 1 << i;
      }
    }
    return bits;
  }

  /** The list registers that the hypervisor may use. */
  private int empty(int cpu) {
    int bits = 0;
    for (int i = 0; i < LISTS; i++) {
      if ((lists[cpu * LISTS + i] & LR_STATE) == 0) {
        bits |= 1 << i;
      }
    }
    return bits & ~completed(cpu);
  }

  /** The guest's registers in one. */
  private int readVmcr(int cpu) {
    return virtual.mask(cpu) << 24
        | virtual.binaryPoint(cpu) << 21
        | virtual.aliasedBinaryPoint(cpu) << 18
        | virtual.control(cpu);
  }

  private void writeVmcr(int cpu, int value) {
    virtual.setMask(cpu, value >>> 24);
    virtual.setBinaryPoint(cpu, value >>> 21);
    virtual.setAliasedBinaryPoint(cpu, value >>> 18);
    virtual.setControl(cpu, value);
  }

  @Override
  int readWord(int offset) {
    int cpu = currentCpu.getAsInt();
    if (offset >= LR && offset < LR + LISTS * 4) {
      return lists[cpu * LISTS + (offset - LR) / 4];
    }
    return switch (offset) {
      case HCR -> control[cpu];
      case VTR -> VTR_VALUE;
      case VMCR -> readVmcr(cpu);
      case MISR -> status(cpu);
      case EISR0 -> completed(cpu);
      case ELRSR0 -> empty(cpu);
      case APR -> virtual.activePriorities(cpu);
      default -> 0;
    };
  }

  @Override
  void writeWord(int offset, int value, int mask) {
    int cpu = currentCpu.getAsInt();
    if (offset >= LR && offset < LR + LISTS * 4) {
      int i = cpu * LISTS + (offset - LR) / 4;
      lists[i] = ((lists[i] & ~mask) | value) & LR_BITS;
    } else {
      switch (offset) {
        case HCR -> control[cpu] = ((control[cpu] & ~mask) | value) & HCR_BITS;
        case VMCR -> writeVmcr(cpu, (readVmcr(cpu) & ~mask) | value);
        case APR ->
            virtual.setActivePriorities(cpu, (virtual.activePriorities(cpu) & ~mask) | value);
        default -> {
          return;
        }
      }
    }
    changed(cpu);
  }

  @Override
  public void reset() {
    Arrays.fill(control, 0);
    Arrays.fill(lists, 0);
    for (int cpu = 0; cpu < control.length; cpu++) {
      changed(cpu);
    }
  }

  @Override
  public void save(StateWriter out) {
    out.part("GICH");
    out.put(control);
    out.put(lists);
  }

  @Override
  public void restore(StateReader in) {
    in.part("GICH");
    in.get(control);
    in.get(lists);
  }
}
