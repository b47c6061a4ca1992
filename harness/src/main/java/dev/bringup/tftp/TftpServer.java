package dev.bringup.tftp;

import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A TFTP server: RFC 1350 with options (2347), block size (2348), timeout and transfer size (2349)
 * and windows (7440). Reads and writes in octet and netascii mode. Each transfer has a socket of
 * its own on the address that the server listens on. Thread-safe.
 */
public final class TftpServer implements AutoCloseable {
  /** RFC 2347 limits requests to 512 bytes; no sane client comes near this. */
  private static final int REQUEST_BYTES = 2048;

  private static final int REQUEST_QUEUE_BYTES = 1 << 20;
  private static final int LAST_ACK_MILLIS = 2;
  private static final TftpErrorCode BUSY = TftpErrorCode.UNDEFINED;

  private final TftpFiles files;
  private final Function<InetAddress, ClientQuirks> quirks;
  private final Function<TransferStarted, @Nullable PacketPath> faults;
  private final int maxTransfers;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final ExecutorService events =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("tftp-events").factory());
  private final TransferLog.Telling telling;
  private final EventLoops loops = new EventLoops();
  private final Channel main;

  // Both belong to the event loop.
  private final Set<InetSocketAddress> opening = new HashSet<>();
  private final Map<InetSocketAddress, Session> sessions = new HashMap<>();

  private TftpServer(Builder builder) {
    files = builder.files;
    var special = Map.copyOf(builder.special);
    ClientQuirks usual = builder.usual;
    quirks = address -> special.getOrDefault(address, usual);
    faults = builder.faults;
    maxTransfers = builder.maxTransfers;
    telling =
        new TransferLog.Telling(
            builder.clock::nanos, InstantSource.system(), builder.listener, workers, events);
    ChannelFuture bound =
        loops
            .bootstrap(builder.listen.getAddress())
            .option(ChannelOption.SO_RCVBUF, REQUEST_QUEUE_BYTES)
            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(REQUEST_BYTES))
            .handler(new Requests())
            .bind(builder.listen)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      close(null);
      throw cannotListen(builder.listen, bound.cause());
    }
    main = bound.channel();
  }

  private static BringupException cannotListen(InetSocketAddress listen, Throwable cause) {
    String where = listen.getHostString() + ":" + listen.getPort();
    return BringupException.infrastructure(
        "TFTP server cannot listen on " + where + ": " + cause.getMessage(),
        "see what holds the port with: ss -ulnp 'sport = :"
            + listen.getPort()
            + "'; or choose another one (below 1024 only root may listen)",
        cause);
  }

  /** A server for {@code files}; listens on a free port of 127.0.0.1 unless told otherwise. */
  public static Builder serving(TftpFiles files) {
    return new Builder(files);
  }

  /** Where it listens, with the real port. */
  public InetSocketAddress address() {
    return (InetSocketAddress) main.localAddress();
  }

  /**
   * Waits until the listener knows the end of each transfer that its client may take for ended,
   * because it has been sent the last block or an ERROR. So who has heard from a client what it
   * received finds the same with the listener, however busy the host is. Must not be called by the
   * listener.
   *
   * @param longest real time to wait, for the ACK of a last block may be lost for good; nobody
   *     waits for that transfer again
   * @return whether the listener knows them all; false also for an interrupted thread, which stays
   *     interrupted
   */
  public boolean awaitEnds(Duration longest) {
    List<TransferLog> ending = List.of();
    try {
      // Between two packets, so that none is half dealt with.
      ending = main.eventLoop().submit(this::ending).get();
      CompletableFuture.allOf(
              ending.stream().map(TransferLog::told).toArray(CompletableFuture<?>[]::new))
          .get(longest.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      ending.forEach(TransferLog::forsake);
      return false;
    } catch (RejectedExecutionException e) {
      return true; // closed, and that tells everything
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<TransferLog> ending() {
    return Stream.concat(
            telling.untold().stream(),
            sessions.values().stream().filter(Session::nearlyDone).map(Session::log))
        .filter(log -> !log.forsaken())
        .toList();
  }

  /**
   * Ends all transfers with an ERROR packet, and returns when the listener has been told about each
   * of them. Must not be called by the listener.
   */
  @Override
  public void close() {
    close(main);
  }

  private void close(@Nullable Channel listening) {
    if (listening != null && listening.isOpen()) {
      listening.close().awaitUninterruptibly();
      listening
          .eventLoop()
          .submit(() -> List.copyOf(sessions.values()).forEach(s -> s.stop("Server stopped")))
          .awaitUninterruptibly();
    }
    loops.close();
    workers.close();
    events.close();
  }

  private final class Requests extends SimpleChannelInboundHandler<DatagramPacket> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
      try {
        if (TftpCodec.decode(datagram.content().nioBuffer())
            instanceof TftpPacket.Request request) {
          requested(request, datagram.sender(), context.channel(), false);
        }
      } catch (TftpFormatException e) {
        // Not for us, and an answer could start a loop between two servers.
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // One datagram could not be read or answered: as good as lost. The server goes on.
    }
  }

  private void requested(
      TftpPacket.Request request, InetSocketAddress client, Channel listening, boolean waited) {
    if (opening.contains(client)) {
      return; // a duplicate: the answer is on its way
    }
    Session current = sessions.get(client);
    if (current != null && !waited && current.nearlyDone()) {
      // The last ACK came before this request, but perhaps not first out of its other socket.
      var _ =
          listening
              .eventLoop()
              .schedule(
                  () -> requested(request, client, listening, true),
                  LAST_ACK_MILLIS,
                  TimeUnit.MILLISECONDS);
      return;
    }
    if (current != null && !current.requestAgain(request)) {
      return;
    }
    var log = new TransferLog(telling, client, request);
    if (opening.size() + sessions.size() >= maxTransfers) {
      refuse(log, new TftpRefusedException(BUSY, "Server is busy"), listening);
      return;
    }
    opening.add(client);
    workers.execute(() -> open(request, log, listening));
  }

  /** On a worker, because files may be slow. */
  private void open(TftpPacket.Request request, TransferLog log, Channel listening) {
    try {
      var quirksHere = quirks.apply(log.client().getAddress());
      OpenTransfer open = OpenTransfer.of(request, files, quirksHere, log);
      onLoop(
          listening,
          () -> begin(open, listening),
          () -> {
            open.close().run();
            log.refused(TftpErrorCode.UNDEFINED, "Server stopped");
          });
    } catch (TftpRefusedException e) {
      refuseOpening(log, e, listening);
    } catch (RuntimeException e) {
      // A bug in somebody's TftpFiles must not leave the client without an answer.
      var refusal = new TftpRefusedException(TftpErrorCode.UNDEFINED, "Server failed");
      refuseOpening(log, refusal, listening);
      throw e;
    }
  }

  /** In this order: the client may answer the refusal with its next request at once. */
  private void refuseOpening(TransferLog log, TftpRefusedException refusal, Channel listening) {
    Runnable tell = () -> refuse(log, refusal, listening);
    onLoop(
        listening,
        () -> {
          opening.remove(log.client());
          tell.run();
        },
        tell);
  }

  private static void onLoop(Channel channel, Runnable task, Runnable ifStopped) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException e) {
      ifStopped.run();
    }
  }

  /** Refusals come from the listening socket: a client that is turned away costs no port. */
  private static void refuse(TransferLog log, TftpRefusedException refusal, Channel listening) {
    var error = new TftpPacket.ErrorReply(refusal.code().code(), refusal.text());
    var _ =
        listening.writeAndFlush(
            new DatagramPacket(Unpooled.wrappedBuffer(TftpCodec.encode(error)), log.client()),
            listening.voidPromise());
    log.refused(refusal.code(), refusal.text());
  }

  private void begin(OpenTransfer open, Channel listening) {
    InetSocketAddress client = open.log().client();
    opening.remove(client);
    TransferStarted started = open.log().started(open.options().accepted());
    PacketPath path = faults.apply(started);
    Session[] self = new Session[1];
    Session session =
        new Session(
            open,
            path,
            loops.segmenting(),
            loops.buffers(),
            loops.round(),
            () -> sessions.remove(client, self[0]));
    self[0] = session;
    sessions.put(client, session);
    var local = new InetSocketAddress(address().getAddress(), 0);
    Bootstrap bootstrap =
        loops
            .bootstrap(local.getAddress())
            .option(ChannelOption.RECVBUF_ALLOCATOR, receiving(open))
            .handler(session);
    ChannelFuture ready =
        loops.connecting() ? bootstrap.connect(client, local) : bootstrap.bind(local);
    ready.addListener(
        (ChannelFutureListener)
            done -> {
              if (!done.isSuccess()) { // out of sockets
                sessions.remove(client, session);
                open.close().run();
                refuse(open.log(), new TftpRefusedException(BUSY, "Server is busy"), listening);
              } else if (loops.connecting()) {
                answerStrangers(done.channel(), session);
              } else {
                session.begin();
              }
            });
  }

  private void answerStrangers(Channel transfer, Session session) {
    // Not before: the port must have been nobody else's.
    transfer.config().setOption(ChannelOption.SO_REUSEADDR, true);
    var local = (InetSocketAddress) transfer.localAddress();
    loops
        .bootstrap(local.getAddress())
        .option(ChannelOption.SO_REUSEADDR, true)
        .handler(new Strangers())
        .bind(local)
        .addListener(
            (ChannelFutureListener)
                bound -> {
                  transfer
                      .closeFuture()
                      .addListener(_ -> {
                        var _ = bound.channel().close();
                      });
                  session.begin();
                });
  }

  private RecvByteBufAllocator receiving(OpenTransfer open) {
    return switch (open.transfer()) {
      case ReadTransfer _ -> loops.buffers().receiving();
      // Room for more than a block, so that one that is too large is not cut to a valid one.
      case WriteTransfer _ ->
          new FixedRecvByteBufAllocator(Math.max(REQUEST_BYTES, open.options().blksize() + 5));
    };
  }

  /** What a server is made of. */
  public static final class Builder {
    private final TftpFiles files;
    private final Map<InetAddress, ClientQuirks> special = new HashMap<>();
    private InetSocketAddress listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private ClientQuirks usual = ClientQuirks.NONE;
    private TransferListener listener = transfer -> {};
    private BoardClock clock = BoardClock.system();
    private Function<TransferStarted, @Nullable PacketPath> faults = _ -> null;
    private int maxTransfers = 1024;

    private Builder(TftpFiles files) {
      this.files = files;
    }

    /** Where to listen; port 0 is any free one. */
    public Builder listen(InetSocketAddress value) {
      listen = value;
      return this;
    }

    /** How to treat clients that nothing special is known about. */
    public Builder quirks(ClientQuirks value) {
      usual = value;
      return this;
    }

    /** How to treat the client at {@code address}. */
    public Builder quirks(InetAddress address, ClientQuirks value) {
      special.put(address, value);
      return this;
    }

    /** Who is told about transfers. */
    public Builder listener(TransferListener value) {
      listener = value;
      return this;
    }

    /** The time of retransmissions and traces. */
    public Builder clock(BoardClock value) {
      clock = value;
      return this;
    }

    /**
     * The network between server and client that {@code value} makes for each transfer; null from
     * it for a good one.
     */
    public Builder faults(Function<TransferStarted, @Nullable PacketPath> value) {
      faults = value;
      return this;
    }

    /** How many transfers may go on at once; more are refused. 1024 unless told otherwise. */
    public Builder maxTransfers(int value) {
      maxTransfers = value;
      return this;
    }

    /**
     * Starts to listen.
     *
     * @throws BringupException of kind INFRASTRUCTURE if the port is taken or not allowed
     */
    public TftpServer start() {
      return new TftpServer(this);
    }
  }
}
