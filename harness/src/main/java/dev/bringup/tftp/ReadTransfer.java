package dev.bringup.tftp;

import org.jspecify.annotations.Nullable;

/**
 * The server's side of a read: sends windows of blocks and waits for their ACKs (RFC 1350 section
 * 4, RFC 7440 section 4).
 *
 * <p>An ACK never causes blocks to be sent that were sent before, with one exception: inside a
 * window of more than one block, an ACK of an earlier block tells of a gap, and sending resumes
 * after it. Duplicates that such a resumption causes can in turn cause ACKs that look like gaps. An
 * ACK of a block that may be under way twice is therefore believed only when nothing moves for a
 * while after it, so that the doubling dies out (the Sorcerer's Apprentice of RFC 1123 section
 * 4.2.3.1), and a loss soon after another one does not cost a whole time limit.
 */
final class ReadTransfer implements Transfer {
  private final long size;
  private final TftpOptions options;
  private final BlockNumbers numbers;
  private final RetryTimer timer;
  private final long last;

  /** How long an ACK that may answer a duplicate is doubted at least: clients have slow moments. */
  private static final long LEAST_DOUBT = 250_000_000;

  /** How long before any window was acknowledged. */
  private static final long FIRST_DOUBT = 1_000_000_000;

  private boolean awaitingOptionAck;
  private long acked;
  private long sent;

  /** Highest block ever sent: what is sent at or below it is a retransmission. */
  private long highest;

  /** Blocks up to here may be under way twice; -1 for none. */
  private long twiceUntil = -1;

  /** Whether blocks were sent again last because an ACK told of a gap. */
  private boolean resumed;

  /** Whether all is sent again at {@link #doubtUntil} if nothing moves. */
  private boolean doubting;

  private long doubtUntil;

  /** Four times as long as the last whole window took, and more from one attempt to the next. */
  private long doubt = FIRST_DOUBT;

  private long sentAt;
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
      doubt = Math.max(LEAST_DOUBT, 4 * (now - sentAt));
      advance(block, now, out);
    } else {
      gapAfter(block, now, out);
    }
  }

  private void gapAfter(long block, long now, Outbox out) {
    if (options.windowsize() == 1) {
      return; // an ACK that came twice
    }
    boolean doubtful = block <= twiceUntil;
    if (block > acked) {
      acked = block;
      progress(now);
      if (doubtful && !resumed) {
        // It has answered the first of what was sent twice, and from then on may have taken the
        // rest: what it waits for now is the end of a window that begins here.
        send(sent + 1, now, out);
      }
    }
    if (!doubtful) {
      sendAgain(now, out);
      resumed = true;
    }
    if (!doubting) {
      expectSoon(now);
    }
  }

  /** The client is there: if nothing moves, then because something was lost again. */
  private void expectSoon(long now) {
    doubting = true;
    doubtUntil = now + doubt;
  }

  /** All that is not acknowledged. */
  private void sendAgain(long now, Outbox out) {
    doubting = false;
    resumed = false;
    if (awaitingOptionAck) {
      retransmitted++;
      out.packet(new TftpPacket.OptionAck(options.accepted()));
    } else {
      send(acked + 1, now, out);
    }
    twiceUntil = sent;
  }

  /** The client has everything up to {@code block}: send what the window now allows. */
  private void advance(long block, long now, Outbox out) {
    acked = block;
    progress(now);
    send(sent + 1, now, out);
  }

  private void progress(long now) {
    progressAt = now;
    doubting = false;
    timer.progress(now);
  }

  private void send(long from, long now, Outbox out) {
    sentAt = now;
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
    if (outcome != null) {
      return;
    }
    if (timer.due(now)) {
      if (timer.again(now)) {
        sendAgain(now, out);
      } else {
        outcome = new TftpOutcome.TimedOut();
      }
    } else if (doubting && now - doubtUntil >= 0) {
      doubt *= 2; // until a whole window is acknowledged again
      sendAgain(now, out);
      expectSoon(now);
    }
  }

  @Override
  public void resend(long now, Outbox out) {
    if (outcome == null) {
      sendAgain(now, out);
    }
  }

  @Override
  public boolean requestAgain(long now, Outbox out) {
    if (acked > 0) {
      return now - progressAt >= SILENCE_NANOS;
    }
    resend(now, out);
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
    long deadline = timer.deadline();
    return doubting && doubtUntil - deadline < 0 ? doubtUntil : deadline;
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
