package dev.bringup.features;

import dev.bringup.artifact.BootFiles;
import dev.bringup.emulator.machine.VirtMachine;
import dev.bringup.features.ImageBuilderScript.Loaded;
import dev.bringup.image.DeviceTree;
import dev.bringup.image.DeviceTreeNode;
import dev.bringup.image.UImage;
import dev.bringup.junit.FeatureTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Somebody brings a boot script along that ImageBuilder has made, and the tree that it loads. */
final class ImageBuilderTest {
  private static final long MEMORY_START = 0x4000_0000L;
  private static final long MEMORY_SIZE = 2L << 30;
  private static final String BOOT_SET = "xen-debian12";

  // The scenarios run after the factory's method has returned.
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private static Path folder;

  @TestFactory
  Stream<DynamicNode> itBootsToDom0AndItsBlindnessIsNoticed() throws IOException {
    Path tree = Files.write(folder.resolve("virt.dtb"), tree());
    Path script = folder.resolve("boot.scr");
    Files.write(script, UImage.script(script(Files.size(tree)), Instant.EPOCH).encode());
    Path feature = folder.resolve("imagebuilder.feature");
    Files.writeString(
        feature,
        """
        Feature: A boot script that ImageBuilder has made

          Background:
            Given a board that can run "xen" with 2 GiB of memory
            And the boot set "%s" is staged
            And the boot script is the file "%s"
            And the file "virt.dtb" is staged from "%s"

          Scenario: dom0 comes up
            When the board boots to dom0 within 120 s
            Then dom0 owns 768 MiB
            And the TFTP server sent "virt.dtb" exactly once
            And the TFTP server sent "xen" exactly once
            When dom0 runs "cat /sys/hypervisor/type"
            Then the output is "xen"

          # The script goes on after a load that failed and starts what lies in memory.
          Scenario: a file is missing
            Given the file "xen" is missing on the TFTP server
            When the board tries to boot to dom0
            Then the boot fails with an infrastructure error because of "tftp error"
            And the failure names the file "xen"
        """
            .formatted(BOOT_SET, script, tree));
    return FeatureTests.of(feature.toString())
        .boards(RealParts.root().resolve("boards"))
        .onBoard("emu-virt")
        .skipWithoutTools()
        .tests();
  }

  private static String script(long treeSize) {
    BootFiles files = RealParts.files(BOOT_SET);
    var script = new ImageBuilderScript(MEMORY_START);
    Loaded kernel = load(script, files, "Image");
    Loaded ramdisk = load(script, files, "dom0.cpio.gz");
    Loaded xen = load(script, files, "xen");
    Loaded tree = script.load("virt.dtb", treeSize);
    script.useTree(
        tree, "console=dtuart dtuart=/pl011@9000000 dom0_mem=768M dom0_max_vcpus=1 bootscrub=0");
    script.dom0(kernel, "console=hvc0 clk_ignore_unused rdinit=/init", ramdisk);
    script.boot(xen, tree);
    return script.text();
  }

  private static Loaded load(ImageBuilderScript script, BootFiles files, String name) {
    return script.load(name, files.file(name).size());
  }

  /** The machine's own tree as a file, as QEMU's dumpdtb gives its users one. */
  private static byte[] tree() {
    var configuration = new VirtMachine.Configuration(2, MEMORY_SIZE, true, false, Instant.EPOCH);
    var flash = new VirtMachine.Flash("nothing", new byte[0]);
    var nobody =
        new VirtMachine.Outside() {
          @Override
          public void console(int value) {}

          @Override
          public void frame(byte[] frame) {}

          @Override
          public void reset() {}
        };
    try (var machine = new VirtMachine(configuration, flash, null, List.of(), nobody)) {
      DeviceTree tree = machine.deviceTree();
      // dom0 dies when it probes this block.
      tree.find("/pl061@9030000").ifPresent(DeviceTreeNode::disable);
      return tree.encode();
    }
  }
}
