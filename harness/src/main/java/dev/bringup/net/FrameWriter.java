package dev.bringup.net;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Builds a host's frames around a payload, in place and without copying it: the payload is put into
 * {@link #payload()}, headers are written in front of it, and for fragments over the part that was
 * sent before. Not thread-safe.
 */
final class FrameWriter {
  /** What goes before a UDP payload. */
  private static final int HEADROOM = EthernetFrame.HEADER + Ipv4Packet.HEADER + UdpDatagram.HEADER;

  /** Payload of a fragment: a multiple of eight. */
  private static final int FRAGMENT = (EthernetFrame.MTU - Ipv4Packet.HEADER) / 8 * 8;

  private final ByteBuffer buffer = ByteBuffer.allocateDirect(HEADROOM + Ipv4Packet.MAX_PAYLOAD);
  private final MacAddress mac;
  private final Ipv4Address ip;
  private final Consumer<ByteBuffer> wire;
  private int nextId;

  /**
   * @param wire takes each frame; must not keep it
   */
  FrameWriter(MacAddress mac, Ipv4Address ip, Consumer<ByteBuffer> wire) {
    this.mac = mac;
    this.ip = ip;
    this.wire = wire;
  }

  /** Room for the payload of the next packet. */
  ByteBuffer payload() {
    return buffer.clear().position(HEADROOM).limit(HEADROOM + UdpDatagram.MAX_PAYLOAD);
  }

  /** Sends what was put into {@link #payload()} as a UDP datagram. */
  void udp(MacAddress toMac, Ipv4Address to, int sourcePort, int destinationPort) {
    int length = buffer.position() - HEADROOM;
    UdpDatagram.putHeader(
        buffer, HEADROOM - UdpDatagram.HEADER, ip, sourcePort, to, destinationPort, length);
    ipv4(toMac, to, Ipv4Packet.UDP, HEADROOM - UdpDatagram.HEADER, UdpDatagram.HEADER + length);
  }

  void icmp(MacAddress toMac, Ipv4Address to, IcmpMessage message) {
    buffer.clear().position(HEADROOM);
    message.encode(buffer);
    ipv4(toMac, to, Ipv4Packet.ICMP, HEADROOM, buffer.position() - HEADROOM);
  }

  void arp(MacAddress to, ArpPacket packet) {
    int at = HEADROOM;
    EthernetFrame.putHeader(buffer.clear(), at, to, mac, EthernetFrame.ARP);
    packet.encode(buffer.position(at + EthernetFrame.HEADER));
    send(at, buffer.position());
  }

  private void ipv4(MacAddress toMac, Ipv4Address to, int protocol, int at, int length) {
    buffer.clear();
    int id = nextId++ & 0xffff;
    int offset = 0;
    do {
      int part = length - offset;
      boolean more = part > EthernetFrame.MTU - Ipv4Packet.HEADER;
      if (more) {
        part = FRAGMENT;
      }
      int start = at + offset - Ipv4Packet.HEADER;
      Ipv4Packet.putHeader(buffer, start, ip, to, protocol, id, more, offset, part);
      start -= EthernetFrame.HEADER;
      EthernetFrame.putHeader(buffer, start, toMac, mac, EthernetFrame.IPV4);
      send(start, at + offset + part);
      offset += part;
    } while (offset < length);
  }

  private void send(int from, int to) {
    wire.accept(buffer.slice(from, to - from));
  }
}
