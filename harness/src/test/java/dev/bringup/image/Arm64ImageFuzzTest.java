package dev.bringup.image;

import com.code_intelligence.jazzer.junit.FuzzTest;

class Arm64ImageFuzzTest {
  @FuzzTest
  void readsOrRefuses(byte[] data) {
    ImageInspector.inspect(data);
    try {
      Arm64Image.read(data).problems();
    } catch (ImageFormatException refused) {
      // the one documented way to say no
    }
  }
}
