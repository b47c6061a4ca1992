package dev.bringup.emulator.device;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A GIC with two CPUs whose lines are watched, and short names for its registers. */
final class GicBoard {
  static final int GICD_CTLR = 0x000;
  static final int IGROUPR = 0x080;
  static final int ISENABLER = 0x100;
  static final int ICENABLER = 0x180;
  static final int ISPENDR = 0x200;
  static final int ICPENDR = 0x280;
  static final int ISACTIVER = 0x300;
  static final int IPRIORITYR = 0x400;
  static final int ITARGETSR = 0x800;
  static final int ICFGR = 0xc00;
  static final int SGIR = 0xf00;

  static final int CTLR = 0x00;
  static final int PMR = 0x04;
  static final int BPR = 0x08;
  static final int IAR = 0x0c;
  static final int EOIR = 0x10;
  static final int RPR = 0x14;
  static final int HPPIR = 0x18;
  static final int ABPR = 0x1c;
  static final int AIAR = 0x20;
  static final int AEOIR = 0x24;
  static final int AHPPIR = 0x28;
  static final int DIR = 0x1000;

  static final int HCR = 0x00;
  static final int VTR = 0x04;
  static final int VMCR = 0x08;
  static final int MISR = 0x10;
  static final int EISR = 0x20;
  static final int ELRSR = 0x30;
  static final int APR = 0xf0;
  static final int LR = 0x100;

  static final int EOI_MODE = 1 << 9;

  final boolean[] irq = new boolean[2];
  final boolean[] fiq = new boolean[2];
  final boolean[] virtualIrq = new boolean[2];
  final boolean[] virtualFiq = new boolean[2];

  /** Every level that a line was told. */
  final List<String> told = new ArrayList<>();

  /** Who accesses. */
  int cpu;

  final Gic gic = new Gic(2, () -> cpu, List.of(lines(0), lines(1)));

  private Gic.CpuLines lines(int n) {
    return new Gic.CpuLines(
        line("irq", irq, n),
        line("fiq", fiq, n),
        line("virq", virtualIrq, n),
        line("vfiq", virtualFiq, n));
  }

  private InterruptLine line(String name, boolean[] levels, int n) {
    return level -> {
      levels[n] = level;
      told.add(name + n + (level ? "+" : "-"));
    };
  }

  void gicd(int offset, int value) {
    gic.distributor().write(offset, 4, value);
  }

  int gicd(int offset) {
    return (int) gic.distributor().read(offset, 4);
  }

  void gicc(int offset, int value) {
    gic.cpuInterface().write(offset, 4, value);
  }

  int gicc(int offset) {
    return (int) gic.cpuInterface().read(offset, 4);
  }

  void gich(int offset, int value) {
    gic.virtualInterfaceControl().write(offset, 4, value);
  }

  int gich(int offset) {
    return (int) gic.virtualInterfaceControl().read(offset, 4);
  }

  void gicv(int offset, int value) {
    gic.virtualCpuInterface().write(offset, 4, value);
  }

  int gicv(int offset) {
    return (int) gic.virtualCpuInterface().read(offset, 4);
  }

  /** Enables an interrupt with a priority, to CPU 0 if it is shared. */
  void enable(int id, int priority) {
    gic.distributor().write(IPRIORITYR + id, 1, priority);
    if (id >= 32) {
      gic.distributor().write(ITARGETSR + id, 1, 1);
    }
    gicd(ISENABLER + id / 32 * 4, 1 << id);
  }

  /** The distributor and the CPU interfaces as an operating system sets them up, Group 0. */
  GicBoard on() {
    gicd(GICD_CTLR, 1);
    for (cpu = 1; cpu >= 0; cpu--) {
      gicc(PMR, 0xff);
      gicc(CTLR, 1);
    }
    cpu = 0;
    return this;
  }

  /** All state of the controller, value by value. */
  List<Object> save() {
    var values = new ArrayList<>();
    var out =
        new StateWriter() {
          @Override
          public void part(String name) {
            values.add(name);
          }

          @Override
          public void put(long value) {
            values.add(value);
          }

          @Override
          public void put(byte[] bytes) {
            values.add(Arrays.toString(bytes));
          }
        };
    for (Device device : devices()) {
      device.save(out);
    }
    return values;
  }

  /** Takes the state of another board's controller, and its CPUs' lines. */
  void restore(GicBoard other) {
    for (int i = 0; i < devices().size(); i++) {
      StateTape.copy(other.devices().get(i), devices().get(i));
    }
    for (int n = 0; n < 2; n++) {
      irq[n] = other.irq[n];
      fiq[n] = other.fiq[n];
      virtualIrq[n] = other.virtualIrq[n];
      virtualFiq[n] = other.virtualFiq[n];
    }
    cpu = other.cpu;
  }

  private List<Device> devices() {
    return List.of(
        gic.virtualInterfaceControl(),
        gic.cpuInterface(),
        gic.distributor(),
        gic.virtualCpuInterface());
  }
}
