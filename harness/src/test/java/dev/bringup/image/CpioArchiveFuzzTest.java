package dev.bringup.image;

import com.code_intelligence.jazzer.junit.FuzzTest;

class CpioArchiveFuzzTest {
  @FuzzTest
  void readsOrRefuses(byte[] data) {
    ImageInspector.inspect(data);
    try {
      CpioArchive.read(data);
    } catch (ImageFormatException refused) {
      // the one documented way to say no
    }
  }
}
