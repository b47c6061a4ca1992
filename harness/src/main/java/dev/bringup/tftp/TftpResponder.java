package dev.bringup.tftp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The TFTP server without sockets, threads and clock: what {@link TftpServer} does on a host's
 * network, for a network that exists only in this process. Datagrams and time go in, datagrams come
 * out before the call returns, and the listener has been told by then. What it does depends on
 * nothing but its calls and its files.
 *
 * <p>Each transfer has a port of its own (RFC 1350 section 4), handed out in order. Times are
 * nanoseconds of one clock, and so are the dates that the listener is told: that clock's time as if
 * it had begun in 1970. Not thread-safe.
 */
public final class TftpResponder {
  /** The port of requests (RFC 1350 section 4). */
  public static final int PORT = 69;

  /** The dynamic ports (RFC 6335 section 6), which nobody else on the server uses. */
  private static final int FIRST_TRANSFER_PORT = 49152;

  private static final int LAST_PORT = 65535;
  private static final int MAX_TRANSFERS = 1024;

  /** So many completed transfers are remembered. */
  private static final int MAX_COMPLETED = 64;

  private final TftpFiles files;
  private final Function<InetAddress, ClientQuirks> quirks;
  private final TransferLog.Telling telling;
  private final Function<TransferStarted, @Nullable PacketPath> faults;
  private final Map<InetSocketAddress, LanTransfer> byClient = new LinkedHashMap<>();
  private final Map<Integer, LanTransfer> byPort = new TreeMap<>();
  private final Map<Integer, InetSocketAddress> completed = new LinkedHashMap<>();
  private int nextPort = FIRST_TRANSFER_PORT;
  private boolean wrapped;
  private long now;

  /** The way to clients. */
  public interface Wire {
    /** Room for the payload of the next datagram, big-endian, for as much as UDP can carry. */
    ByteBuffer payload();

    /** Sends what was put into {@link #payload()} from the server's {@code port}, or loses it. */
    void send(int port, InetSocketAddress client);
  }

  /**
   * A server for {@code files}.
   *
   * @param quirks of the client at an address
   * @param listener is called inside of this object's methods
   */
  public TftpResponder(
      TftpFiles files, Function<InetAddress, ClientQuirks> quirks, TransferListener listener) {
    this(files, quirks, listener, _ -> null);
  }

  /**
   * A server behind a bad network.
   *
   * @param faults gives the way of each transfer to its client, null for a good one; is called
   *     inside of this object's methods
   */
  public TftpResponder(
      TftpFiles files,
      Function<InetAddress, ClientQuirks> quirks,
      TransferListener listener,
      Function<TransferStarted, @Nullable PacketPath> faults) {
    this.files = files;
    this.quirks = quirks;
    this.faults = faults;
    this.telling =
        new TransferLog.Telling(
            () -> now, () -> Instant.EPOCH.plusNanos(now), listener, Runnable::run, Runnable::run);
  }

  /** Whether {@code port} is that of requests, or has been a transfer's. */
  public boolean listensOn(int port) {
    int given = wrapped ? LAST_PORT : nextPort - 1;
    return port == PORT || (port >= FIRST_TRANSFER_PORT && port <= given);
  }

  /**
   * Takes a datagram.
   *
   * @param port one that the server listens on
   * @param payload is not kept
   */
  public void datagram(
      InetSocketAddress client, int port, ByteBuffer payload, long nanos, Wire wire) {
    now = nanos;
    TftpPacket packet;
    try {
      packet = TftpCodec.decode(payload);
    } catch (TftpFormatException e) {
      return; // damaged on the way, or not for us: as good as lost
    }
    if (port == PORT) {
      if (packet instanceof TftpPacket.Request request) {
        requested(request, client, wire);
      }
      return;
    }
    LanTransfer transfer = byPort.get(port);
    if (transfer != null && transfer.client().equals(client)) {
      event(transfer, () -> transfer.receive(packet, now));
    } else if (!(packet instanceof TftpPacket.ErrorReply) // those are never answered
        && !client.equals(completed.get(port))) { // it only says again that it has all
      send(wire, port, client, TftpErrorCode.UNKNOWN_TRANSFER_ID, "Unknown transfer ID");
    }
  }

  private void requested(TftpPacket.Request request, InetSocketAddress client, Wire wire) {
    LanTransfer current = byClient.get(client);
    if (current != null) {
      event(current, () -> current.requestAgain(request, now));
      if (!current.over()) {
        return;
      }
    }
    var log = new TransferLog(telling, client, request);
    if (byClient.size() >= MAX_TRANSFERS) {
      refuse(log, new TftpRefusedException(TftpErrorCode.UNDEFINED, "Server is busy"), wire);
      return;
    }
    OpenTransfer open;
    try {
      open = OpenTransfer.of(request, files, quirks.apply(client.getAddress()), log);
    } catch (TftpRefusedException e) {
      refuse(log, e, wire);
      return;
    } catch (RuntimeException e) {
      // A bug in somebody's TftpFiles must not leave the client without an answer.
      refuse(log, new TftpRefusedException(TftpErrorCode.UNDEFINED, "Server failed"), wire);
      throw e;
    }
    var transfer = new LanTransfer(open, takePort(), wire);
    byClient.put(client, transfer);
    byPort.put(transfer.port(), transfer);
    event(
        transfer,
        () -> {
          TransferStarted started = log.started(open.options().accepted());
          transfer.begin(faults.apply(started), now);
        });
  }

  /** There are more ports than transfers. */
  private int takePort() {
    int port;
    do {
      port = nextPort;
      nextPort = port == LAST_PORT ? FIRST_TRANSFER_PORT : port + 1;
      wrapped |= port == LAST_PORT;
    } while (byPort.containsKey(port));
    return port;
  }

  private static void refuse(TransferLog log, TftpRefusedException refusal, Wire wire) {
    send(wire, PORT, log.client(), refusal.code(), refusal.text());
    log.refused(refusal.code(), refusal.text());
  }

  private static void send(
      Wire wire, int port, InetSocketAddress client, TftpErrorCode code, String text) {
    wire.payload().put(TftpCodec.encode(new TftpPacket.ErrorReply(code.code(), text)));
    wire.send(port, client);
  }

  private void event(LanTransfer transfer, Runnable event) {
    try {
      event.run();
    } finally {
      if (transfer.over()) {
        byClient.remove(transfer.client(), transfer);
        byPort.remove(transfer.port(), transfer);
        if (transfer.completed()) {
          remember(transfer);
        }
      }
    }
  }

  private void remember(LanTransfer done) {
    completed.remove(done.port());
    completed.put(done.port(), done.client());
    if (completed.size() > MAX_COMPLETED) {
      completed.remove(completed.keySet().iterator().next());
    }
  }

  private void event(Consumer<LanTransfer> event) {
    for (LanTransfer transfer : List.copyOf(byClient.values())) {
      event(transfer, () -> event.accept(transfer));
    }
  }

  /** When {@link #tick} is wanted; {@link Long#MAX_VALUE} for never. */
  public long deadline() {
    long first = Long.MAX_VALUE;
    for (LanTransfer transfer : byClient.values()) {
      first = Math.min(first, transfer.deadline());
    }
    return first;
  }

  /** Sends again, or gives up, where that is due. */
  public void tick(long nanos) {
    now = nanos;
    event(transfer -> transfer.tick(now));
  }

  /** All clients are gone for good: their transfers time out at once. */
  public void clientsGone(long nanos) {
    now = nanos;
    event(LanTransfer::timeOut);
  }

  /** Ends all transfers with an ERROR packet. */
  public void stop(long nanos) {
    now = nanos;
    event(transfer -> transfer.stop("Server stopped"));
  }
}
