package dev.bringup.emulator.device;

import java.util.List;
import java.util.function.IntSupplier;

/** The CPU interfaces of a GICv2, GICC: a CPU's view of what the distributor has for it. */
final class GicCpuInterface extends GicInterface {
  private final GicDistributor distributor;

  GicCpuInterface(
      IntSupplier currentCpu,
      List<InterruptLine> irqs,
      List<InterruptLine> fiqs,
      GicDistributor distributor) {
    super("GICC", currentCpu, irqs, fiqs);
    this.distributor = distributor;
  }

  @Override
  int interrupts() {
    return GicDistributor.INTERRUPTS;
  }

  @Override
  int highest(int cpu) {
    int id = distributor.highest(cpu);
    return id == GicDistributor.SPURIOUS ? NONE : id;
  }

  @Override
  int priority(int cpu, int pending) {
    return distributor.priority(cpu, pending);
  }

  @Override
  boolean isGroup1(int cpu, int pending) {
    return distributor.isGroup1(cpu, pending);
  }

  @Override
  int number(int cpu, int pending) {
    return distributor.withSource(cpu, pending);
  }

  @Override
  void activate(int cpu, int pending) {
    distributor.acknowledge(cpu, pending);
  }

  @Override
  boolean isApart(int cpu, int number) {
    return distributor.isGroup1(cpu, number & 0x3ff);
  }

  @Override
  void deactivate(int cpu, int number, boolean expected) {
    if (expected) {
      distributor.deactivate(cpu, number & 0x3ff);
    }
  }
}
