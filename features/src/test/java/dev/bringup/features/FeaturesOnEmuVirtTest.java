package dev.bringup.features;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** All features on the built-in machine: real U-Boot, Xen, dom0, guests and Linux. */
final class FeaturesOnEmuVirtTest {
  @TestFactory
  Stream<DynamicNode> everyFeaturePasses() {
    return FeatureRuns.onBoard("emu-virt");
  }
}
