package dev.bringup.features;

import java.util.List;

/**
 * A boot script in the shape that Xen users' ImageBuilder (uboot-script-gen) gives it: one load
 * after the other, each at the next free 2 MiB, then the device tree by module nodes of the older
 * spelling, with the sizes that the files had when the script was made. Nothing in it looks at a
 * result. The nodes are those of Xen's docs/misc/arm/device-tree/booting.txt.
 */
final class ImageBuilderScript {
  private static final long ALIGNMENT = 2 << 20;
  private static final long LEAST_SCRIPT_ADDRESS = 12 << 20;

  private final StringBuilder text = new StringBuilder();
  private long next;

  /**
   * @param memoryStart the board's first address of RAM
   */
  ImageBuilderScript(long memoryStart) {
    // 2 MiB are left for the script itself, which lies 2 MiB into RAM but not below 12 MiB.
    next = Math.max(memoryStart + ALIGNMENT, LEAST_SCRIPT_ADDRESS) + ALIGNMENT;
  }

  /** A file that the script loads. */
  record Loaded(String name, long address, long size) {}

  Loaded load(String name, long size) {
    var loaded = new Loaded(name, next, size);
    line("tftpb 0x%x %s", loaded.address(), name);
    next = (next + size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return loaded;
  }

  void useTree(Loaded tree, String xenArguments) {
    line("fdt addr 0x%x", tree.address());
    line("fdt resize 1024");
    line("fdt set /chosen \\#address-cells <0x2>");
    line("fdt set /chosen \\#size-cells <0x2>");
    line("fdt set /chosen xen,xen-bootargs \"%s\"", xenArguments);
  }

  void dom0(Loaded kernel, String arguments, Loaded ramdisk) {
    module("dom0", kernel, "xen,linux-zimage");
    line("fdt set /chosen xen,dom0-bootargs \"%s\"", arguments);
    module("dom0-ramdisk", ramdisk, "xen,linux-initrd");
  }

  private void module(String node, Loaded file, String type) {
    line("fdt mknod /chosen %s", node);
    String compatible =
        String.join("\" \"", List.of(type, "xen,multiboot-module", "multiboot,module"));
    line("fdt set /chosen/%s compatible  \"%s\" ", node, compatible);
    line("fdt set /chosen/%s reg <0x0 0x%x 0x0 0x%x >", node, file.address(), file.size());
  }

  void boot(Loaded xen, Loaded tree) {
    line("setenv fdt_high 0xffffffffffffffff");
    line("booti 0x%x - 0x%x", xen.address(), tree.address());
  }

  private void line(String format, Object... arguments) {
    text.append(format.formatted(arguments)).append('\n');
  }

  String text() {
    return text.toString();
  }
}
