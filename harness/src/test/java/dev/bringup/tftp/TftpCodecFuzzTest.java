package dev.bringup.tftp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

class TftpCodecFuzzTest {
  @FuzzTest
  void anyPacketIsReadTheSameTwiceOrRefused(byte[] data) {
    try {
      TftpPacket packet = TftpCodec.decode(ByteBuffer.wrap(data));
      TftpPacket again = TftpCodec.decode(ByteBuffer.wrap(TftpCodec.encode(packet)));
      if (!again.equals(packet)) {
        throw new AssertionError(packet + " became " + again);
      }
    } catch (TftpFormatException e) {
      // The documented answer.
    }
  }
}
