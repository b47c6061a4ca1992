package dev.bringup.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

class DhcpMessageFuzzTest {

  @FuzzTest
  void aMessageIsReadOrRefusedAndReadsTheSameAgain(byte[] data) {
    DhcpMessage message;
    try {
      message = DhcpMessage.decode(ByteBuffer.wrap(data));
    } catch (PacketFormatException expected) {
      return;
    }
    DhcpMessage again = DhcpMessage.decode(ByteBuffer.wrap(message.encode()));
    assertThat(again.options().keySet()).isEqualTo(message.options().keySet());
    assertThat(again.clientMac()).isEqualTo(message.clientMac());
    assertThat(again.transaction()).isEqualTo(message.transaction());
  }
}
