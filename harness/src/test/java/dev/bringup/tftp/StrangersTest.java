package dev.bringup.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrangersTest {
  private static final InetSocketAddress US =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 50_000);
  private static final InetSocketAddress STRANGER =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 50_001);

  private final EmbeddedChannel channel = new EmbeddedChannel(new Strangers());

  private void hear(byte[] packet) {
    channel.writeInbound(new DatagramPacket(Unpooled.wrappedBuffer(packet), US, STRANGER));
  }

  @Test
  void aPacketOfNoTransferIsAnsweredWithAnError() throws TftpFormatException {
    hear(TftpCodec.encode(new TftpPacket.Ack(1)));
    DatagramPacket answer = channel.readOutbound();
    assertThat(answer.recipient()).isEqualTo(STRANGER);
    assertThat(TftpCodec.decode(answer.content().nioBuffer()))
        .isEqualTo(new TftpPacket.ErrorReply(5, "Unknown transfer ID"));
    answer.release();
  }

  /** Two transfers that are strangers to each other would answer for ever. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 24})
  void anErrorIsNotAnswered(int length) {
    byte[] error = TftpCodec.encode(new TftpPacket.ErrorReply(5, "Unknown transfer ID"));
    hear(ByteBuffer.allocate(length).put(error, 0, length).array());
    DatagramPacket answer = channel.readOutbound();
    assertThat(answer).isNull();
  }
}
