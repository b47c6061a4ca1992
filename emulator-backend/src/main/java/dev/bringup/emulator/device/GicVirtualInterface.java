package dev.bringup.emulator.device;

import java.util.List;
import java.util.function.IntSupplier;

/**
 * The virtual CPU interfaces of a GICv2, GICV (IHI 0048B, 5.5): a guest's view of what its
 * hypervisor put into the list registers.
 */
final class GicVirtualInterface extends GicInterface {
  private final GicVirtualControl control;

  GicVirtualInterface(
      IntSupplier currentCpu,
      List<InterruptLine> irqs,
      List<InterruptLine> fiqs,
      GicDistributor distributor) {
    super("GICV", currentCpu, irqs, fiqs);
    control = new GicVirtualControl(irqs.size(), currentCpu, this, distributor);
  }

  GicVirtualControl control() {
    return control;
  }

  @Override
  int interrupts() {
    return RESERVED;
  }

  @Override
  int highest(int cpu) {
    return control.highest(cpu);
  }

  @Override
  int priority(int cpu, int pending) {
    return control.priority(pending);
  }

  @Override
  boolean isGroup1(int cpu, int pending) {
    return control.isGroup1(pending);
  }

  @Override
  int number(int cpu, int pending) {
    return control.number(pending);
  }

  @Override
  void activate(int cpu, int pending) {
    control.activate(cpu, pending);
  }

  /** GICH_APR has those of both groups. */
  @Override
  boolean isApart(int cpu, int number) {
    return false;
  }

  @Override
  void setActive1(int cpu, int value) {
    // there is no GICV_NSAPR
  }

  @Override
  void deactivate(int cpu, int number, boolean expected) {
    control.deactivate(cpu, number, expected);
  }

  @Override
  void registersChanged(int cpu) {
    update(cpu);
    control.updateMaintenance(cpu);
  }
}
