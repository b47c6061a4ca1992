package dev.bringup.tftp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * One buffer to receive into and one to send from, for all transfers of an event loop. A packet is
 * handled and its answer handed to the kernel before the next one is looked at, so these two are
 * nearly always free, and stay in the processor's cache. Belongs to the event loop.
 */
@SuppressWarnings("deprecation") // RecvByteBufAllocator.Handle: Netty's datagram channels need it
final class PacketBuffers implements AutoCloseable {
  /** For ACK and ERROR. */
  private static final int RECEIVED_BYTES = 2048;

  private static final int SENT_BYTES = 65_536;

  private final ByteBuf received = Unpooled.directBuffer(RECEIVED_BYTES, RECEIVED_BYTES);
  private final ByteBuf sent = Unpooled.directBuffer(SENT_BYTES, SENT_BYTES);

  /** An empty buffer for {@code bytes} bytes; the caller releases it, or hands it to a channel. */
  ByteBuf toSend(ByteBufAllocator alloc, int bytes) {
    // A second reference: the socket's queue was full, and the last packet waits in the channel.
    return sent.refCnt() == 1 && bytes <= SENT_BYTES
        ? sent.retain().clear()
        : alloc.directBuffer(bytes);
  }

  /**
   * For sockets that only small packets arrive at. Reads one packet at a time: in lock step no
   * second one waits, so looking for it would be a system call for nothing.
   */
  RecvByteBufAllocator receiving() {
    return new DefaultMaxMessagesRecvByteBufAllocator(1) {
      @Override
      public Handle newHandle() {
        return new MaxMessageHandle() {
          @Override
          public int guess() {
            return RECEIVED_BYTES;
          }

          @Override
          public ByteBuf allocate(ByteBufAllocator alloc) {
            return received.refCnt() == 1
                ? received.retain().clear()
                : alloc.directBuffer(RECEIVED_BYTES, RECEIVED_BYTES);
          }
        };
      }
    };
  }

  @Override
  public void close() {
    received.release();
    sent.release();
  }
}
