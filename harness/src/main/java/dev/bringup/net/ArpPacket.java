package dev.bringup.net;

import java.nio.ByteBuffer;

/** Address resolution for IPv4 over Ethernet (RFC 826). */
record ArpPacket(
    int operation,
    MacAddress senderMac,
    Ipv4Address senderIp,
    MacAddress targetMac,
    Ipv4Address targetIp) {
  static final int BYTES = 28;
  static final int REQUEST = 1;
  static final int REPLY = 2;

  /** Reads a packet; bytes after it are Ethernet padding. */
  static ArpPacket decode(ByteBuffer in) {
    int at = in.position();
    if (in.remaining() < BYTES
        || in.getShort(at) != 1
        || in.getShort(at + 2) != EthernetFrame.IPV4
        || in.get(at + 4) != 6
        || in.get(at + 5) != 4) {
      throw new PacketFormatException("ARP packet that is not for IPv4 over Ethernet");
    }
    return new ArpPacket(
        in.getShort(at + 6) & 0xffff,
        MacAddress.get(in, at + 8),
        new Ipv4Address(in.getInt(at + 14)),
        MacAddress.get(in, at + 18),
        new Ipv4Address(in.getInt(at + 24)));
  }

  void encode(ByteBuffer out) {
    int at = out.position();
    out.putShort(at, (short) 1).putShort(at + 2, (short) EthernetFrame.IPV4);
    out.put(at + 4, (byte) 6).put(at + 5, (byte) 4).putShort(at + 6, (short) operation);
    senderMac.put(out, at + 8);
    out.putInt(at + 14, senderIp.bits());
    targetMac.put(out, at + 18);
    out.putInt(at + 24, targetIp.bits());
    out.position(at + BYTES);
  }
}
