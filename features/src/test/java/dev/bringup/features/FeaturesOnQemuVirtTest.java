package dev.bringup.features;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** All features under QEMU: real U-Boot, Xen, dom0, guests and Linux. */
final class FeaturesOnQemuVirtTest {
  @TestFactory
  Stream<DynamicNode> everyFeaturePasses() {
    return FeatureRuns.onBoard("qemu-virt");
  }
}
