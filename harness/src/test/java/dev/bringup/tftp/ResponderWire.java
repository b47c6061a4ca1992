package dev.bringup.tftp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** Keeps what a responder sends, for a test to read one by one. */
final class ResponderWire implements TftpResponder.Wire {
  record Sent(int port, InetSocketAddress client, TftpPacket packet) {}

  private final ByteBuffer buffer = ByteBuffer.allocate(65507);
  private final Queue<Sent> sent = new ArrayDeque<>();

  @Override
  public ByteBuffer payload() {
    return buffer.clear();
  }

  @Override
  public void send(int port, InetSocketAddress client) {
    var copy = ByteBuffer.allocate(buffer.position()).put(buffer.flip()).flip();
    try {
      sent.add(new Sent(port, client, TftpCodec.decode(copy)));
    } catch (TftpFormatException e) {
      throw new AssertionError(e);
    }
  }

  Sent next() {
    Sent next = sent.poll();
    if (next == null) {
      throw new AssertionError("nothing was sent");
    }
    return next;
  }

  List<TftpPacket> all() {
    var packets = new ArrayList<TftpPacket>();
    while (!sent.isEmpty()) {
      packets.add(sent.remove().packet());
    }
    return packets;
  }

  boolean silent() {
    return sent.isEmpty();
  }
}
