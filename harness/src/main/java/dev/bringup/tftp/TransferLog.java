package dev.bringup.tftp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Tells the listener what becomes of one request. */
final class TransferLog {
  /** Computes a hash, and may take its time. */
  @FunctionalInterface
  interface Hash {
    String get() throws IOException;
  }

  /**
   * Whom to tell, and where things run that must not keep packets waiting.
   *
   * @param nanos the server's time
   * @param wall its date
   * @param workers for hashes, in any order
   * @param events for calls to the listener, one by one
   * @param untold transfers that have ended, which the listener does not know yet; of all threads
   */
  record Telling(
      LongSupplier nanos,
      InstantSource wall,
      TransferListener listener,
      Executor workers,
      Executor events,
      Set<TransferLog> untold) {

    Telling(
        LongSupplier nanos,
        InstantSource wall,
        TransferListener listener,
        Executor workers,
        Executor events) {
      this(nanos, wall, listener, workers, events, ConcurrentHashMap.newKeySet());
    }
  }

  private final Telling telling;
  private final InetSocketAddress client;
  private final TftpPacket.Request request;
  private final long startNanos;
  private final Instant start;
  private final CompletableFuture<@Nullable Void> told = new CompletableFuture<>();
  private volatile Map<String, String> granted = Map.of();
  private volatile boolean forsaken;

  TransferLog(Telling telling, InetSocketAddress client, TftpPacket.Request request) {
    this.telling = telling;
    this.client = client;
    this.request = request;
    startNanos = telling.nanos.getAsLong();
    start = telling.wall.instant();
  }

  long now() {
    return telling.nanos.getAsLong();
  }

  TftpPacket.Request request() {
    return request;
  }

  InetSocketAddress client() {
    return client;
  }

  /** Done when the listener knows how it ended. */
  CompletableFuture<@Nullable Void> told() {
    return told;
  }

  /** Nobody is to wait for {@link #told} any more. */
  void forsake() {
    forsaken = true;
  }

  boolean forsaken() {
    return forsaken;
  }

  TransferStarted started(Map<String, String> accepted) {
    granted = accepted;
    var started =
        new TransferStarted(
            startNanos,
            start,
            client,
            direction(),
            request.file(),
            request.mode(),
            request.options(),
            accepted);
    telling.events.execute(() -> telling.listener.started(started));
    return started;
  }

  void refused(TftpErrorCode code, String text) {
    finished(0, 0, new TftpOutcome.Refused(code.code(), text), null);
  }

  void finished(long bytes, long retransmitted, TftpOutcome outcome, @Nullable Hash hash) {
    telling.untold.add(this);
    var duration = Duration.ofNanos(now() - startNanos);
    if (hash == null || !(outcome instanceof TftpOutcome.Completed)) {
      tell(transfer(bytes, retransmitted, duration, null, outcome));
      return;
    }
    telling.workers.execute(() -> {
      String sha256;
      try {
        sha256 = hash.get();
      } catch (IOException e) {
        sha256 = null; // the file is not the one that was sent, so nothing true can be said
      }
      tell(transfer(bytes, retransmitted, duration, sha256, outcome));
    });
  }

  private void tell(TftpTransfer transfer) {
    telling.events.execute(() -> {
      try {
        telling.listener.finished(transfer);
      } finally {
        telling.untold.remove(this);
        told.complete(null);
      }
    });
  }

  private TftpTransfer transfer(
      long bytes,
      long retransmitted,
      Duration duration,
      @Nullable String sha256,
      TftpOutcome outcome) {
    return new TftpTransfer(
        startNanos,
        start,
        client,
        direction(),
        request.file(),
        request.mode(),
        request.options(),
        granted,
        bytes,
        retransmitted,
        duration,
        sha256,
        outcome);
  }

  private TftpTransfer.Direction direction() {
    return switch (request) {
      case TftpPacket.Read _ -> TftpTransfer.Direction.READ;
      case TftpPacket.Write _ -> TftpTransfer.Direction.WRITE;
    };
  }
}
