package dev.bringup.image;

import dev.bringup.image.BootLayout.Placement;
import dev.bringup.verdict.BringupException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes the U-Boot script that loads Xen, dom0 and dom0less guests, describes them in the device
 * tree and starts Xen (Xen, docs/misc/arm/device-tree/booting.txt).
 */
public final class XenBootScript {
  /**
   * What to boot. Nothing is added that is not asked for: a plan without dom0 or without Xen's
   * command line gives a script without them.
   *
   * @param memory where files may lie
   * @param tree the device tree to pass on
   * @param treeCommands U-Boot commands to run on it before the edits, one line each
   * @param edits what the board needs changed in it
   * @param loadCommand U-Boot's command before address and name, such as {@code tftpboot}
   * @param xen the hypervisor, a raw arm64 image
   * @param xenArguments its command line; null leaves the property out
   * @param dom0 null for guests alone
   * @param guests dom0less guests; the first becomes domain 1
   */
  public record Plan(
      MemoryMap memory,
      TreeSource tree,
      List<String> treeCommands,
      List<DeviceTreeEdit> edits,
      String loadCommand,
      BootFile xen,
      @Nullable String xenArguments,
      @Nullable Dom0 dom0,
      List<Guest> guests) {
    public Plan {
      treeCommands = List.copyOf(treeCommands);
      edits = List.copyOf(edits);
      guests = List.copyOf(guests);
      if (guests.stream().map(Guest::name).distinct().count() != guests.size()) {
        throw BringupException.configuration("two dom0less guests have the same name");
      }
    }
  }

  /**
   * The first domain.
   *
   * @param kernel a raw arm64 image
   * @param ramdisk null for none
   * @param arguments the kernel's command line; null leaves the property out
   */
  public record Dom0(BootFile kernel, @Nullable BootFile ramdisk, @Nullable String arguments) {}

  /**
   * A guest that Xen builds at start-up. Files may be shared with dom0 and other guests.
   *
   * @param name of its node in /chosen
   * @param kernel a raw arm64 image
   * @param ramdisk null for none
   * @param memoryKib its memory in KiB
   * @param cpus number of virtual CPUs
   * @param vpl011 whether it gets an emulated PL011 UART (ttyAMA0)
   * @param enhanced whether it gets Xen's interfaces for paravirtual drivers
   * @param arguments the kernel's command line; null leaves the property out
   */
  public record Guest(
      String name,
      BootFile kernel,
      @Nullable BootFile ramdisk,
      long memoryKib,
      int cpus,
      boolean vpl011,
      boolean enhanced,
      @Nullable String arguments) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,30}");

    public Guest {
      if (!NAME.matcher(name).matches()) {
        throw BringupException.configuration(
            "guest \"%s\": a name of 1 to 31 letters, digits, _ and - is needed"
                .formatted(ImageBytes.printable(name)));
      }
      if (memoryKib <= 0 || cpus <= 0) {
        throw BringupException.configuration(
            "guest %s: %d KiB of memory and %d CPUs; both must be more than 0"
                .formatted(name, memoryKib, cpus));
      }
    }
  }

  private static final String CELLS = UBootShell.cells(List.of(2));

  private final Plan plan;
  private final BootLayout layout;
  private final ScriptWriter script;

  private XenBootScript(Plan plan) {
    this.plan = plan;
    this.layout = BootLayout.of(plan.memory(), files(plan), plan.tree());
    this.script = new ScriptWriter(plan.memory(), layout, plan.loadCommand());
  }

  /**
   * The script for a plan; equal plans give equal scripts.
   *
   * @throws BringupException of kind CONFIGURATION naming the file that does not fit or the text
   *     that U-Boot cannot express
   */
  public static BootScript write(Plan plan) {
    return new XenBootScript(plan).write();
  }

  private static List<BootFile> files(Plan plan) {
    List<BootFile> files = new ArrayList<>();
    Dom0 dom0 = plan.dom0();
    if (dom0 != null) {
      add(files, dom0.kernel(), dom0.ramdisk());
    }
    for (Guest guest : plan.guests()) {
      add(files, guest.kernel(), guest.ramdisk());
    }
    files.add(plan.xen());
    return files;
  }

  private static void add(List<BootFile> files, BootFile kernel, @Nullable BootFile ramdisk) {
    files.add(kernel);
    if (ramdisk != null) {
      files.add(ramdisk);
    }
  }

  private BootScript write() {
    script.loadFiles(plan.tree());
    script.prepareTree(plan.tree(), plan.treeCommands(), plan.edits());
    cells("/chosen");
    text("/chosen", "xen,xen-bootargs", plan.xenArguments());
    Dom0 dom0 = plan.dom0();
    if (dom0 != null) {
      text("/chosen", "xen,dom0-bootargs", dom0.arguments());
      module("/chosen", "multiboot,kernel", dom0.kernel());
      BootFile ramdisk = dom0.ramdisk();
      if (ramdisk != null) {
        module("/chosen", "multiboot,ramdisk", ramdisk);
      }
    }
    // U-Boot puts a new node before its siblings, and Xen counts domains in the tree's order.
    plan.guests().reversed().forEach(this::guest);
    return script.boot(plan.xen(), "-", plan.tree());
  }

  private void guest(Guest guest) {
    node("/chosen", guest.name());
    String path = "/chosen/" + guest.name();
    text(path, "compatible", "xen,domain");
    cells(path);
    set(path, "memory", UBootShell.longs(guest.memoryKib()));
    set(path, "cpus", UBootShell.cells(List.of(guest.cpus())));
    if (guest.vpl011()) {
      set(path, "vpl011", "");
    }
    if (guest.enhanced()) {
      text(path, "xen,enhanced", "enabled");
    }
    String kernel = module(path, "multiboot,kernel", guest.kernel());
    text(kernel, "bootargs", guest.arguments());
    BootFile ramdisk = guest.ramdisk();
    if (ramdisk != null) {
      module(path, "multiboot,ramdisk", ramdisk);
    }
  }

  private String module(String parent, String type, BootFile file) {
    Placement placement = layout.at(file.name());
    String name = "module@" + Long.toHexString(placement.address());
    node(parent, name);
    String path = parent + "/" + name;
    set(
        path,
        "compatible",
        UBootShell.strings(path + " compatible", List.of(type, "multiboot,module")));
    set(path, "reg", UBootShell.longs(placement.address(), placement.size()));
    return path;
  }

  private void cells(String path) {
    set(path, "#address-cells", CELLS);
    set(path, "#size-cells", CELLS);
  }

  private void text(String path, String property, @Nullable String text) {
    if (text != null) {
      set(path, property, UBootShell.strings(path + " " + property, List.of(text)));
    }
  }

  private void set(String path, String property, String value) {
    script.fdt(
        path + " " + property,
        "set %s %s%s".formatted(path, UBootShell.word("property", property), value));
  }

  private void node(String parent, String name) {
    script.fdt("node %s/%s".formatted(parent, name), "mknode %s %s".formatted(parent, name));
  }
}
