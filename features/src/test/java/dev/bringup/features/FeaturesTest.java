package dev.bringup.features;

import dev.bringup.junit.FeatureTests;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

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

  /** With {@code -Ploops} only, for they take minutes; their contracts run always. */
  @TestFactory
  @EnabledIfSystemProperty(named = "bringup.loops", matches = "true")
  Stream<DynamicNode> everyFeaturePassesOnTheLoopBackBoards() {
    return Stream.of("loop-serial", "loop-ser2net", "loop-rfc2217").flatMap(FeaturesTest::onBoard);
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
