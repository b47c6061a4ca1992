package dev.bringup.tftp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * A server's {@link Transfer} and a client of its own kind, with a network between them that does
 * with each packet what a test says, in simulated time.
 */
final class TransferSimulation {
  /** What happens to one packet. */
  enum Fate {
    ARRIVES,
    LOST,
    DOUBLED,
    LATE
  }

  /** Decides by the packet's number, counted in both directions together. */
  interface Network {
    Fate fate(int number);
  }

  private static final long LATENCY = 1_000_000;
  private static final long LATE_BY = 2_500_000;
  private static final long LIMIT = 200_000_000_000L;

  final byte[] content;
  final TftpOptions options;
  final boolean wrapToOne;
  private final Network network;
  private final SimulatedTime time = new SimulatedTime();
  private final List<String> trace = new ArrayList<>();
  private int packets;

  TransferSimulation(byte[] content, TftpOptions options, boolean wrapToOne, Network network) {
    this.content = content;
    this.options = options;
    this.wrapToOne = wrapToOne;
    this.network = network;
  }

  int packets() {
    return packets;
  }

  long now() {
    return time.now();
  }

  String trace() {
    return String.join("\n", trace);
  }

  private void carry(String direction, byte[] packet, Queue<byte[]> inbox, Runnable arrived) {
    Fate fate = network.fate(packets++);
    if (trace.size() < 200) {
      trace.add(now() / 1000 + "us " + direction + " " + head(packet) + " " + fate);
    }
    Runnable arrive =
        () -> {
          inbox.add(packet);
          arrived.run();
        };
    switch (fate) {
      case LOST -> {}
      case ARRIVES -> time.at(now() + LATENCY, arrive);
      case LATE -> time.at(now() + LATE_BY, arrive);
      case DOUBLED -> {
        time.at(now() + LATENCY, arrive);
        time.at(now() + LATENCY + 1, arrive);
      }
    }
  }

  private static String head(byte[] packet) {
    ByteBuffer in = ByteBuffer.wrap(packet);
    return in.getShort() + ":" + (packet.length >= 4 ? in.getShort() & 0xffff : 0);
  }

  /** One end: a transfer, its inbox and its timer. */
  private final class End implements Outbox {
    final Transfer transfer;
    final String direction;
    final Queue<byte[]> inbox = new ArrayDeque<>();
    End peer = this;
    long tickAt = Long.MAX_VALUE;

    End(Transfer transfer, String direction) {
      this.transfer = transfer;
      this.direction = direction;
    }

    void start() {
      transfer.start(now(), this);
      tick();
    }

    private void tick() {
      if (transfer.closed() || tickAt == transfer.deadline()) {
        return;
      }
      tickAt = transfer.deadline();
      long mine = tickAt;
      time.at(
          mine,
          () -> {
            if (tickAt == mine) {
              tickAt = Long.MAX_VALUE;
              transfer.tick(now(), this);
              tick();
            }
          });
    }

    void arrived() {
      byte[] bytes = inbox.remove();
      try {
        transfer.receive(TftpCodec.decode(ByteBuffer.wrap(bytes)), now(), this);
      } catch (TftpFormatException e) {
        throw new AssertionError(e);
      }
      tick();
    }

    @Override
    public void data(int block, long offset, int length) {
      packet(new TftpPacket.Data(block, ByteBuffer.wrap(content, (int) offset, length).slice()));
    }

    @Override
    public void packet(TftpPacket packet) {
      carry(direction, TftpCodec.encode(packet), peer.inbox, peer::arrived);
    }
  }

  /** Keeps what was written in memory; knows whether it was committed. */
  static final class Memory implements TftpUpload {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int commits;

    @Override
    public void write(ByteBuffer more) throws IOException {
      byte[] copy = new byte[more.remaining()];
      more.get(copy);
      bytes.writeBytes(copy);
    }

    @Override
    public void commit() {
      commits++;
    }

    @Override
    public String sha256() {
      return Sha256.of(bytes.toByteArray());
    }

    @Override
    public void close() {}
  }

  record Result(Transfer sender, Transfer receiver, Memory received) {}

  /** A request over the network; the receiver starts like a client that has just got the OACK. */
  Result run() {
    var memory = new Memory();
    // The receiver answers with ACK 0 when it has options; the OACK itself is not simulated for it.
    var plain =
        new TftpOptions(
            options.blksize(), options.windowsize(), options.timeoutSeconds(), Map.of());
    End sender = new End(new ReadTransfer(content.length, plain, wrapToOne), ">");
    End receiver = new End(new WriteTransfer(memory, plain, wrapToOne), "<");
    sender.peer = receiver;
    receiver.peer = sender;
    sender.start();
    receiver.transfer.start(now(), new Silent());
    receiver.tick();
    while (time.pass(LIMIT)) {} // until nothing is left to do
    return new Result(sender.transfer, receiver.transfer, memory);
  }

  /** The receiver's first ACK is what makes a real sender send its first window; here it did. */
  private static final class Silent implements Outbox {
    @Override
    public void data(int block, long offset, int length) {}

    @Override
    public void packet(TftpPacket packet) {}
  }
}
