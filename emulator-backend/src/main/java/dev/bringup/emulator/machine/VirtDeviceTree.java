package dev.bringup.emulator.machine;

import dev.bringup.image.DeviceTree;
import dev.bringup.image.DeviceTreeNode;
import java.util.Arrays;

/**
 * The device tree of {@code virt}, made from the machine's model. It has what QEMU's has, in the
 * same words, for what both machines have; bindings are those of the kernel's documentation.
 */
final class VirtDeviceTree {
  private static final int CLOCK = 0x8000;
  private static final int GIC = 0x8001;
  private static final int MSI = 0x8002;
  private static final int FIRST_CPU = 0x8010;

  /** Interrupt specifiers of the GIC: kind and trigger. */
  private static final int SHARED = 0;

  private static final int PRIVATE = 1;
  private static final int EDGE = 1;
  private static final int LEVEL = 4;

  private static final int PCI_PINS = 4;

  private final DeviceTree tree = DeviceTree.empty();
  private final VirtMachine.Configuration machine;

  private VirtDeviceTree(VirtMachine.Configuration machine) {
    this.machine = machine;
  }

  /** A tree to be passed to what is started first; {@code /chosen} names the console alone. */
  static DeviceTree of(VirtMachine.Configuration machine) {
    return new VirtDeviceTree(machine).build();
  }

  private DeviceTree build() {
    tree.root()
        .setCells("interrupt-parent", GIC)
        .setStrings("model", "linux,dummy-virt")
        .setCells("#size-cells", 2)
        .setCells("#address-cells", 2)
        .setStrings("compatible", "linux,dummy-virt");
    psci();
    memory();
    virtio();
    if (machine.gpio()) {
      gpio();
    }
    pcie();
    clocked("pl031", VirtMap.RTC, VirtMap.RTC_SPI, "apb_pclk");
    clocked("pl011", VirtMap.UART, VirtMap.UART_SPI, "uartclk", "apb_pclk");
    interruptController();
    flash();
    cpus();
    timer();
    node("apb-pclk")
        .setCells("phandle", CLOCK)
        .setStrings("clock-output-names", "clk24mhz")
        .setCells("clock-frequency", 24_000_000)
        .setCells("#clock-cells", 0)
        .setStrings("compatible", "fixed-clock");
    node("chosen").setStrings("stdout-path", at("/pl011", VirtMap.UART));
    return tree;
  }

  private DeviceTreeNode node(String name) {
    return tree.root().addChild(name);
  }

  private static String at(String name, long address) {
    return name + "@" + Long.toHexString(address);
  }

  private static DeviceTreeNode region(DeviceTreeNode node, long... addressesAndSizes) {
    int[] cells = new int[2 * addressesAndSizes.length];
    for (int i = 0; i < addressesAndSizes.length; i++) {
      cells[2 * i] = (int) (addressesAndSizes[i] >>> 32);
      cells[2 * i + 1] = (int) addressesAndSizes[i];
    }
    return node.setCells("reg", cells);
  }

  private void psci() {
    node("psci")
        .setCells("cpu_on", 0xc400_0003)
        .setCells("cpu_off", 0x8400_0002)
        .setStrings("method", machine.virtualization() ? "smc" : "hvc")
        .setStrings("compatible", "arm,psci-1.0", "arm,psci-0.2", "arm,psci");
  }

  private void memory() {
    region(node(at("memory", VirtMap.RAM)), VirtMap.RAM, machine.ram())
        .setStrings("device_type", "memory");
  }

  private void virtio() {
    for (int slot = 0; slot < VirtMap.VIRTIO_SLOTS; slot++) {
      DeviceTreeNode node =
          node(at("virtio_mmio", VirtMap.virtio(slot)))
              .setCells("dma-coherent")
              .setCells("interrupts", SHARED, VirtMap.VIRTIO_SPI + slot, EDGE);
      region(node, VirtMap.virtio(slot), VirtMap.VIRTIO_SIZE)
          .setStrings("compatible", "virtio,mmio");
    }
  }

  private void gpio() {
    clocked("pl061", VirtMap.GPIO, VirtMap.GPIO_SPI, "apb_pclk")
        .setCells("gpio-controller")
        .setCells("#gpio-cells", 2);
  }

  private void pcie() {
    int[] map = new int[PCI_PINS * PCI_PINS * 10];
    int i = 0;
    for (int device = 0; device < PCI_PINS; device++) {
      for (int pin = 0; pin < PCI_PINS; pin++) {
        int spi = VirtMap.PCIE_SPI + (device + pin) % PCI_PINS;
        for (int cell : new int[] {device << 11, 0, 0, pin + 1, GIC, 0, 0, SHARED, spi, LEVEL}) {
          map[i++] = cell;
        }
      }
    }
    int io = 0x0100_0000;
    int memory = 0x0200_0000;
    int wide = 0x0300_0000;
    int high = (int) (VirtMap.PCIE_HIGH_MEMORY >>> 32);
    DeviceTreeNode node =
        node(at("pcie", VirtMap.PCIE_MEMORY))
            .setCells("interrupt-map-mask", 0x1800, 0, 0, 7)
            .setCells("interrupt-map", map)
            .setCells("#interrupt-cells", 1)
            .setCells(
                "ranges",
                concat(
                    new int[] {io, 0, 0, 0, (int) VirtMap.PCIE_IO, 0, (int) VirtMap.PCIE_IO_SIZE},
                    new int[] {
                      memory,
                      0,
                      (int) VirtMap.PCIE_MEMORY,
                      0,
                      (int) VirtMap.PCIE_MEMORY,
                      0,
                      (int) VirtMap.PCIE_MEMORY_SIZE
                    },
                    new int[] {wide, high, 0, high, 0, high, 0}));
    region(node, VirtMap.PCIE_ECAM, VirtMap.PCIE_ECAM_SIZE)
        .setCells("msi-map", 0, MSI, 0, 0x1_0000)
        .setCells("dma-coherent")
        .setCells("bus-range", 0, 0xff)
        .setCells("linux,pci-domain", 0)
        .setCells("#size-cells", 2)
        .setCells("#address-cells", 3)
        .setStrings("device_type", "pci")
        .setStrings("compatible", "pci-host-ecam-generic");
  }

  private static int[] concat(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }

  private DeviceTreeNode clocked(String name, long address, int spi, String... clocks) {
    int[] phandles = new int[clocks.length];
    Arrays.fill(phandles, CLOCK);
    DeviceTreeNode node =
        node(at(name, address))
            .setStrings("clock-names", clocks)
            .setCells("clocks", phandles)
            .setCells("interrupts", SHARED, spi, LEVEL);
    return region(node, address, VirtMap.BLOCK_SIZE)
        .setStrings("compatible", "arm," + name, "arm,primecell");
  }

  private void interruptController() {
    DeviceTreeNode gic = node(at("intc", VirtMap.GIC_DISTRIBUTOR)).setCells("phandle", GIC);
    long size = VirtMap.GIC_FRAME_SIZE;
    if (machine.virtualization()) {
      gic.setCells("interrupts", PRIVATE, VirtMap.GIC_MAINTENANCE_PPI, LEVEL);
      region(
          gic,
          VirtMap.GIC_DISTRIBUTOR,
          size,
          VirtMap.GIC_CPU_INTERFACE,
          size,
          VirtMap.GIC_HYPERVISOR,
          size,
          VirtMap.GIC_VIRTUAL_CPU,
          size);
    } else {
      region(gic, VirtMap.GIC_DISTRIBUTOR, size, VirtMap.GIC_CPU_INTERFACE, size);
    }
    gic.setStrings("compatible", "arm,cortex-a15-gic")
        .setCells("ranges")
        .setCells("#size-cells", 2)
        .setCells("#address-cells", 2)
        .setCells("interrupt-controller")
        .setCells("#interrupt-cells", 3);
    region(
            gic.addChild(at("v2m", VirtMap.GIC_V2M)).setCells("phandle", MSI),
            VirtMap.GIC_V2M,
            VirtMap.BLOCK_SIZE)
        .setCells("msi-controller")
        .setStrings("compatible", "arm,gic-v2m-frame");
  }

  private void flash() {
    DeviceTreeNode flash = node(at("flash", VirtMap.FLASH)).setCells("bank-width", 4);
    region(
            flash,
            VirtMap.FLASH,
            VirtMap.FLASH_BANK_SIZE,
            VirtMap.FLASH + VirtMap.FLASH_BANK_SIZE,
            VirtMap.FLASH_BANK_SIZE)
        .setStrings("compatible", "cfi-flash");
  }

  private void cpus() {
    DeviceTreeNode cpus = node("cpus").setCells("#size-cells", 0).setCells("#address-cells", 1);
    DeviceTreeNode cluster = cpus.addChild("cpu-map").addChild("socket0").addChild("cluster0");
    for (int n = 0; n < machine.cpus(); n++) {
      cluster.addChild("core" + n).setCells("cpu", FIRST_CPU + n);
    }
    for (int n = 0; n < machine.cpus(); n++) {
      DeviceTreeNode cpu =
          cpus.addChild(at("cpu", n)).setCells("phandle", FIRST_CPU + n).setCells("reg", n);
      if (machine.cpus() > 1) {
        cpu.setStrings("enable-method", "psci");
      }
      cpu.setStrings("compatible", "arm,cortex-a72").setStrings("device_type", "cpu");
    }
  }

  private void timer() {
    // The flags are a mask of CPUs and the level: active high, to every CPU of the machine.
    int flags = ((1 << machine.cpus()) - 1) << 8 | LEVEL;
    node("timer")
        .setCells(
            "interrupts",
            PRIVATE,
            VirtMap.SECURE_TIMER_PPI,
            flags,
            PRIVATE,
            VirtMap.PHYSICAL_TIMER_PPI,
            flags,
            PRIVATE,
            VirtMap.VIRTUAL_TIMER_PPI,
            flags,
            PRIVATE,
            VirtMap.HYPERVISOR_TIMER_PPI,
            flags)
        .setCells("always-on")
        .setStrings("compatible", "arm,armv8-timer", "arm,armv7-timer");
  }
}
