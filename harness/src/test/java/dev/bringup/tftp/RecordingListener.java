package dev.bringup.tftp;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.opentest4j.AssertionFailedError;

/** Keeps what a server tells, for a test to wait for. */
final class RecordingListener implements TransferListener {
  private final BlockingQueue<TransferStarted> started = new LinkedBlockingQueue<>();
  private final BlockingQueue<TftpTransfer> finished = new LinkedBlockingQueue<>();

  @Override
  public void started(TransferStarted transfer) {
    started.add(transfer);
  }

  @Override
  public void finished(TftpTransfer transfer) {
    finished.add(transfer);
  }

  TransferStarted nextStarted() throws InterruptedException {
    return next(started);
  }

  TftpTransfer next() throws InterruptedException {
    return next(finished);
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(60, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionFailedError("the listener was not called within a minute");
    }
    return next;
  }

  /** How many ends nobody has waited for. */
  int unread() {
    return finished.size();
  }
}
