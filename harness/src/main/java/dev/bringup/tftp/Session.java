package dev.bringup.tftp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One transfer on its own socket: packets and time go to the {@link Transfer}, what it wants sent
 * goes to the {@link PacketSender}. Everything happens on the channel's event loop.
 */
final class Session extends SimpleChannelInboundHandler<DatagramPacket> {
  /**
   * Board time can be slower than wall time, or stand still: look again after this at the least.
   */
  private static final long SHORTEST_TICK_NANOS = 5_000_000;

  private static final int NONE = -1;

  private final OpenTransfer open;
  private final @Nullable PacketPath path;
  private final boolean segmenting;
  private final PacketBuffers buffers;
  private final Round round;
  private final Runnable onClosed;
  private final Transfer transfer;
  private final TransferLog log;

  private @Nullable ChannelHandlerContext context;
  private @Nullable PacketSender sender;
  private int unanswered = NONE;
  private boolean ended;
  private boolean closing;
  private @Nullable Future<?> tick;

  /** The deadline that {@link #tick} is for. */
  private long tickFor;

  /**
   * @param path for faults; null for none
   * @param segmenting whether the channel takes segmented datagrams
   */
  Session(
      OpenTransfer open,
      @Nullable PacketPath path,
      boolean segmenting,
      PacketBuffers buffers,
      Round round,
      Runnable onClosed) {
    this.open = open;
    this.path = path;
    this.segmenting = segmenting;
    this.buffers = buffers;
    this.round = round;
    this.onClosed = onClosed;
    transfer = open.transfer();
    log = open.log();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  /** Sends the first packet; the socket is ready. */
  void begin() {
    ChannelHandlerContext active = context;
    if (active == null || !active.channel().isActive()) {
      return;
    }
    int segments = segmenting ? open.options().windowsize() : 1;
    sender =
        new PacketSender(
            active.channel(), buffers, log.client(), open.content(), path, segments, this::resend);
    transfer.start(log.now(), sender);
    afterEvent();
    schedule(active);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
    PacketSender out = sender;
    if (out == null) {
      return;
    }
    if (!datagram.sender().equals(log.client())) {
      Strangers.tell(context, datagram);
      return;
    }
    answer();
    ByteBuf bytes = datagram.content();
    if (bytes.readableBytes() == TftpCodec.HEADER
        && bytes.getUnsignedShort(bytes.readerIndex()) == TftpCodec.ACK) {
      unanswered = bytes.getUnsignedShort(bytes.readerIndex() + 2);
      round.heard(this);
      return;
    }
    TftpPacket packet;
    try {
      packet = TftpCodec.decode(bytes.nioBuffer());
    } catch (TftpFormatException e) {
      return; // damaged on the way: as good as lost
    }
    transfer.receive(packet, log.now(), out);
    afterEvent();
  }

  /** Answers the ACK that was heard last, if that has not been done. */
  void answer() {
    PacketSender out = sender;
    int block = unanswered;
    unanswered = NONE;
    if (out != null && block != NONE) {
      try {
        transfer.receive(new TftpPacket.Ack(block), log.now(), out);
        afterEvent();
      } catch (RuntimeException e) {
        failed(e); // here, because the other transfers of the round go on
      }
    }
  }

  /**
   * The client sent its request again, or another one.
   *
   * @return true if it begins anew, and this session has ended
   */
  boolean requestAgain(TftpPacket.Request request) {
    PacketSender out = sender;
    if (out == null) {
      return false;
    }
    boolean anew = !request.equals(log.request()) || transfer.requestAgain(log.now(), out);
    if (anew) {
      end(new TftpOutcome.TimedOut());
      closing = true;
    }
    afterEvent();
    return anew;
  }

  TransferLog log() {
    return log;
  }

  /** Whether the next packet of the client may be the last. */
  boolean nearlyDone() {
    return transfer.nearlyDone();
  }

  private void resend() {
    if (sender != null) {
      transfer.resend(log.now(), sender);
      afterEvent();
    }
  }

  void stop(String why) {
    if (sender != null) {
      transfer.refuse(TftpErrorCode.UNDEFINED, why, sender);
      afterEvent();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // An I/O error belongs to one packet, which is lost then. Anything else is a bug of ours.
    if (!(cause instanceof IOException)) {
      failed(cause);
    }
  }

  private void failed(Throwable cause) {
    stop("Server failed: " + cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(new TftpOutcome.Refused(TftpErrorCode.UNDEFINED.code(), "Server stopped"));
    if (sender != null) {
      sender.release();
      sender = null;
    }
    if (tick != null) {
      tick.cancel(false);
    }
    open.close().run();
    onClosed.run();
  }

  private void afterEvent() {
    PacketSender out = sender;
    if (out == null || context == null) {
      return;
    }
    out.flush();
    if (out.failed()) {
      transfer.refuse(TftpErrorCode.UNDEFINED, "File cannot be read any more", out);
      out.flush();
    }
    TftpOutcome outcome = transfer.outcome();
    if (outcome != null) {
      end(outcome);
    }
    if (out.ending() != null) {
      end(out.ending());
      closing = true;
    }
    if (closing || transfer.closed()) {
      var _ = context.close();
    } else if (tick != null && transfer.deadline() - tickFor < 0) {
      tick.cancel(false);
      schedule(context);
    }
  }

  private void end(TftpOutcome outcome) {
    if (!ended) {
      ended = true;
      log.finished(transfer.bytes(), transfer.retransmitted(), outcome, open.hash());
    }
  }

  /** One task for each deadline that is reached, not one for each packet that puts it off. */
  private void schedule(ChannelHandlerContext active) {
    tickFor = transfer.deadline();
    long wait = Math.max(SHORTEST_TICK_NANOS, tickFor - log.now());
    tick =
        active
            .channel()
            .eventLoop()
            .schedule(
                () -> {
                  if (sender != null) {
                    transfer.tick(log.now(), sender);
                    afterEvent();
                    schedule(active);
                  }
                },
                wait,
                TimeUnit.NANOSECONDS);
  }
}
