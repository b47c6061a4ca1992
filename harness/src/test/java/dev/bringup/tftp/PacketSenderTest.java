package dev.bringup.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The channel here is a socket whose queue is full until a packet is taken out of it. */
class PacketSenderTest {
  private static final int BLOCK = 512;
  private static final int BLOCKS = 300; // more than are read ahead

  private final byte[] bytes = new byte[BLOCKS * BLOCK];
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final PacketBuffers buffers = new PacketBuffers();
  private final PacketSender sender;

  PacketSenderTest() {
    new Random(1).nextBytes(bytes);
    sender =
        new PacketSender(
            channel,
            buffers,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 69),
            BytesContent.of(bytes),
            null,
            1,
            () -> {
              throw new AssertionError("nothing is cut here");
            });
  }

  @AfterEach
  void release() {
    sender.release();
    buffers.close();
    channel.finishAndReleaseAll();
  }

  private void send(int block) {
    int offset = (block - 1) * BLOCK;
    sender.data(block, offset, Math.min(BLOCK, bytes.length - offset));
    sender.flush();
  }

  private void assertNextIs(int block) {
    DatagramPacket packet = channel.readOutbound();
    assertThat(packet).isNotNull();
    int offset = (block - 1) * BLOCK;
    int length = Math.min(BLOCK, bytes.length - offset);
    byte[] payload = Arrays.copyOfRange(bytes, offset, offset + length);
    byte[] expected =
        ByteBuffer.allocate(TftpCodec.HEADER + length)
            .putShort((short) TftpCodec.DATA)
            .putShort((short) block)
            .put(payload)
            .array();
    assertThat(ByteBufUtil.getBytes(packet.content())).as("block " + block).isEqualTo(expected);
    packet.release();
  }

  @Test
  void inLockStepEachBlockIsItsPartOfTheFile() {
    for (int block = 1; block <= BLOCKS + 1; block++) { // the last one is empty
      send(block);
      assertNextIs(block);
    }
    assertThat(sender.failed()).isFalse();
  }

  @Test
  void aBlockSentAgainIsTheSameAndSoIsAnEarlierOne() {
    for (int block : new int[] {1, 2, 2, 3, 2, 1, 200, 199, 200, 301, 301, 300, 1}) {
      send(block);
      assertNextIs(block);
    }
  }

  @Test
  void packetsThatWaitForTheSocketKeepTheirBytes() {
    for (int block : new int[] {1, 2, 2, 3}) {
      send(block);
    }
    for (int block : new int[] {1, 2, 2, 3}) {
      assertNextIs(block);
    }
    send(4);
    assertNextIs(4);
  }
}
