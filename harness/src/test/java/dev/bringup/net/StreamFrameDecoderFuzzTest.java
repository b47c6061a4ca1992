package dev.bringup.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

class StreamFrameDecoderFuzzTest {
  private final StreamFrameDecoder decoder = new StreamFrameDecoder(0);

  @FuzzTest
  void aStreamIsCutIntoFramesOrRefused(byte[] data) {
    decoder.reset();
    decoder.space().put(data, 0, Math.min(data.length, StreamFrameDecoder.MAX_FRAME));
    try {
      for (ByteBuffer frame = decoder.next(); frame != null; frame = decoder.next()) {
        assertThat(frame.remaining()).isLessThan(data.length);
      }
    } catch (PacketFormatException expected) {
      // The documented answer.
    }
  }
}
