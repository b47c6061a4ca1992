package dev.bringup.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * UDP between boards and the services that are part of the LAN. No sockets and no thread: what a
 * service answers is on the wire when the call returns.
 */
final class LanServices implements LanHost.UdpPorts, LanService.Answers {
  private final LanConfig config;
  private final LanMeter meter;
  private final FrameWriter toBoard;
  private final List<LanService> services;
  private final Map<InetSocketAddress, Flow> flows;

  /** A board's port that talks to services. */
  private record Flow(MacAddress mac, long lastUsed) {}

  LanServices(LanConfig config, LanMeter meter, FrameWriter toBoard, List<LanService> services) {
    this.config = config;
    this.meter = meter;
    this.toBoard = toBoard;
    this.services = List.copyOf(services);
    int most = config.maxFlows();
    this.flows =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<InetSocketAddress, Flow> eldest) {
            return size() > most;
          }
        };
  }

  @Override
  public boolean accept(MacAddress mac, Ipv4Address board, UdpDatagram datagram, long now) {
    int port = datagram.destinationPort();
    for (LanService service : services) {
      if (service.listensOn(port)) {
        InetAddress address = InetAddress.ofLiteral(board.toString());
        var from = new InetSocketAddress(address, datagram.sourcePort());
        Flow before = flows.put(from, new Flow(mac, now));
        if (before == null || now - before.lastUsed >= config.flowIdle().toNanos()) {
          meter.flows.incrementAndGet();
          meter.tell(new LanEvent.FlowOpened(board, datagram.sourcePort(), port));
        }
        service.datagram(from, port, datagram.payload(), now, this);
        return true;
      }
    }
    return false;
  }

  @Override
  public ByteBuffer payload() {
    return toBoard.payload();
  }

  @Override
  public void send(int port, InetSocketAddress board) {
    Flow flow = flows.get(board);
    if (flow != null) { // or it gave way to others, and nobody knows the way any more
      var address = new Ipv4Address(ByteBuffer.wrap(board.getAddress().getAddress()).getInt());
      toBoard.udp(flow.mac, address, port, board.getPort());
    }
  }

  long deadline() {
    long first = Long.MAX_VALUE;
    for (LanService service : services) {
      first = Math.min(first, service.deadline());
    }
    return first;
  }

  void tick(long now) {
    services.forEach(service -> service.tick(now, this));
  }

  /** Ends all flows: their board went away. */
  void clear(long now) {
    flows.clear();
    services.forEach(service -> service.boardGone(now));
  }

  void stop(long now) {
    services.forEach(service -> service.stop(now, this));
  }
}
