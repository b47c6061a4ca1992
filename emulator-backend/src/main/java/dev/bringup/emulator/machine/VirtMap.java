package dev.bringup.emulator.machine;

/**
 * Where things are on the machine {@code virt}, and which interrupts they have: as on QEMU's, so
 * that the same firmware and kernels run. Interrupts are numbered as in device trees: shared ones
 * from 0 (INTID 32), private ones from 0 (INTID 16).
 */
final class VirtMap {
  /** Two banks, one behind the other: firmware, and what firmware wants to keep. */
  static final long FLASH = 0x0000_0000;

  static final long FLASH_BANK_SIZE = 0x0400_0000;
  static final long GIC_DISTRIBUTOR = 0x0800_0000;
  static final long GIC_CPU_INTERFACE = 0x0801_0000;
  static final long GIC_V2M = 0x0802_0000;
  static final long GIC_HYPERVISOR = 0x0803_0000;
  static final long GIC_VIRTUAL_CPU = 0x0804_0000;
  static final long GIC_FRAME_SIZE = 0x1_0000;
  static final long UART = 0x0900_0000;
  static final long RTC = 0x0901_0000;
  static final long GPIO = 0x0903_0000;

  /** The size of UART, RTC, GPIO and GICv2m. */
  static final long BLOCK_SIZE = 0x1000;

  static final long VIRTIO = 0x0a00_0000;
  static final long VIRTIO_SIZE = 0x200;
  static final int VIRTIO_SLOTS = 32;
  static final long PCIE_MEMORY = 0x1000_0000;
  static final long PCIE_MEMORY_SIZE = 0x2eff_0000;
  static final long PCIE_IO = 0x3eff_0000;
  static final long PCIE_IO_SIZE = 0x1_0000;
  static final long RAM = 0x4000_0000;
  static final long PCIE_ECAM = 0x40_1000_0000L;
  static final long PCIE_ECAM_SIZE = 0x1000_0000;
  static final long PCIE_HIGH_MEMORY = 0x80_0000_0000L;

  /** The largest RAM that ends below the ECAM. */
  static final long LARGEST_RAM = 255L << 30;

  static final int SHARED_INTERRUPTS = 256;
  static final int UART_SPI = 1;
  static final int RTC_SPI = 2;
  static final int PCIE_SPI = 3;
  static final int GPIO_SPI = 7;
  static final int VIRTIO_SPI = 16;
  static final int MSI_SPI = 48;
  static final int MSI_COUNT = 64;

  static final int GIC_MAINTENANCE_PPI = 9;
  static final int HYPERVISOR_TIMER_PPI = 10;
  static final int VIRTUAL_TIMER_PPI = 11;
  static final int SECURE_TIMER_PPI = 13;
  static final int PHYSICAL_TIMER_PPI = 14;

  private VirtMap() {}

  static long virtio(int slot) {
    return VIRTIO + slot * VIRTIO_SIZE;
  }
}
