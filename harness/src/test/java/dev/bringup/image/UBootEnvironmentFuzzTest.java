package dev.bringup.image;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.bringup.image.UBootEnvironment.Layout;

class UBootEnvironmentFuzzTest {
  @FuzzTest
  void readsOrRefuses(byte[] data) {
    try {
      UBootEnvironment read = UBootEnvironment.fromText(data);
      if (!UBootEnvironment.fromText(read.toText()).equals(read)) {
        throw new AssertionError("not stable");
      }
    } catch (ImageFormatException refused) {
      // the one documented way to say no
    }
    try {
      UBootEnvironment.fromBlock(data, Layout.SINGLE);
    } catch (ImageFormatException refused) {
      // the one documented way to say no
    }
  }
}
