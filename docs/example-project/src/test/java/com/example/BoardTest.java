package com.example;

import dev.bringup.junit.FeatureTests;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

class BoardTest {
  @TestFactory
  Stream<DynamicNode> features() {
    return FeatureTests.of("src/test/features").onBoard("qemu-virt").glue("com.example").tests();
  }
}
