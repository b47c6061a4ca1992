package dev.bringup.emulator.device;

import java.util.Arrays;

/**
 * The configuration space of a PCI Express host by memory (PCI Express Base Specification 3.0,
 * section 7.2.2, "Enhanced Configuration Access Mechanism"). There is one function, the host bridge
 * 00:00.0 with the identity of QEMU's generic one; everywhere else nobody answers, which reads as
 * ones.
 */
public final class PcieEcam implements Device {
  /** The header and the device's own registers; the bridge has no extended configuration. */
  private static final int HEADER = 0x100;

  private static final int VENDOR = 0x00;
  private static final int DEVICE = 0x02;
  private static final int COMMAND = 0x04;
  private static final int CLASS = 0x0a;
  private static final int CACHE_LINE_SIZE = 0x0c;
  private static final int SUBSYSTEM_VENDOR = 0x2c;
  private static final int SUBSYSTEM = 0x2e;
  private static final int INTERRUPT_LINE = 0x3c;

  /** I/O, memory, bus master, SERR# and interrupt disable. */
  private static final int COMMAND_WRITABLE = 0x0507;

  private final byte[] registers = new byte[HEADER];
  private final byte[] writable = new byte[HEADER];

  public PcieEcam() {
    put(writable, COMMAND, COMMAND_WRITABLE);
    put(writable, CACHE_LINE_SIZE, 0xff);
    put(writable, INTERRUPT_LINE, 0xff);
    reset();
  }

  private static void put(byte[] into, int at, int value) {
    into[at] = (byte) value;
    into[at + 1] = (byte) (value >>> 8);
  }

  @Override
  public void reset() {
    Arrays.fill(registers, (byte) 0);
    put(registers, VENDOR, 0x1b36);
    put(registers, DEVICE, 0x0008);
    put(registers, CLASS, 0x0600);
    put(registers, SUBSYSTEM_VENDOR, 0x1af4);
    put(registers, SUBSYSTEM, 0x1100);
  }

  @Override
  public long read(long offset, int size) {
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      long at = offset + i;
      value = (value << 8) | (at < HEADER ? registers[(int) at] & 0xff : 0xff);
    }
    return value;
  }

  @Override
  public void write(long offset, int size, long value) {
    for (int i = 0; i < size && offset + i < HEADER; i++) {
      int at = (int) offset + i;
      int kept = registers[at] & ~writable[at];
      registers[at] = (byte) (kept | ((value >>> (8 * i)) & writable[at]));
    }
  }

  @Override
  public void save(StateWriter out) {
    out.part("pcie ecam");
    out.put(registers);
  }

  @Override
  public void restore(StateReader in) {
    in.part("pcie ecam");
    System.arraycopy(in.getBytes(), 0, registers, 0, HEADER);
  }
}
