package dev.bringup.image;

import com.code_intelligence.jazzer.junit.FuzzTest;

class UImageFuzzTest {
  @FuzzTest
  void readsOrRefuses(byte[] data) {
    ImageInspector.inspect(data);
    try {
      UImage.read(data).parts();
    } catch (ImageFormatException refused) {
      // the one documented way to say no
    }
  }
}
