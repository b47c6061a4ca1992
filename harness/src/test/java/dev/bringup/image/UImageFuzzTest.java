package dev.bringup.image;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

class UImageFuzzTest {
  @FuzzTest
  void readsOrRefuses(byte[] data) {
    ImageInspector.inspect(data);
    read(data);
    if (data.length >= UImage.HEADER_SIZE) {
      read(withRightChecksums(data));
    }
  }

  private static void read(byte[] data) {
    try {
      UImage.read(data).parts();
    } catch (ImageFormatException refused) {
      // the one documented way to say no
    }
  }

  /** Chance does not find checksums; without this nothing behind them would be reached. */
  private static byte[] withRightChecksums(byte[] data) {
    byte[] image = data.clone();
    ByteBuffer header = ByteBuffer.wrap(image);
    int size = image.length - UImage.HEADER_SIZE;
    header.putInt(12, size);
    header.putInt(24, ImageBytes.crc32(image, UImage.HEADER_SIZE, size));
    header.putInt(4, 0);
    header.putInt(4, ImageBytes.crc32(image, 0, UImage.HEADER_SIZE));
    return image;
  }
}
