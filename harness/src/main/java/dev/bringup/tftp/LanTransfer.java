package dev.bringup.tftp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * One transfer of a {@link TftpResponder}: packets and time go to the {@link Transfer}, what it
 * wants sent goes to the wire, from the transfer's own port.
 */
final class LanTransfer implements Outbox, PacketPath.Wire {
  private final OpenTransfer open;
  private final int port;
  private final TftpResponder.Wire wire;
  private final ReadAhead content;
  private final Transfer transfer;
  private final TransferLog log;
  private final PriorityQueue<Late> late =
      new PriorityQueue<>(
          Comparator.comparingLong(Late::at).thenComparingLong(Late::number)); // few, if any
  private @Nullable PacketPath path;
  private @Nullable TftpOutcome ending;
  private long now;
  private long delayed;
  private boolean told;
  private boolean over;
  private boolean failed;

  /** A packet that a fault delays; those of one instant keep their order. */
  private record Late(long at, long number, Runnable sending) {}

  LanTransfer(OpenTransfer open, int port, TftpResponder.Wire wire) {
    this.open = open;
    this.port = port;
    this.wire = wire;
    content = new ReadAhead(open.content());
    transfer = open.transfer();
    log = open.log();
  }

  InetSocketAddress client() {
    return log.client();
  }

  int port() {
    return port;
  }

  /** Whether it has ended, and nothing that may still arrive needs an answer. */
  boolean over() {
    return over;
  }

  boolean completed() {
    return ending == null && transfer.outcome() instanceof TftpOutcome.Completed;
  }

  long deadline() {
    Late first = late.peek();
    return first == null ? transfer.deadline() : Math.min(first.at(), transfer.deadline());
  }

  /**
   * @param bad the way to the client, if there are faults on it
   */
  void begin(@Nullable PacketPath bad, long now) {
    path = bad;
    event(now, () -> transfer.start(now, this));
  }

  void receive(TftpPacket packet, long now) {
    event(now, () -> transfer.receive(packet, now, this));
  }

  void tick(long now) {
    event(
        now,
        () -> {
          for (Late first = late.peek(); first != null && first.at() <= now; first = late.peek()) {
            late.remove();
            first.sending().run();
          }
          transfer.tick(now, this);
        });
  }

  /** The client sent its request again, or another one. If it begins anew, this is over. */
  void requestAgain(TftpPacket.Request request, long now) {
    event(
        now,
        () -> {
          if (!request.equals(log.request()) || transfer.requestAgain(now, this)) {
            timeOut();
          }
        });
  }

  /** The client is gone. */
  void timeOut() {
    close();
    end(new TftpOutcome.TimedOut());
  }

  void stop(String why) {
    event(now, () -> transfer.refuse(TftpErrorCode.UNDEFINED, why, this));
  }

  private void event(long at, Runnable event) {
    now = at;
    try {
      event.run();
    } catch (RuntimeException e) {
      // A bug, of ours or of somebody's files; the client hears of it, and time can go on.
      transfer.refuse(TftpErrorCode.UNDEFINED, "Server failed: " + e, this);
      finish();
      throw e;
    }
    if (failed) {
      transfer.refuse(TftpErrorCode.UNDEFINED, "File cannot be read any more", this);
    }
    finish();
  }

  private void finish() {
    if (transfer.closed() || ending != null) {
      close();
    }
    TftpOutcome outcome = ending != null ? ending : transfer.outcome();
    if (outcome != null) {
      end(outcome); // after all else: the listener might throw
    }
  }

  private void end(TftpOutcome outcome) {
    if (!told) {
      told = true;
      log.finished(transfer.bytes(), transfer.retransmitted(), outcome, open.hash());
    }
  }

  private void close() {
    if (!over) {
      over = true;
      open.close().run();
    }
  }

  @Override
  public void data(int block, long offset, int length) {
    if (failed) {
      return;
    }
    if (path == null) {
      if (fill(wire.payload(), block, offset, length)) {
        wire.send(port, log.client());
      }
      return;
    }
    var packet = new byte[TftpCodec.HEADER + length];
    if (fill(ByteBuffer.wrap(packet), block, offset, length)) {
      path.pass(packet, this);
    }
  }

  private boolean fill(ByteBuffer packet, int block, long offset, int length) {
    packet.putShort((short) TftpCodec.DATA).putShort((short) block);
    try {
      content.copy(offset, length, packet);
      return true;
    } catch (IOException e) {
      failed = true;
      return false;
    }
  }

  @Override
  public void packet(TftpPacket packet) {
    byte[] bytes = TftpCodec.encode(packet);
    if (path == null) {
      put(bytes);
    } else {
      path.pass(bytes, this);
    }
  }

  private void put(byte[] packet) {
    wire.payload().put(packet);
    wire.send(port, log.client());
  }

  @Override
  public void send(byte[] packet) {
    TftpOutcome ends = TftpCodec.ending(packet);
    ending = ends == null ? ending : ends;
    put(packet);
  }

  @Override
  public void sendLater(Duration delay, byte[] packet) {
    late.add(new Late(now + delay.toNanos(), delayed++, () -> send(packet)));
  }

  /** Blocks are small; reading each from the file would be a system call more for each. */
  private static final class ReadAhead {
    private static final int BYTES = 64 << 10;

    private final TftpContent content;
    private @Nullable ByteBuffer ahead;
    private long aheadAt;

    ReadAhead(TftpContent content) {
      this.content = content;
    }

    /**
     * @param length at most a block's, which is less than {@link #BYTES}
     */
    void copy(long offset, int length, ByteBuffer to) throws IOException {
      if (length == 0) {
        return;
      }
      ByteBuffer buffered = ahead;
      if (buffered == null) {
        buffered = ByteBuffer.allocate((int) Math.min(BYTES, content.size())).limit(0);
        ahead = buffered;
      }
      if (offset < aheadAt || offset + length > aheadAt + buffered.limit()) {
        buffered.clear().limit((int) Math.min(buffered.capacity(), content.size() - offset));
        aheadAt = offset;
        while (buffered.hasRemaining()) {
          if (content.read(offset + buffered.position(), buffered) <= 0) {
            buffered.limit(0);
            throw new IOException("file became shorter while it was being sent");
          }
        }
      }
      to.put(to.position(), buffered, (int) (offset - aheadAt), length);
      to.position(to.position() + length);
    }
  }
}
