package dev.bringup.tftp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes datagrams of what a transfer wants sent. Blocks of one window go to the kernel as one
 * buffer where it can cut that into datagrams itself, which costs a fraction of sending each. Lives
 * on the channel's event loop.
 */
final class PacketSender implements Outbox, PacketPath.Wire {
  /** The kernel cuts at most 64 datagrams off one buffer, which itself must fit in a datagram. */
  private static final int MAX_SEGMENTS = 64;

  private static final int MAX_SEGMENTED_BYTES = 65_000;

  /** What the kernel cuts must fit the MTU; larger blocks it fragments, one by one. */
  private static final int MAX_SEGMENT_BYTES = 1472;

  /** Blocks are small; reading each from the file would be a system call more for each. */
  private static final int READ_AHEAD = 64 << 10;

  private final Channel channel;
  private final PacketBuffers buffers;
  private final InetSocketAddress client;
  private final boolean connected;
  private final TftpContent content;
  private final @Nullable PacketPath path;
  private final Runnable onCutFailure;
  private int maxSegments;

  /** Room for a header, then content from {@link #aheadAt} to {@link #aheadEnd}. */
  private @Nullable ByteBuf ahead;

  private long aheadAt;

  /** Content before this has given way to a header. */
  private long aheadFrom;

  private long aheadEnd;

  /** DATA packets of equal length, the last perhaps shorter. */
  private @Nullable ByteBuf batch;

  private int segment;
  private int room;
  private boolean unsent;
  private boolean failed;
  private @Nullable TftpOutcome ending;

  /**
   * @param segments how many blocks to hand over at once, at least 1
   * @param onCutFailure is called when the network device refuses to cut; what was to be sent is
   *     lost then, and will not be tried that way again
   */
  PacketSender(
      Channel channel,
      PacketBuffers buffers,
      InetSocketAddress client,
      TftpContent content,
      @Nullable PacketPath path,
      int segments,
      Runnable onCutFailure) {
    this.channel = channel;
    this.buffers = buffers;
    this.client = client;
    connected = channel instanceof DatagramChannel socket && socket.isConnected();
    this.content = content;
    this.path = path;
    this.onCutFailure = onCutFailure;
    maxSegments = path == null ? Math.min(segments, MAX_SEGMENTS) : 1;
  }

  @Override
  public void data(int block, long offset, int length) {
    if (failed) {
      return;
    }
    try {
      ByteBuf from = ahead(offset, length);
      int at = (int) (offset - aheadAt);
      if (maxSegments == 1 && path == null) {
        aheadFrom = offset;
        sendInPlace(block, from, at, length);
      } else {
        addToBatch(block, from, at, length);
      }
    } catch (IOException e) {
      failed = true;
    }
  }

  /**
   * Sends a block from where it was read to, without copying it: its header takes the place of the
   * last bytes of the block before it, which the kernel has.
   */
  private void sendInPlace(int block, ByteBuf from, int at, int length) {
    from.setShort(at, TftpCodec.DATA).setShort(at + 2, block);
    write(from.retain().setIndex(at, at + TftpCodec.HEADER + length));
    flush();
  }

  private void addToBatch(int block, ByteBuf from, int at, int length) {
    int bytes = TftpCodec.HEADER + length;
    if (batch != null && bytes > segment) {
      sendBatch();
    }
    if (batch == null) {
      int fitting = bytes > MAX_SEGMENT_BYTES ? 1 : MAX_SEGMENTED_BYTES / bytes;
      room = bytes * Math.min(maxSegments, fitting);
      batch = buffers.toSend(channel.alloc(), room);
      segment = bytes;
    }
    ByteBuf out = batch;
    out.writeShort(TftpCodec.DATA).writeShort(block);
    out.writeBytes(from, at + TftpCodec.HEADER, length);
    if (bytes < segment || out.readableBytes() + bytes > room) {
      sendBatch();
    }
  }

  /** {@link #ahead} with this part of the content, and no packet in it that waits. */
  private ByteBuf ahead(long offset, int length) throws IOException {
    if (ahead != null && ahead.refCnt() > 1) { // the socket's queue was full
      ahead.release();
      ahead = null;
    }
    if (ahead == null) {
      ahead = channel.alloc().directBuffer(TftpCodec.HEADER + READ_AHEAD);
      aheadEnd = 0;
    }
    ByteBuf buffered = ahead;
    if (offset < aheadFrom || offset + length > aheadEnd) {
      aheadAt = offset;
      aheadFrom = offset;
      aheadEnd = offset;
      int wanted = (int) Math.min(READ_AHEAD, content.size() - offset);
      var view = buffered.nioBuffer(TftpCodec.HEADER, wanted);
      while (view.hasRemaining()) {
        int read = content.read(aheadEnd, view);
        if (read <= 0) {
          throw new IOException("file became shorter while it was being sent");
        }
        aheadEnd += read;
      }
    }
    return buffered;
  }

  /** Whether the content could not be read; nothing more is sent from it. */
  boolean failed() {
    return failed;
  }

  /** How an ERROR packet that came out of the fault path ended the transfer; null if none did. */
  @Nullable TftpOutcome ending() {
    return ending;
  }

  private void sendBatch() {
    ByteBuf out = batch;
    batch = null;
    if (out == null) {
      return;
    }
    if (path != null) {
      byte[] packet = new byte[out.readableBytes()];
      out.readBytes(packet).release();
      path.pass(packet, this);
    } else if (out.readableBytes() > segment) {
      unsent = true;
      channel
          .write(new SegmentedDatagramPacket(out, segment, client))
          .addListener(
              (ChannelFutureListener)
                  future -> {
                    if (!future.isSuccess() && channel.isOpen() && maxSegments > 1) {
                      maxSegments = 1;
                      onCutFailure.run();
                    }
                  });
    } else {
      write(out);
    }
  }

  @Override
  public void packet(TftpPacket packet) {
    sendBatch();
    byte[] bytes = TftpCodec.encode(packet);
    if (path != null) {
      path.pass(bytes, this);
    } else {
      send(bytes);
    }
  }

  @Override
  public void send(byte[] packet) {
    if (path != null) {
      TftpOutcome ends = TftpCodec.ending(packet);
      ending = ends == null ? ending : ends;
    }
    write(Unpooled.wrappedBuffer(packet));
  }

  @Override
  public void sendLater(Duration delay, byte[] packet) {
    var _ =
        channel
            .eventLoop()
            .schedule(
                () -> {
                  send(packet);
                  flush();
                },
                delay.toNanos(),
                TimeUnit.NANOSECONDS);
  }

  private void write(ByteBuf packet) {
    unsent = true;
    // A datagram that cannot be sent is a lost one: the retransmission timer deals with it.
    Object message = connected ? packet : new DatagramPacket(packet, client);
    var _ = channel.write(message, channel.voidPromise());
  }

  void flush() {
    sendBatch();
    if (unsent) {
      unsent = false;
      channel.flush();
    }
  }

  void release() {
    if (batch != null) {
      batch.release();
      batch = null;
    }
    if (ahead != null) {
      ahead.release();
      ahead = null;
    }
  }
}
