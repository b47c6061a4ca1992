package dev.bringup.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A board that is plugged into a Unix socket as QEMU does it. */
final class SocketBoard extends TestBoard implements AutoCloseable {
  private final SocketChannel channel;
  private final StreamFrameDecoder decoder = new StreamFrameDecoder();

  private SocketBoard(SocketChannel channel) {
    this.channel = channel;
  }

  static SocketBoard plugInto(Path socket) throws IOException {
    return new SocketBoard(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
  }

  /** Blocks until there is a frame. */
  @Override
  EthernetFrame receive() {
    try {
      ByteBuffer frame = decoder.next();
      while (frame == null) {
        if (channel.read(decoder.space()) < 0) {
          throw new AssertionError("the wire was unplugged");
        }
        frame = decoder.next();
      }
      return EthernetFrame.decode(frame);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  void sendRaw(ByteBuffer frame) {
    var framed = ByteBuffer.allocate(4 + frame.remaining());
    framed.putInt(frame.remaining()).put(frame.duplicate()).flip();
    sendBytes(framed);
  }

  void sendBytes(ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean unplugged() throws IOException {
    return channel.read(ByteBuffer.allocate(1)) < 0;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
