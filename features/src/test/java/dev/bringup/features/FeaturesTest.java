package dev.bringup.features;

import dev.bringup.junit.FeatureTests;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** All features on each emulated board: real U-Boot, Xen, dom0, guests and Linux. */
final class FeaturesTest {
  private static final Path ROOT = Path.of(System.getProperty("bringup.root", ".."));

  @TestFactory
  Stream<DynamicNode> everyFeaturePassesOnQemuVirt() {
    return onBoard("qemu-virt");
  }

  @TestFactory
  Stream<DynamicNode> everyFeaturePassesOnEmuVirt() {
    return onBoard("emu-virt");
  }

  private static Stream<DynamicNode> onBoard(String board) {
    return FeatureTests.of(
            ROOT.resolve("features/uboot").toString(),
            ROOT.resolve("features/linux").toString(),
            ROOT.resolve("features/xen").toString(),
            ROOT.resolve("features/faults").toString())
        .boards(ROOT.resolve("boards"))
        .onBoard(board)
        .skipWithoutTools()
        .tests();
  }
}
