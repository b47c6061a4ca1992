package com.example;

import dev.bringup.junit.FeatureTests;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

class BoardTest {
  @TestFactory
  Stream<DynamicNode> features() {
    return FeatureTests.of("src/test/features").onBoard("emu-virt").glue("com.example").tests();
  }
}
