package dev.bringup.net;

import dev.bringup.time.BoardClock;
import dev.bringup.time.Threads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * UDP between boards and forwarded services on the host's loopback.
 *
 * <p>Each board address and port owns one host socket, so that a service sees one client where
 * there is one, and may answer from another port than it was asked at (TFTP does: RFC 1350, section
 * 4). The board sees that port, and may send to it from then on; all other host ports stay closed
 * to it.
 *
 * <p>One thread reads all host sockets; the link's thread writes to them.
 */
final class UdpFlows implements LanHost.UdpPorts, AutoCloseable {
  /** Takes a window of 64 TFTP blocks many times over, as far as the host's limit lets it. */
  private static final int SOCKET_BUFFER = 4 << 20;

  private static final int BURST = 64;
  private static final int MAX_ANSWERS = 64;

  private final LanConfig config;
  private final LanMeter meter;
  private final FrameWriter toBoard;
  private final Runnable flush;
  private final BoardClock clock;
  private final Selector selector;
  private final Map<Integer, InetSocketAddress> forwards = new ConcurrentHashMap<>();
  private final Map<Endpoint, Flow> flows = new ConcurrentHashMap<>();
  private final Thread thread = new Thread(this::run, "bench-lan-udp");
  private volatile boolean closed;

  /**
   * @param toBoard used by this object's thread only
   * @param flush called when the frames of a burst are written
   */
  UdpFlows(
      LanConfig config, LanMeter meter, FrameWriter toBoard, Runnable flush, BoardClock clock) {
    this.config = config;
    this.meter = meter;
    this.toBoard = toBoard;
    this.flush = flush;
    this.clock = clock;
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("opening a selector", e);
    }
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  void forward(int lanPort, InetSocketAddress service) {
    forwards.put(lanPort, service);
  }

  @Override
  public boolean accept(MacAddress mac, Ipv4Address board, UdpDatagram datagram, long now) {
    var endpoint = new Endpoint(mac, board, datagram.sourcePort());
    int lanPort = datagram.destinationPort();
    Flow flow = live(endpoint, now);
    InetSocketAddress to = flow == null ? null : flow.answers.get(lanPort);
    if (to == null) {
      to = forwards.get(lanPort);
    }
    if (to == null) {
      return false;
    }
    try {
      if (flow == null) {
        flow = open(endpoint, lanPort, now);
      }
      flow.lastUsed = now;
      if (!flow.answers.containsKey(lanPort)) {
        flow.lanPorts.put(to, lanPort);
      }
      if (flow.channel.send(datagram.payload(), to) == 0 && datagram.payload().hasRemaining()) {
        refused(endpoint, null);
      }
    } catch (IOException e) {
      refused(endpoint, e);
      if (e instanceof ClosedChannelException && flow != null) {
        close(flow);
      }
    }
    return true;
  }

  private @Nullable Flow live(Endpoint endpoint, long now) {
    Flow flow = flows.get(endpoint);
    if (flow != null && now - flow.lastUsed >= config.flowIdle().toNanos()) {
      close(flow);
      return null;
    }
    return flow;
  }

  private void refused(Endpoint endpoint, @Nullable IOException why) {
    meter.drop(
        DropReason.HOST_REFUSED,
        () -> "UDP from " + endpoint + ": " + (why == null ? "socket buffer full" : why));
  }

  private Flow open(Endpoint endpoint, int lanPort, long now) throws IOException {
    flows.values().stream()
        .filter(flow -> now - flow.lastUsed >= config.flowIdle().toNanos())
        .forEach(this::close);
    if (flows.size() >= config.maxFlows()) {
      flows.values().stream()
          .min(Comparator.comparingLong(flow -> flow.lastUsed - now))
          .ifPresent(this::close);
    }
    var channel = DatagramChannel.open(StandardProtocolFamily.INET);
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER);
      channel.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
      channel.configureBlocking(false);
      var flow = new Flow(endpoint, channel, now);
      flows.put(endpoint, flow);
      channel.register(selector, SelectionKey.OP_READ, flow);
      selector.wakeup();
      meter.flows.incrementAndGet();
      meter.tell(new LanEvent.FlowOpened(endpoint.board(), endpoint.port(), lanPort));
      return flow;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Ends all flows: their board went away. */
  void clear() {
    flows.values().forEach(this::close);
  }

  private void close(Flow flow) {
    flows.remove(flow.endpoint, flow);
    try {
      flow.channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing a UDP socket", e);
    }
    selector.wakeup(); // or its file descriptor stays open until something else happens
  }

  private void run() {
    while (!closed) {
      try {
        selector.select();
      } catch (IOException e) {
        throw new UncheckedIOException("waiting for UDP", e);
      }
      for (SelectionKey key : selector.selectedKeys()) {
        if (key.attachment() instanceof Flow flow) {
          deliver(flow);
        }
      }
      selector.selectedKeys().clear();
    }
  }

  private void deliver(Flow flow) {
    try {
      long now = clock.nanos();
      for (int i = 0; i < BURST; i++) {
        ByteBuffer payload = toBoard.payload();
        if (!(flow.channel.receive(payload) instanceof InetSocketAddress from)) {
          break;
        }
        flow.lastUsed = now;
        toBoard.udp(
            flow.endpoint.mac(), flow.endpoint.board(), flow.portOf(from), flow.endpoint.port());
      }
    } catch (ClosedChannelException e) {
      flows.remove(flow.endpoint, flow);
    } catch (IOException e) {
      meter.drop(DropReason.HOST_REFUSED, () -> "UDP to " + flow.endpoint + ": " + e.getMessage());
    } catch (RuntimeException e) {
      meter.fault(e);
    }
    flush.run();
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    Threads.join(thread);
    clear();
    try {
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing a selector", e);
    }
  }

  private record Endpoint(MacAddress mac, Ipv4Address board, int port) {
    @Override
    public String toString() {
      return board + ":" + port;
    }
  }

  private static final class Flow {
    private final Endpoint endpoint;
    private final DatagramChannel channel;
    private volatile long lastUsed;

    /** The port under which the board knows a service that it called; by the service's address. */
    private final Map<InetSocketAddress, Integer> lanPorts = new ConcurrentHashMap<>();

    /** Host ports that answered, as the board may send to them; the eldest gives way. */
    private final Map<Integer, InetSocketAddress> answers =
        Collections.synchronizedMap(
            new LinkedHashMap<>() {
              private static final long serialVersionUID = 1L;

              @Override
              protected boolean removeEldestEntry(Map.Entry<Integer, InetSocketAddress> eldest) {
                return size() > MAX_ANSWERS;
              }
            });

    private Flow(Endpoint endpoint, DatagramChannel channel, long now) {
      this.endpoint = endpoint;
      this.channel = channel;
      this.lastUsed = now;
    }

    private int portOf(InetSocketAddress from) {
      Integer lanPort = lanPorts.get(from);
      if (lanPort != null) {
        return lanPort;
      }
      answers.put(from.getPort(), from);
      return from.getPort();
    }
  }
}
