package dev.bringup.features;

import dev.bringup.junit.FeatureTests;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** The features on the boards that this machine can play: real U-Boot, Xen, dom0, guests, Linux. */
final class FeaturesTest {
  private static final Path ROOT = Path.of(System.getProperty("bringup.root", ".."));

  @TestFactory
  Stream<DynamicNode> everyFeaturePassesOnQemuVirt() {
    return FeatureTests.of(
            ROOT.resolve("features/uboot").toString(),
            ROOT.resolve("features/linux").toString(),
            ROOT.resolve("features/xen").toString(),
            ROOT.resolve("features/faults").toString())
        .boards(ROOT.resolve("boards"))
        .onBoard("qemu-virt")
        .skipWithoutTools()
        .tests();
  }

  /** Without Xen: the built-in machine comes so far. */
  @TestFactory
  Stream<DynamicNode> everyFeatureOfUBootAndLinuxPassesOnEmuVirt() {
    return FeatureTests.of(
            ROOT.resolve("features/uboot").toString(), ROOT.resolve("features/linux").toString())
        .boards(ROOT.resolve("boards"))
        .onBoard("emu-virt")
        .skipWithoutTools()
        .tests();
  }
}
