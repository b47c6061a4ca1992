package dev.bringup.image;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

class DeviceTreeFuzzTest {
  @FuzzTest
  void readsOrRefuses(byte[] data) {
    ImageInspector.inspect(data);
    try {
      byte[] written = DeviceTree.read(data).encode();
      if (!Arrays.equals(DeviceTree.read(written).encode(), written)) {
        throw new AssertionError("not stable");
      }
    } catch (ImageFormatException refused) {
      // the one documented way to say no
    }
  }
}
