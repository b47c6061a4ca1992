package dev.bringup.emulator.device;

import java.util.function.IntFunction;

/**
 * The frame that turns message signalled interrupts into shared peripheral interrupts of a GICv2
 * (Arm Server Base System Architecture, DEN 0029, appendix on GICv2m). It has no state.
 */
public final class GicV2m implements Device {
  private static final int MSI_TYPER = 0x008;
  private static final int MSI_SETSPI_NS = 0x040;
  private static final int MSI_IIDR = 0xfcc;

  /** As QEMU's frame says. */
  private static final int IDENTIFICATION = 0x0510_0000;

  private static final int INTERRUPT_MASK = 0x3ff;

  private final int first;
  private final int count;
  private final IntFunction<InterruptLine> lines;

  /**
   * @param first interrupt ID, 32 to 1019
   * @param count of interrupt IDs, which follow each other
   * @param lines gives the line of an interrupt ID, which the GIC must take for an edge
   */
  public GicV2m(int first, int count, IntFunction<InterruptLine> lines) {
    this.first = first;
    this.count = count;
    this.lines = lines;
  }

  @Override
  public long read(long offset, int size) {
    return switch ((int) offset) {
      case MSI_TYPER -> ((long) first << 16) | count;
      case MSI_IIDR -> IDENTIFICATION;
      default -> 0;
    };
  }

  @Override
  public void write(long offset, int size, long value) {
    if (offset != MSI_SETSPI_NS) {
      return;
    }
    int interrupt = (int) value & INTERRUPT_MASK;
    if (interrupt >= first && interrupt < first + count) {
      InterruptLine line = lines.apply(interrupt);
      line.set(true);
      line.set(false);
    }
  }

  @Override
  public void reset() {
    // nothing to forget
  }

  @Override
  public void save(StateWriter out) {
    out.part("gicv2m");
  }

  @Override
  public void restore(StateReader in) {
    in.part("gicv2m");
  }
}
