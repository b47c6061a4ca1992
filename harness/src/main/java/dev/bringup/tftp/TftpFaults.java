package dev.bringup.tftp;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A bad network between the server and one client. Each fault hits the first packet with its block
 * number on the wire (an OACK counts as block 0); a packet sent again gets through.
 */
public final class TftpFaults implements PacketPath {
  private final Map<Integer, PacketPath> once = new HashMap<>();
  private final List<byte[]> held = new ArrayList<>();
  private final Random random;
  private double loss;

  /**
   * @param seed of {@link #lose}
   */
  public TftpFaults(long seed) {
    random = new Random(seed);
  }

  /** Loses the packet. */
  public TftpFaults drop(int block) {
    return with(block, (packet, wire) -> {});
  }

  /** Sends the packet late. */
  public TftpFaults delay(int block, Duration by) {
    return with(block, (packet, wire) -> wire.sendLater(by, packet));
  }

  /** Sends the packet twice. */
  public TftpFaults duplicate(int block) {
    return with(
        block,
        (packet, wire) -> {
          wire.send(packet);
          wire.send(packet);
        });
  }

  /** Sends the packet after the one that follows it. */
  public TftpFaults reorder(int block) {
    return with(block, (packet, wire) -> held.add(packet));
  }

  /** Sends only the first {@code bytes} bytes of the packet. */
  public TftpFaults cut(int block, int bytes) {
    return with(block, (packet, wire) -> wire.send(Arrays.copyOf(packet, bytes)));
  }

  /** Ends the transfer with an ERROR packet in place of the packet. */
  public TftpFaults error(int block, int code, String text) {
    return with(
        block,
        (packet, wire) -> wire.send(TftpCodec.encode(new TftpPacket.ErrorReply(code, text))));
  }

  /** Loses each packet with this probability, 0 to 1. */
  public TftpFaults lose(double probability) {
    loss = probability;
    return this;
  }

  private TftpFaults with(int block, PacketPath fault) {
    once.put(block, fault);
    return this;
  }

  @Override
  public void pass(byte[] packet, Wire wire) {
    if (random.nextDouble() < loss) {
      return;
    }
    List<byte[]> late = List.copyOf(held);
    held.clear();
    PacketPath fault = once.remove(block(packet));
    if (fault == null) {
      wire.send(packet);
    } else {
      fault.pass(packet, wire);
    }
    late.forEach(wire::send);
  }

  private static int block(byte[] packet) {
    ByteBuffer in = ByteBuffer.wrap(packet);
    return switch (in.getShort()) {
      case TftpCodec.DATA, TftpCodec.ACK -> in.getShort() & 0xffff;
      case TftpCodec.OACK -> 0;
      default -> -1;
    };
  }
}
