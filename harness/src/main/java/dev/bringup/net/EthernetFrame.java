package dev.bringup.net;

import java.nio.ByteBuffer;

/**
 * An Ethernet II frame without its frame check sequence (IEEE 802.3, clause 3).
 *
 * @param payload a view of the decoded buffer, padding included
 */
record EthernetFrame(MacAddress destination, MacAddress source, int etherType, ByteBuffer payload) {
  static final int HEADER = 14;
  static final int MTU = 1500;
  static final int IPV4 = 0x0800;
  static final int ARP = 0x0806;

  static EthernetFrame decode(ByteBuffer in) {
    if (in.remaining() < HEADER) {
      throw new PacketFormatException("Ethernet frame of " + in.remaining() + " bytes");
    }
    int at = in.position();
    return new EthernetFrame(
        MacAddress.get(in, at),
        MacAddress.get(in, at + 6),
        in.getShort(at + 12) & 0xffff,
        in.slice(at + HEADER, in.remaining() - HEADER));
  }

  /** Writes a header at {@code at}. */
  static void putHeader(
      ByteBuffer out, int at, MacAddress destination, MacAddress source, int etherType) {
    destination.put(out, at);
    source.put(out, at + 6);
    out.putShort(at + 12, (short) etherType);
  }
}
