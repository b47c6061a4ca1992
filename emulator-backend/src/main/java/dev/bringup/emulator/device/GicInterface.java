package dev.bringup.emulator.device;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * What a physical and a virtual CPU interface of a GICv2 have in common (IHI 0048B, 4.4 and 5.5):
 * priorities, acknowledging and completing, one set of registers for each CPU.
 *
 * <p>Where the manual calls a use UNPREDICTABLE: a completion without an active priority ends an
 * interrupt that a list register has and no other; a deactivation while completing does that is
 * ignored; the completion of a Group 1 interrupt in EOIR counts.
 */
abstract class GicInterface extends GicRegisters {
  /** A pending interrupt of Group 1, which only the aliased registers show. */
  static final int OTHER_GROUP = 1022;

  /** Numbers from here on are no interrupts. */
  static final int RESERVED = 1020;

  static final int NONE = -1;

  static final int ENABLE_GROUP_0 = 1;
  static final int ENABLE_GROUP_1 = 1 << 1;
  private static final int ACK_CTL = 1 << 2;
  private static final int FIQ_EN = 1 << 3;
  private static final int CBPR = 1 << 4;
  private static final int EOI_MODE = 1 << 9;

  /** The bits of CTLR that there are; the bypass of the GIC is left out. */
  static final int CONTROL_BITS = EOI_MODE | 0x1f;

  private static final int CTLR = 0x00;
  private static final int PMR = 0x04;
  private static final int BPR = 0x08;
  private static final int IAR = 0x0c;
  private static final int EOIR = 0x10;
  private static final int RPR = 0x14;
  private static final int HPPIR = 0x18;
  private static final int ABPR = 0x1c;
  private static final int AIAR = 0x20;
  private static final int AEOIR = 0x24;
  private static final int AHPPIR = 0x28;
  private static final int APR0 = 0xd0;
  private static final int NSAPR0 = 0xe0;
  private static final int IIDR = 0xfc;
  private static final int DIR = 0x1000;

  private static final int GIC_400 = 0x0202_143b;

  /** With 32 priorities: bits 7 to 3 are the group priority. */
  private static final int LOWEST_BINARY_POINT = 2;

  /** What Group 1's register counts as one more (IHI 0048B, 3.3.3). */
  private static final int LOWEST_ALIASED_BINARY_POINT = 3;

  private static final int IDLE = 0x100;
  private static final int NO_SIGNAL = 0;
  private static final int IRQ = 1;
  private static final int FIQ = 2;

  private final String name;
  private final IntSupplier currentCpu;
  private final List<InterruptLine> irqs;
  private final List<InterruptLine> fiqs;
  private final int[] control;
  private final int[] mask;
  private final int[] binaryPoint;
  private final int[] aliasedBinaryPoint;

  /** Active priorities: one bit for each of the 32, of Group 0 or of both. */
  private final int[] active;

  /** Those of Group 1, where they are kept apart. */
  private final int[] active1;

  /** What the CPUs' lines were told. */
  private final int[] signals;

  GicInterface(
      String name, IntSupplier currentCpu, List<InterruptLine> irqs, List<InterruptLine> fiqs) {
    this.name = name;
    this.currentCpu = currentCpu;
    this.irqs = List.copyOf(irqs);
    this.fiqs = List.copyOf(fiqs);
    int cpus = irqs.size();
    control = new int[cpus];
    mask = new int[cpus];
    binaryPoint = new int[cpus];
    aliasedBinaryPoint = new int[cpus];
    active = new int[cpus];
    active1 = new int[cpus];
    signals = new int[cpus];
    powerOn();
  }

  /** Completing anything but an interrupt below this number is ignored. */
  abstract int interrupts();

  /** The pending interrupt of the highest priority, or {@link #NONE}. */
  abstract int highest(int cpu);

  abstract int priority(int cpu, int pending);

  abstract boolean isGroup1(int cpu, int pending);

  /** The number of a pending interrupt as acknowledging shows it, with its source. */
  abstract int number(int cpu, int pending);

  /** Makes a pending interrupt active. */
  abstract void activate(int cpu, int pending);

  /** Whether the active priority of {@code number}, as it was acknowledged, is in NSAPR. */
  abstract boolean isApart(int cpu, int number);

  /**
   * Makes an active interrupt inactive.
   *
   * @param number as it was acknowledged
   * @param expected whether there was an active priority, or it is DIR that asks
   */
  abstract void deactivate(int cpu, int number, boolean expected);

  /** Something has changed: the CPU's lines follow. */
  void update(int cpu) {
    int signal = signal(cpu);
    int old = signals[cpu];
    if (signal == old) {
      return;
    }
    signals[cpu] = signal;
    if ((signal == IRQ) != (old == IRQ)) {
      irqs.get(cpu).set(signal == IRQ);
    }
    if ((signal == FIQ) != (old == FIQ)) {
      fiqs.get(cpu).set(signal == FIQ);
    }
  }

  private int signal(int cpu) {
    int pending = deliverable(cpu);
    if (pending == NONE) {
      return NO_SIGNAL;
    }
    return (control[cpu] & FIQ_EN) != 0 && !isGroup1(cpu, pending) ? FIQ : IRQ;
  }

  /** The highest pending interrupt if it is enabled, not masked, and preempts what is active. */
  private int deliverable(int cpu) {
    int pending = highest(cpu);
    if (pending == NONE || !isEnabled(cpu, pending)) {
      return NONE;
    }
    int priority = priority(cpu, pending);
    return priority < mask[cpu] && groupPriority(cpu, pending) < running(cpu) ? pending : NONE;
  }

  private boolean isEnabled(int cpu, int pending) {
    int bit = isGroup1(cpu, pending) ? ENABLE_GROUP_1 : ENABLE_GROUP_0;
    return (control[cpu] & bit) != 0;
  }

  /** The part of the priority that decides about preemption. */
  private int groupPriority(int cpu, int pending) {
    boolean aliased = (control[cpu] & CBPR) == 0 && isGroup1(cpu, pending);
    int point = aliased ? aliasedBinaryPoint[cpu] - 1 : binaryPoint[cpu];
    return priority(cpu, pending) & (-1 << (point + 1));
  }

  private int running(int cpu) {
    int all = active[cpu] | active1[cpu];
    return all == 0 ? IDLE : Integer.numberOfTrailingZeros(all) << 3;
  }

  private int acknowledge(int cpu, boolean aliased) {
    int pending = deliverable(cpu);
    int number = shown(cpu, pending, aliased);
    if (number == GicDistributor.SPURIOUS || number == OTHER_GROUP) {
      return number;
    }
    int level = 1 << (groupPriority(cpu, pending) >>> 3);
    if (isApart(cpu, number)) {
      active1[cpu] |= level;
    } else {
      active[cpu] |= level;
    }
    activate(cpu, pending);
    update(cpu);
    return number;
  }

  /** What IAR and HPPIR, or the aliased ones, show of a pending interrupt. */
  private int shown(int cpu, int pending, boolean aliased) {
    if (pending == NONE) {
      return GicDistributor.SPURIOUS;
    }
    if (isGroup1(cpu, pending)) {
      return aliased || (control[cpu] & ACK_CTL) != 0 ? number(cpu, pending) : OTHER_GROUP;
    }
    return aliased ? GicDistributor.SPURIOUS : number(cpu, pending);
  }

  private int highestShown(int cpu, boolean aliased) {
    int pending = highest(cpu);
    return shown(cpu, pending != NONE && isEnabled(cpu, pending) ? pending : NONE, aliased);
  }

  /** Drops the running priority, and deactivates unless DIR is to do that. */
  private void complete(int cpu, int number) {
    if ((number & 0x3ff) >= interrupts()) {
      return;
    }
    boolean expected = running(cpu) != IDLE;
    if (isApart(cpu, number)) {
      active1[cpu] &= active1[cpu] - 1;
    } else {
      active[cpu] &= active[cpu] - 1;
    }
    if ((control[cpu] & EOI_MODE) == 0) {
      deactivate(cpu, number, expected);
    }
  }

  @Override
  final int readWord(int offset) {
    int cpu = currentCpu.getAsInt();
    return switch (offset) {
      case CTLR -> control[cpu];
      case PMR -> mask[cpu];
      case BPR -> binaryPoint[cpu];
      case IAR -> acknowledge(cpu, false);
      case RPR -> Math.min(running(cpu), 0xff);
      case HPPIR -> highestShown(cpu, false);
      case ABPR -> aliasedBinaryPoint[cpu];
      case AIAR -> acknowledge(cpu, true);
      case AHPPIR -> highestShown(cpu, true);
      case APR0 -> active[cpu];
      case NSAPR0 -> active1[cpu];
      case IIDR -> GIC_400;
      default -> 0;
    };
  }

  @Override
  final void writeWord(int offset, int value, int mask) {
    int cpu = currentCpu.getAsInt();
    switch (offset) {
      case CTLR -> setControl(cpu, (control[cpu] & ~mask) | value);
      case PMR -> setMask(cpu, value);
      case BPR -> setBinaryPoint(cpu, value);
      case ABPR -> setAliasedBinaryPoint(cpu, value);
      case EOIR, AEOIR -> complete(cpu, value & 0x1fff);
      case APR0 -> active[cpu] = value;
      case NSAPR0 -> setActive1(cpu, value);
      case DIR -> {
        if ((control[cpu] & EOI_MODE) != 0 && (value & 0x3ff) < interrupts()) {
          deactivate(cpu, value & 0x1fff, true);
        }
      }
      default -> {
        return;
      }
    }
    registersChanged(cpu);
  }

  /** Software has written: more than the lines may depend on it. */
  void registersChanged(int cpu) {
    update(cpu);
  }

  final int control(int cpu) {
    return control[cpu];
  }

  final void setControl(int cpu, int value) {
    control[cpu] = value & CONTROL_BITS;
  }

  final int mask(int cpu) {
    return mask[cpu];
  }

  final void setMask(int cpu, int value) {
    mask[cpu] = value & GicDistributor.PRIORITY_BITS;
  }

  final int binaryPoint(int cpu) {
    return binaryPoint[cpu];
  }

  final void setBinaryPoint(int cpu, int value) {
    binaryPoint[cpu] = Math.max(value & 7, LOWEST_BINARY_POINT);
  }

  final int aliasedBinaryPoint(int cpu) {
    return aliasedBinaryPoint[cpu];
  }

  final void setAliasedBinaryPoint(int cpu, int value) {
    aliasedBinaryPoint[cpu] = Math.max(value & 7, LOWEST_ALIASED_BINARY_POINT);
  }

  final int activePriorities(int cpu) {
    return active[cpu];
  }

  final void setActivePriorities(int cpu, int value) {
    active[cpu] = value;
  }

  /** NSAPR is there only where Group 1 is kept apart. */
  void setActive1(int cpu, int value) {
    active1[cpu] = value;
  }

  @Override
  public void reset() {
    powerOn();
    for (int cpu = 0; cpu < control.length; cpu++) {
      registersChanged(cpu);
    }
  }

  private void powerOn() {
    Arrays.fill(control, 0);
    Arrays.fill(mask, 0);
    Arrays.fill(binaryPoint, LOWEST_BINARY_POINT);
    Arrays.fill(aliasedBinaryPoint, LOWEST_ALIASED_BINARY_POINT);
    Arrays.fill(active, 0);
    Arrays.fill(active1, 0);
  }

  @Override
  public final void save(StateWriter out) {
    out.part(name);
    out.put(control);
    out.put(mask);
    out.put(binaryPoint);
    out.put(aliasedBinaryPoint);
    out.put(active);
    out.put(active1);
    out.put(signals);
  }

  /** The lines are told nothing: the CPUs restore theirs themselves. */
  @Override
  public final void restore(StateReader in) {
    in.part(name);
    in.get(control);
    in.get(mask);
    in.get(binaryPoint);
    in.get(aliasedBinaryPoint);
    in.get(active);
    in.get(active1);
    in.get(signals);
  }
}
