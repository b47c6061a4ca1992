package dev.bringup.tftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of a write: takes blocks in order and acknowledges each window (RFC 1350
 * section 4, RFC 7440 section 4). The file is committed before the last ACK, so that an
 * acknowledged upload is a complete one; after it the transfer stays a while to answer a repeated
 * last block (RFC 1350 section 6, "dallying").
 */
final class WriteTransfer implements Transfer {
  private final TftpOptions options;
  private final BlockNumbers numbers;
  private final RetryTimer timer;
  private final TftpUpload upload;

  private long received;

  /** Blocks received since the last ACK. */
  private int unacknowledged;

  /** The block after which a gap was reported last; -1 for none. */
  private long gapReported = -1;

  private long progressAt;
  private boolean dallying;
  private boolean closed;
  private long bytes;
  private long retransmitted;
  private @Nullable TftpOutcome outcome;

  WriteTransfer(TftpUpload upload, TftpOptions options, boolean wrapToOne) {
    this.upload = upload;
    this.options = options;
    numbers = new BlockNumbers(wrapToOne);
    timer = new RetryTimer(options.timeoutSeconds());
  }

  @Override
  public void start(long now, Outbox out) {
    progress(now);
    acknowledge(out);
  }

  @Override
  public void receive(TftpPacket packet, long now, Outbox out) {
    if (closed) {
      return;
    }
    switch (packet) {
      case TftpPacket.Data data -> data(data.block(), data.payload(), now, out);
      case TftpPacket.ErrorReply error -> {
        closed = true;
        if (outcome == null) {
          outcome = new TftpOutcome.Aborted(error.code(), error.text());
        }
      }
      default -> refuse(TftpErrorCode.ILLEGAL_OPERATION, "only DATA is expected here", out);
    }
  }

  private void data(int number, ByteBuffer payload, long now, Outbox out) {
    long block = numbers.atOrAfter(received, number);
    if (block == received) {
      // Sent again: our ACK may be lost. In mid window no ACK is due yet, the rest will follow.
      if (unacknowledged == 0 && received > 0) {
        retransmitted++;
        acknowledge(out);
      }
    } else if (dallying) {
      return;
    } else if (block == received + 1) {
      take(payload, now, out);
    } else if (block > 0 && block <= received + options.windowsize() && gapReported != received) {
      gapReported = received;
      acknowledge(out);
    }
  }

  private void take(ByteBuffer payload, long now, Outbox out) {
    int length = payload.remaining();
    if (length > options.blksize()) {
      refuse(
          TftpErrorCode.ILLEGAL_OPERATION,
          "block of " + length + " bytes is larger than " + options.blksize(),
          out);
      return;
    }
    boolean isLast = length < options.blksize();
    try {
      upload.write(payload);
      if (isLast) {
        upload.commit();
      }
    } catch (IOException e) {
      var refusal = FileUpload.refusal(e);
      refuse(refusal.code(), refusal.text(), out);
      return;
    } catch (TftpRefusedException e) {
      refuse(e.code(), e.text(), out);
      return;
    }
    received++;
    bytes += length;
    unacknowledged++;
    progress(now);
    if (isLast) {
      outcome = new TftpOutcome.Completed();
      dallying = true;
      timer.linger(now);
      acknowledge(out);
    } else if (unacknowledged >= options.windowsize()) {
      acknowledge(out);
    }
  }

  private void progress(long now) {
    progressAt = now;
    timer.progress(now);
  }

  private void acknowledge(Outbox out) {
    unacknowledged = 0;
    if (received == 0 && !options.accepted().isEmpty()) {
      out.packet(new TftpPacket.OptionAck(options.accepted()));
    } else {
      out.packet(new TftpPacket.Ack(numbers.onWire(received)));
    }
  }

  @Override
  public void tick(long now, Outbox out) {
    if (closed || !timer.due(now)) {
      return;
    }
    if (dallying) {
      closed = true;
    } else if (timer.again(now)) {
      resend(now, out);
    } else {
      closed = true;
      outcome = new TftpOutcome.TimedOut();
    }
  }

  @Override
  public void resend(long now, Outbox out) {
    if (!closed) {
      retransmitted++;
      acknowledge(out);
    }
  }

  @Override
  public boolean requestAgain(long now, Outbox out) {
    if (received > 0) {
      return dallying || now - progressAt >= SILENCE_NANOS;
    }
    resend(now, out);
    return false;
  }

  @Override
  public void refuse(TftpErrorCode code, String text, Outbox out) {
    closed = true;
    if (outcome == null) {
      outcome = new TftpOutcome.Refused(code.code(), text);
      out.packet(new TftpPacket.ErrorReply(code.code(), text));
    }
  }

  @Override
  public long deadline() {
    return timer.deadline();
  }

  @Override
  public @Nullable TftpOutcome outcome() {
    return outcome;
  }

  @Override
  public boolean closed() {
    return closed;
  }

  @Override
  public boolean nearlyDone() {
    return dallying;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public long retransmitted() {
    return retransmitted;
  }
}
