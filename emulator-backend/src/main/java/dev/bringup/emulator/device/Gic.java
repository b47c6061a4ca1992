package dev.bringup.emulator.device;

import java.util.List;
import java.util.Objects;
import java.util.function.IntSupplier;

/**
 * An interrupt controller after GICv2 with virtualization (ARM IHI 0048B) as the GIC-400 (DDI
 * 0471B) has it: 288 interrupts, 32 priorities, 4 list registers, for up to 8 CPUs. Used by the
 * machine's one thread only.
 *
 * <p>As on QEMU's virt there are no Security Extensions but both groups: all accesses are of the
 * kind that the manual calls Secure. Group 0 signals IRQ unless GICC_CTLR.FIQEn is set; the
 * configuration of PPIs may be written.
 *
 * <p>Left out: the bypass of the CPU interface, the wire status registers GICD_PPISR and
 * GICD_SPISR, the views of other CPUs' virtual interface control registers, power management wake
 * signals while a group is disabled.
 */
public final class Gic {
  private static final int MOST_CPUS = 8;

  private final GicDistributor distributor;
  private final GicCpuInterface cpuInterface;
  private final GicVirtualInterface virtualInterface;
  private final int cpus;

  /** Where a CPU takes its interrupts. */
  public record CpuLines(
      InterruptLine irq, InterruptLine fiq, InterruptLine virtualIrq, InterruptLine virtualFiq) {}

  /**
   * @param cpus 1 to 8
   * @param currentCpu the number of the CPU that accesses a register
   * @param lines of each CPU; told when their level changes
   */
  public Gic(int cpus, IntSupplier currentCpu, List<CpuLines> lines) {
    if (cpus < 1 || cpus > MOST_CPUS || lines.size() != cpus) {
      throw new IllegalArgumentException(cpus + " CPUs, lines of " + lines.size());
    }
    this.cpus = cpus;
    distributor = new GicDistributor(cpus, currentCpu, this::changed);
    cpuInterface =
        new GicCpuInterface(
            currentCpu,
            lines.stream().map(CpuLines::irq).toList(),
            lines.stream().map(CpuLines::fiq).toList(),
            distributor);
    virtualInterface =
        new GicVirtualInterface(
            currentCpu,
            lines.stream().map(CpuLines::virtualIrq).toList(),
            lines.stream().map(CpuLines::virtualFiq).toList(),
            distributor);
  }

  private void changed(int cpu) {
    cpuInterface.update(cpu);
  }

  /**
   * The wire of a shared interrupt, level-sensitive or edge-triggered as GICD_ICFGR says.
   *
   * @param spi from 0: INTID 32 + {@code spi}
   */
  public InterruptLine sharedLine(int spi) {
    int id =
        GicDistributor.PRIVATE
            + Objects.checkIndex(spi, GicDistributor.INTERRUPTS - GicDistributor.PRIVATE);
    return level -> distributor.wire(0, id, level);
  }

  /**
   * The wire of an interrupt of one CPU. PPI 9 is taken: the maintenance interrupt.
   *
   * @param ppi 0 to 15: INTID 16 + {@code ppi}
   */
  public InterruptLine privateLine(int cpu, int ppi) {
    Objects.checkIndex(cpu, cpus);
    int id =
        GicDistributor.SGIS + Objects.checkIndex(ppi, GicDistributor.PRIVATE - GicDistributor.SGIS);
    return level -> distributor.wire(cpu, id, level);
  }

  /** GICD, 0x1000 bytes. */
  public Device distributor() {
    return distributor;
  }

  /** GICC of the CPU that accesses, 0x2000 bytes. */
  public Device cpuInterface() {
    return cpuInterface;
  }

  /** GICH of the CPU that accesses, 0x1000 bytes. */
  public Device virtualInterfaceControl() {
    return virtualInterface.control();
  }

  /** GICV of the CPU that accesses, 0x2000 bytes. */
  public Device virtualCpuInterface() {
    return virtualInterface;
  }

  /** Resets all four; the wires stay as the devices at their other ends have them. */
  public void reset() {
    cpuInterface.reset();
    virtualInterface.control().reset();
    virtualInterface.reset();
    distributor.reset();
  }
}
