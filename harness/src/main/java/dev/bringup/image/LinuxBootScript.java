package dev.bringup.image;

import dev.bringup.image.BootLayout.Placement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the U-Boot script that loads and starts a Linux kernel without a hypervisor. */
public final class LinuxBootScript {
  /**
   * What to boot.
   *
   * @param memory where files may lie
   * @param tree the device tree to pass on
   * @param edits what the board needs changed in it
   * @param loadCommand U-Boot's command before address and name, such as {@code tftpboot}
   * @param kernel a raw arm64 image
   * @param ramdisk null for none
   * @param arguments the kernel's command line; null leaves the one in the tree
   */
  public record Plan(
      MemoryMap memory,
      TreeSource tree,
      List<DeviceTreeEdit> edits,
      String loadCommand,
      BootFile kernel,
      @Nullable BootFile ramdisk,
      @Nullable String arguments) {
    public Plan {
      edits = List.copyOf(edits);
    }
  }

  private LinuxBootScript() {}

  /**
   * The script for a plan; equal plans give equal scripts.
   *
   * @throws dev.bringup.verdict.BringupException of kind CONFIGURATION naming the file that does
   *     not fit or the text that U-Boot cannot express
   */
  public static BootScript write(Plan plan) {
    List<BootFile> files = new ArrayList<>(List.of(plan.kernel()));
    BootFile ramdisk = plan.ramdisk();
    if (ramdisk != null) {
      files.add(ramdisk);
    }
    BootLayout layout = BootLayout.of(plan.memory(), files, plan.tree());
    ScriptWriter script = new ScriptWriter(plan.memory(), layout, plan.loadCommand());
    script.loadFiles(plan.tree());
    script.prepareTree(plan.tree(), List.of(), plan.edits());
    String arguments = plan.arguments();
    if (arguments != null) {
      script.fdt(
          "/chosen bootargs",
          "set /chosen bootargs" + UBootShell.strings("kernel arguments", List.of(arguments)));
    }
    String ramdiskAddress = "-";
    if (ramdisk != null) {
      Placement placement = layout.at(ramdisk.name());
      ramdiskAddress = "%s:%x".formatted(ScriptWriter.hex(placement.address()), placement.size());
    }
    return script.boot(plan.kernel(), ramdiskAddress, plan.tree());
  }
}
