package dev.bringup.net;

import java.nio.ByteBuffer;
import java.util.Map;

/** A board with a tiny network stack. */
abstract class TestBoard {
  static final MacAddress MAC = MacAddress.parse("52:54:00:12:34:56");

  private final Reassembler reassembler = new Reassembler();
  private final LanConfig lan = LanConfig.defaults();
  private Ipv4Address ip = Ipv4Address.ANY;

  Ipv4Address ip() {
    return ip;
  }

  /** DISCOVER to ACK. */
  DhcpMessage dhcp() {
    DhcpMessage offer = dhcp(DhcpServerTest.client(MAC, DhcpMessage.Type.DISCOVER, Map.of()));
    var choice =
        Map.of(
            DhcpMessage.OPTION_REQUESTED_IP, word(offer.yourIp()),
            DhcpMessage.OPTION_SERVER_ID, word(lan.serverIp()));
    DhcpMessage ack = dhcp(DhcpServerTest.client(MAC, DhcpMessage.Type.REQUEST, choice));
    ip = ack.yourIp();
    return ack;
  }

  private DhcpMessage dhcp(DhcpMessage request) {
    FrameWriter writer = writer();
    writer.payload().put(request.encode());
    writer.udp(
        MacAddress.BROADCAST,
        Ipv4Address.BROADCAST,
        DhcpMessage.CLIENT_PORT,
        DhcpMessage.SERVER_PORT);
    return DhcpMessage.decode(receiveUdp().payload());
  }

  /** Uses an address without asking for one. */
  void address(Ipv4Address address) {
    ip = address;
  }

  ArpPacket arp(Ipv4Address target) {
    askArp(target);
    return ArpPacket.decode(receive().payload());
  }

  void askArp(Ipv4Address target) {
    writer()
        .arp(
            MacAddress.BROADCAST,
            new ArpPacket(ArpPacket.REQUEST, MAC, ip, new MacAddress(0), target));
  }

  IcmpMessage ping(int rest, byte[] data) {
    writer()
        .icmp(
            lan.serverMac(),
            lan.serverIp(),
            new IcmpMessage(IcmpMessage.ECHO_REQUEST, 0, rest, ByteBuffer.wrap(data)));
    return receiveIcmp();
  }

  void sendUdp(int fromPort, int toPort, byte[] data) {
    FrameWriter writer = writer();
    writer.payload().put(data);
    writer.udp(lan.serverMac(), lan.serverIp(), fromPort, toPort);
  }

  UdpDatagram receiveUdp() {
    Ipv4Packet packet = receiveIp();
    if (packet.protocol() != Ipv4Packet.UDP) {
      throw new AssertionError("not UDP: " + packet);
    }
    return UdpDatagram.decode(packet.payload(), packet.source(), packet.destination());
  }

  IcmpMessage receiveIcmp() {
    Ipv4Packet packet = receiveIp();
    if (packet.protocol() != Ipv4Packet.ICMP) {
      throw new AssertionError("not ICMP: " + packet);
    }
    return IcmpMessage.decode(packet.payload());
  }

  private Ipv4Packet receiveIp() {
    while (true) {
      EthernetFrame frame = receive();
      if (EthernetFrame.HEADER + frame.payload().remaining() > 1514) {
        throw new AssertionError("frame above the MTU");
      }
      Ipv4Packet packet = Ipv4Packet.decode(frame.payload());
      Ipv4Packet whole = packet.isFragment() ? reassembler.add(packet, 0) : packet;
      if (whole != null) {
        return whole;
      }
    }
  }

  /** The next frame; fails if there will be none. */
  abstract EthernetFrame receive();

  abstract void sendRaw(ByteBuffer frame);

  private FrameWriter writer() {
    return new FrameWriter(MAC, ip, this::sendRaw);
  }

  private static byte[] word(Ipv4Address address) {
    return ByteBuffer.allocate(4).putInt(address.bits()).array();
  }
}
