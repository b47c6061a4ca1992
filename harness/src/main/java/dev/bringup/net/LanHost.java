package dev.bringup.net;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The LAN's one host: takes a board's frames, answers ARP, echo requests and DHCP, hands other UDP
 * datagrams on. No sockets. Only {@link #leases} and {@link #dhcp} may be called by other threads
 * than the one that brings frames.
 */
final class LanHost {
  private final LanConfig config;
  private final LanMeter meter;
  private final UdpPorts ports;
  private final FrameWriter out;
  private final Reassembler reassembler = new Reassembler();
  private final ReentrantLock dhcpLock = new ReentrantLock();
  private final DhcpServer dhcpServer;
  private DhcpConfig dhcp;

  LanHost(LanConfig config, LanMeter meter, UdpPorts ports, FrameWriter out) {
    this.config = config;
    this.meter = meter;
    this.ports = ports;
    this.out = out;
    this.dhcpServer = new DhcpServer(config);
    this.dhcp = config.dhcp();
  }

  /** The way from the board to services on the host. */
  interface UdpPorts {
    /** Takes a datagram from a board for the server's {@code port}; false when nobody is there. */
    boolean accept(MacAddress mac, Ipv4Address board, UdpDatagram datagram, long now);
  }

  void dhcp(DhcpConfig other) {
    dhcpLock.lock();
    try {
      dhcp = config.withDhcp(other).dhcp();
    } finally {
      dhcpLock.unlock();
    }
  }

  Map<MacAddress, Ipv4Address> leases(long now) {
    dhcpLock.lock();
    try {
      return dhcpServer.bound(now);
    } finally {
      dhcpLock.unlock();
    }
  }

  /** The board's NIC went away. */
  void forget() {
    reassembler.clear();
  }

  /**
   * Takes a frame from the board.
   *
   * @throws PacketFormatException when it breaks its format
   */
  void frame(ByteBuffer bytes, long now) {
    EthernetFrame frame = EthernetFrame.decode(bytes);
    if (frame.etherType() == 0x86dd) {
      meter.drop(DropReason.IPV6, () -> "IPv6 from " + frame.source());
      return;
    }
    if (frame.source().isGroup()) {
      throw new PacketFormatException("frame from group address " + frame.source());
    }
    if (!frame.destination().equals(config.serverMac())
        && !frame.destination().equals(MacAddress.BROADCAST)) {
      meter.drop(
          DropReason.NOT_FOR_THIS_LAN,
          () -> "frame from " + frame.source() + " to " + frame.destination());
      return;
    }
    switch (frame.etherType()) {
      case EthernetFrame.IPV4 -> ipv4(frame, now);
      case EthernetFrame.ARP -> arp(frame);
      default ->
          meter.drop(
              DropReason.UNKNOWN_PROTOCOL,
              () -> "EtherType 0x%04x from %s".formatted(frame.etherType(), frame.source()));
    }
  }

  private void arp(EthernetFrame frame) {
    ArpPacket packet = ArpPacket.decode(frame.payload());
    if (packet.operation() == ArpPacket.REQUEST && packet.targetIp().equals(config.serverIp())) {
      out.arp(
          frame.source(),
          new ArpPacket(
              ArpPacket.REPLY,
              config.serverMac(),
              config.serverIp(),
              packet.senderMac(),
              packet.senderIp()));
    }
    // Questions for other addresses are a board's probes for its own; silence says "free".
  }

  private void ipv4(EthernetFrame frame, long now) {
    Ipv4Packet packet = Ipv4Packet.decode(frame.payload());
    boolean broadcast =
        packet.destination().equals(Ipv4Address.BROADCAST)
            || packet.destination().equals(config.broadcast());
    if (!broadcast && !packet.destination().equals(config.serverIp())) {
      meter.drop(
          DropReason.NOT_FOR_THIS_LAN,
          () -> "IPv4 from " + packet.source() + " to " + packet.destination());
      return;
    }
    if (!config.isBoardAddress(packet.source()) && !packet.source().equals(Ipv4Address.ANY)) {
      meter.drop(
          DropReason.FOREIGN_SOURCE,
          () ->
              packet.source()
                  + " is not a board's address in "
                  + config.network()
                  + "/"
                  + config.prefixLength());
      return;
    }
    if (!packet.isFragment()) {
      whole(frame.source(), packet, broadcast, now);
      return;
    }
    Ipv4Packet whole = reassembler.add(packet, now);
    for (long lost = reassembler.takeLost(); lost > 0; lost--) {
      meter.drop(
          DropReason.INCOMPLETE_DATAGRAM, () -> "fragments of a datagram that never was complete");
    }
    if (whole != null) {
      whole(frame.source(), whole, broadcast, now);
    }
  }

  private void whole(MacAddress from, Ipv4Packet packet, boolean broadcast, long now) {
    switch (packet.protocol()) {
      case Ipv4Packet.UDP -> udp(from, packet, broadcast, now);
      case Ipv4Packet.ICMP -> icmp(from, packet, broadcast);
      case Ipv4Packet.TCP -> meter.drop(DropReason.TCP, () -> "TCP from " + packet.source());
      default ->
          meter.drop(
              DropReason.UNKNOWN_PROTOCOL,
              () -> "IP protocol " + packet.protocol() + " from " + packet.source());
    }
  }

  private void icmp(MacAddress from, Ipv4Packet packet, boolean broadcast) {
    IcmpMessage message = IcmpMessage.decode(packet.payload());
    if (message.type() == IcmpMessage.ECHO_REQUEST
        && !broadcast
        && !packet.source().equals(Ipv4Address.ANY)) {
      meter.pings.incrementAndGet();
      out.icmp(
          from,
          packet.source(),
          new IcmpMessage(IcmpMessage.ECHO_REPLY, 0, message.rest(), message.data()));
    } else {
      meter.drop(
          DropReason.UNKNOWN_PROTOCOL,
          () ->
              "ICMP type "
                  + message.type()
                  + " code "
                  + message.code()
                  + " from "
                  + packet.source());
    }
  }

  private void udp(MacAddress from, Ipv4Packet packet, boolean broadcast, long now) {
    UdpDatagram datagram =
        UdpDatagram.decode(packet.payload(), packet.source(), packet.destination());
    if (datagram.destinationPort() == DhcpMessage.SERVER_PORT) {
      dhcp(from, datagram, now);
    } else if (packet.source().equals(Ipv4Address.ANY) || broadcast) {
      meter.drop(
          DropReason.UNKNOWN_PROTOCOL,
          () -> "UDP broadcast from " + from + " to port " + datagram.destinationPort());
    } else if (!ports.accept(from, packet.source(), datagram, now)) {
      meter.drop(
          DropReason.PORT_UNREACHABLE,
          () ->
              "UDP from "
                  + packet.source()
                  + " to port "
                  + datagram.destinationPort()
                  + ", which is not forwarded");
      portUnreachable(from, packet);
    }
  }

  /** Quotes the packet's header and its first eight bytes of payload (RFC 792, page 4). */
  private void portUnreachable(MacAddress from, Ipv4Packet packet) {
    var quote = ByteBuffer.allocate(Ipv4Packet.HEADER + UdpDatagram.HEADER);
    Ipv4Packet.putHeader(
        quote,
        0,
        packet.source(),
        packet.destination(),
        packet.protocol(),
        packet.id(),
        false,
        0,
        packet.payload().remaining());
    packet
        .payload()
        .get(packet.payload().position(), quote.array(), Ipv4Packet.HEADER, UdpDatagram.HEADER);
    out.icmp(
        from,
        packet.source(),
        new IcmpMessage(IcmpMessage.UNREACHABLE, IcmpMessage.PORT_UNREACHABLE, 0, quote));
  }

  private void dhcp(MacAddress from, UdpDatagram datagram, long now) {
    DhcpMessage request = DhcpMessage.decode(datagram.payload());
    DhcpServer.Answer answer;
    dhcpLock.lock();
    try {
      answer = dhcpServer.handle(request, dhcp, now).orElse(null);
    } finally {
      dhcpLock.unlock();
    }
    if (answer == null) {
      if (request.isBootp() || request.type().equals(Optional.of(DhcpMessage.Type.DISCOVER))) {
        meter.drop(DropReason.NO_FREE_ADDRESS, () -> "no free address for " + request.clientMac());
      }
      return;
    }
    MacAddress toMac = answer.to().equals(Ipv4Address.BROADCAST) ? MacAddress.BROADCAST : from;
    out.payload().put(answer.message().encode());
    out.udp(toMac, answer.to(), DhcpMessage.SERVER_PORT, DhcpMessage.CLIENT_PORT);
    if (answer.leased()) {
      meter.leases.incrementAndGet();
      byte[] client = request.options().getOrDefault(DhcpMessage.OPTION_CLIENT_CLASS, new byte[0]);
      meter.tell(
          new LanEvent.LeaseGiven(
              request.clientMac(),
              answer.message().yourIp(),
              new String(client, StandardCharsets.US_ASCII)));
    }
  }
}
