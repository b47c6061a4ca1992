package dev.bringup.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamFrameDecoderTest {

  @Test
  void framesArriveWholeHoweverTheStreamIsCut() {
    byte[] stream = {0, 0, 0, 2, 7, 8, 0, 0, 0, 0, 0, 0, 0, 1, 9};
    for (int cut = 0; cut <= stream.length; cut++) {
      var decoder = new StreamFrameDecoder();
      var frames = new ArrayList<byte[]>();
      feed(decoder, ByteBuffer.wrap(stream, 0, cut), frames);
      feed(decoder, ByteBuffer.wrap(stream, cut, stream.length - cut), frames);
      assertThat(frames).as("cut at %d", cut).containsExactly(bytes(7, 8), bytes(), bytes(9));
    }
    var decoder = new StreamFrameDecoder();
    var frames = new ArrayList<byte[]>();
    for (byte one : stream) {
      feed(decoder, ByteBuffer.wrap(new byte[] {one}), frames);
    }
    assertThat(frames).containsExactly(bytes(7, 8), bytes(), bytes(9));
  }

  @Test
  void whatTheQueueWritesInPiecesTheDecoderReads() throws IOException {
    long seed = 1468;
    var random = new Random(seed);
    var queue = new FrameQueue(1 << 18);
    var decoder = new StreamFrameDecoder();
    var sent = new ArrayDeque<byte[]>();
    var channel = new SlowChannel(random, decoder, sent, seed);
    for (int i = 0; i < 2000; i++) {
      byte[] frame =
          new byte[random.nextInt(20) == 0 ? random.nextInt(65536) : random.nextInt(1600)];
      random.nextBytes(frame);
      if (queue.add(ByteBuffer.wrap(frame))) {
        sent.add(frame);
      }
      if (random.nextInt(3) == 0) {
        var _ = queue.writeTo(channel);
      }
    }
    while (!queue.writeTo(channel)) {
      assertThat(sent).as("seed %d", seed).isNotEmpty();
    }
    assertThat(sent).as("seed %d", seed).isEmpty();
  }

  @Test
  void aFullQueueRefusesAndKeepsWhatItHas() {
    var queue = new FrameQueue(100);
    assertThat(queue.add(ByteBuffer.allocate(90))).isTrue();
    assertThat(queue.add(ByteBuffer.allocate(10))).isFalse();
    assertThat(queue.add(ByteBuffer.allocate(2))).isTrue();
  }

  @Test
  void aLengthThatNoFrameHasIsRefused() {
    for (int length : new int[] {-1, Integer.MIN_VALUE, StreamFrameDecoder.MAX_FRAME + 1}) {
      var decoder = new StreamFrameDecoder();
      decoder.space().putInt(length);
      assertThatThrownBy(decoder::next).isInstanceOf(PacketFormatException.class);
      decoder.reset();
      decoder.space().putInt(0);
      assertThat(decoder.next()).isNotNull();
    }
  }

  @Test
  void thereIsAlwaysRoomForTheRestOfTheLargestFrame() {
    var decoder = new StreamFrameDecoder(0);
    var frames = new ArrayList<byte[]>();
    var stream = ByteBuffer.allocate(3 * (4 + StreamFrameDecoder.MAX_FRAME));
    for (int i = 0; i < 3; i++) {
      stream.putInt(i * (4 + StreamFrameDecoder.MAX_FRAME), StreamFrameDecoder.MAX_FRAME);
    }
    feed(decoder, stream, frames);
    assertThat(frames).hasSize(3);
  }

  private static void feed(StreamFrameDecoder decoder, ByteBuffer bytes, List<byte[]> frames) {
    do {
      ByteBuffer space = decoder.space();
      int count = Math.min(space.remaining(), bytes.remaining());
      space.put(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
      for (ByteBuffer frame = decoder.next(); frame != null; frame = decoder.next()) {
        byte[] copy = new byte[frame.remaining()];
        frame.get(copy);
        frames.add(copy);
      }
    } while (bytes.hasRemaining());
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private record SlowChannel(
      Random random, StreamFrameDecoder decoder, ArrayDeque<byte[]> sent, long seed)
      implements WritableByteChannel {
    @Override
    public int write(ByteBuffer source) {
      int count = Math.min(source.remaining(), random.nextInt(200_000));
      var frames = new ArrayList<byte[]>();
      feed(decoder, source.slice(source.position(), count), frames);
      source.position(source.position() + count);
      for (byte[] frame : frames) {
        assertThat(frame).as("seed %d", seed).isEqualTo(sent.remove());
      }
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
