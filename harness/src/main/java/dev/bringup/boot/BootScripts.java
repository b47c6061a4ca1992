package dev.bringup.boot;

import dev.bringup.artifact.BootFiles;
import dev.bringup.artifact.BootPlan;
import dev.bringup.board.BoardFile;
import dev.bringup.boot.BootConfiguration.Part;
import dev.bringup.image.BootFile;
import dev.bringup.image.BootScript;
import dev.bringup.image.DeviceTreeEdit;
import dev.bringup.image.LinuxBootScript;
import dev.bringup.image.MemoryMap;
import dev.bringup.image.TreeSource;
import dev.bringup.image.XenBootScript;
import dev.bringup.units.ByteSize;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the boot script for a configuration on a board. */
final class BootScripts {
  private final BoardFile board;
  private final BootConfiguration configuration;

  private BootScripts(BoardFile board, BootConfiguration configuration) {
    this.board = board;
    this.configuration = configuration;
  }

  /**
   * The script that boots {@code configuration} on {@code board}.
   *
   * @throws BringupException (configuration) if the board lacks something that it needs
   */
  static BootScript of(BoardFile board, BootConfiguration configuration) {
    return new BootScripts(board, configuration).script();
  }

  private BootScript script() {
    BootPlan plan =
        configuration
            .files()
            .set()
            .boot()
            .orElseThrow(() ->
                BringupException.configuration(
                    "boot set %s only names files; there is nothing in it to boot"
                        .formatted(configuration.files().set().name())));
    return switch (plan) {
      case BootPlan.Xen xen -> XenBootScript.write(xen(xen));
      case BootPlan.Linux linux ->
          LinuxBootScript.write(
              new LinuxBootScript.Plan(
                  memory(),
                  tree(),
                  edits(),
                  loadCommand(),
                  file(linux.kernel()),
                  file(linux.ramdisk()),
                  linux.arguments()));
    };
  }

  private XenBootScript.Plan xen(BootPlan.Xen plan) {
    BootPlan.Dom0 dom0 = plan.dom0();
    return new XenBootScript.Plan(
        memory(),
        tree(),
        configuration.treeCommands(),
        edits(),
        loadCommand(),
        file(plan.image()),
        xenArguments(plan),
        configuration.has(Part.DOM0_KERNEL)
            ? new XenBootScript.Dom0(file(dom0.kernel()), file(dom0.ramdisk()), dom0.arguments())
            : null,
        plan.guests(BootPlan.Guest.Start.DOM0LESS).stream().map(this::guest).toList());
  }

  private @Nullable String xenArguments(BootPlan.Xen plan) {
    if (!configuration.has(Part.XEN_COMMAND_LINE)) {
      return null;
    }
    BootPlan.Dom0 dom0 = plan.dom0();
    ByteSize memory = configuration.dom0Memory().orElse(dom0.memory());
    var promised =
        new BootPlan.Dom0(
            dom0.kernel(), dom0.ramdisk(), dom0.arguments(), memory, dom0.vcpus(), dom0.shell());
    String dtuart = board.require(board.xen(), "xen").dtuart();
    return new BootPlan.Xen(plan.image(), plan.arguments(), promised, plan.guests())
        .commandLine("console=dtuart dtuart=" + dtuart);
  }

  private XenBootScript.Guest guest(BootPlan.Guest guest) {
    ByteSize memory = configuration.guestMemory().getOrDefault(guest.name(), guest.memory());
    return new XenBootScript.Guest(
        guest.name(),
        file(guest.kernel()),
        file(guest.ramdisk()),
        memory.bytes() / 1024,
        guest.vcpus(),
        true,
        guest.enhanced(),
        guest.arguments());
  }

  private BootFile file(String name) {
    BootFiles.BootFile file = configuration.files().file(name);
    // The boot waits for this, and kernels are large.
    try (InputStream in = Files.newInputStream(file.path())) {
      return BootFile.of(name, in.readNBytes(BootFile.BEGINNING), Files.size(file.path()));
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot read " + file.path() + ": " + e.getMessage(),
          "run: ./bringup artifacts verify",
          e);
    }
  }

  private MemoryMap memory() {
    return new MemoryMap(
        board.memoryMap().ram().value(),
        board.memory().bytes(),
        board.memoryMap().script().value(),
        board.memoryMap().load().value());
  }

  private TreeSource tree() {
    BoardFile.DeviceTree tree = board.require(board.deviceTree(), "device-tree");
    requireTree(board, tree, configuration.files());
    return tree.address() != null
        ? new TreeSource.Firmware(tree.address().value(), tree.size().bytes())
        : new TreeSource.Staged(file(tree.source()));
  }

  /** Refuses a boot set that lacks the device tree of the board. */
  static void requireTree(BoardFile board, BoardFile.DeviceTree tree, BootFiles files) {
    if (!tree.isFromFirmware() && !files.files().containsKey(tree.source())) {
      throw new BringupException(
          FailureKind.CONFIGURATION,
          "%s: board %s boots with the device tree \"%s\", which is not among the files of boot set %s"
              .formatted(files.set().origin(), board.name(), tree.source(), files.set().name()),
          "name a boot set that has it, or add it to the files of this one",
          null);
    }
  }

  private List<DeviceTreeEdit> edits() {
    BoardFile.DeviceTree tree = board.require(board.deviceTree(), "device-tree");
    return configuration.has(Part.DEVICE_TREE_EDITS)
        ? tree.edits().stream()
            .map(edit ->
                DeviceTreeEdit.text(edit.path(), edit.property(), edit.value(), edit.reason())
                    .ifPresent())
            .toList()
        : List.of();
  }

  private String loadCommand() {
    return board.require(board.network(), "network").loadCommand();
  }
}
