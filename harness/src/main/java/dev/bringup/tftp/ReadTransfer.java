package dev.bringup.tftp;

import org.jspecify.annotations.Nullable;

/**
 * The server's side of a read: sends windows of blocks and waits for their ACKs (RFC 1350 section
 * 4, RFC 7440 section 4).
 *
 * <p>An ACK never causes blocks to be sent that were sent before, with one exception: inside a
 * window of more than one block, an ACK of an earlier block tells of a gap, and sending resumes
 * after it. Duplicates that such a resumption causes can in turn cause ACKs that look like gaps;
 * those are told apart by {@link #suspect}, so that the doubling dies out (the Sorcerer's
 * Apprentice of RFC 1123 section 4.2.3.1).
 */
final class ReadTransfer implements Transfer {
  private final long size;
  private final TftpOptions options;
  private final BlockNumbers numbers;
  private final RetryTimer timer;
  private final long last;

  private boolean awaitingOptionAck;
  private long acked;
  private long sent;

  /** Highest block ever sent: what is sent at or below it is a retransmission. */
  private long highest;

  /** Windows, this one included, in which ACKs may answer duplicates instead of telling of gaps. */
  private int suspect;

  /** Blocks up to here may be under way twice. */
  private long twiceUntil;

  /** The block after which sending resumed last, for one resumption each; -1 for none. */
  private long resumedAfter = -1;

  private long progressAt;
  private long retransmitted;
  private @Nullable TftpOutcome outcome;

  ReadTransfer(long size, TftpOptions options, boolean wrapToOne) {
    this.size = size;
    this.options = options;
    numbers = new BlockNumbers(wrapToOne);
    timer = new RetryTimer(options.timeoutSeconds());
    last = size / options.blksize() + 1; // the last block is short, and empty if need be
  }

  @Override
  public void start(long now, Outbox out) {
    awaitingOptionAck = !options.accepted().isEmpty();
    if (awaitingOptionAck) {
      progress(now);
      out.packet(new TftpPacket.OptionAck(options.accepted()));
    } else {
      advance(0, now, out);
    }
  }

  @Override
  public void receive(TftpPacket packet, long now, Outbox out) {
    if (outcome != null) {
      return;
    }
    switch (packet) {
      case TftpPacket.Ack ack -> acknowledged(ack.block(), now, out);
      case TftpPacket.ErrorReply error ->
          outcome = new TftpOutcome.Aborted(error.code(), error.text());
      default -> refuse(TftpErrorCode.ILLEGAL_OPERATION, "only ACK is expected here", out);
    }
  }

  private void acknowledged(int number, long now, Outbox out) {
    if (awaitingOptionAck) {
      if (number == 0) {
        awaitingOptionAck = false;
        advance(0, now, out);
      }
      return;
    }
    long block = numbers.atOrAfter(acked, number);
    if (block < 0 || block > sent) {
      return; // older than the window, or never sent
    }
    if (block == last) {
      acked = block;
      outcome = new TftpOutcome.Completed();
    } else if (block == sent) {
      suspect = Math.max(0, suspect - 1);
      advance(block, now, out);
    } else {
      gapAfter(block, now, out);
    }
  }

  private void gapAfter(long block, long now, Outbox out) {
    boolean isNew = block > acked;
    boolean mayAnswerDuplicate = suspect > 0 && block >= twiceUntil;
    if (mayAnswerDuplicate || options.windowsize() == 1) {
      if (isNew) {
        advance(block, now, out);
      }
      return;
    }
    if (block == resumedAfter) {
      return;
    }
    resumedAfter = block;
    suspect = 2;
    twiceUntil = sent;
    if (isNew) {
      acked = block;
      progress(now);
    }
    send(block + 1, out);
  }

  /** The client has everything up to {@code block}: send what the window now allows. */
  private void advance(long block, long now, Outbox out) {
    acked = block;
    progress(now);
    send(sent + 1, out);
  }

  private void progress(long now) {
    progressAt = now;
    timer.progress(now);
  }

  private void send(long from, Outbox out) {
    sent = Math.min(acked + options.windowsize(), last);
    int blksize = options.blksize();
    for (long block = from; block <= sent; block++) {
      long offset = (block - 1) * blksize;
      out.data(numbers.onWire(block), offset, (int) Math.min(blksize, size - offset));
      if (block <= highest) {
        retransmitted++;
      }
    }
    highest = Math.max(highest, sent);
  }

  @Override
  public void tick(long now, Outbox out) {
    if (outcome != null || !timer.due(now)) {
      return;
    }
    if (!timer.again(now)) {
      outcome = new TftpOutcome.TimedOut();
      return;
    }
    resend(out);
  }

  @Override
  public void resend(Outbox out) {
    if (outcome != null) {
      return;
    }
    resumedAfter = -1;
    suspect = 2;
    twiceUntil = sent;
    if (awaitingOptionAck) {
      retransmitted++;
      out.packet(new TftpPacket.OptionAck(options.accepted()));
    } else {
      send(acked + 1, out);
    }
  }

  @Override
  public boolean requestAgain(long now, Outbox out) {
    if (acked > 0) {
      return now - progressAt >= SILENCE_NANOS;
    }
    resend(out);
    return false;
  }

  @Override
  public void refuse(TftpErrorCode code, String text, Outbox out) {
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
    return outcome != null;
  }

  @Override
  public boolean nearlyDone() {
    return sent == last;
  }

  @Override
  public long bytes() {
    return Math.min(size, acked * options.blksize());
  }

  @Override
  public long retransmitted() {
    return retransmitted;
  }
}
