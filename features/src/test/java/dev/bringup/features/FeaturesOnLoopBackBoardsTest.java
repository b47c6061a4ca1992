package dev.bringup.features;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** With {@code -Ploops} only, for they take minutes; the contracts of these boards run always. */
final class FeaturesOnLoopBackBoardsTest {
  @TestFactory
  @EnabledIfSystemProperty(named = "bringup.loops", matches = "true")
  Stream<DynamicNode> everyFeaturePasses() {
    return Stream.of("loop-serial", "loop-ser2net", "loop-rfc2217").flatMap(FeatureRuns::onBoard);
  }
}
