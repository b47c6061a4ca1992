package dev.bringup.net;

import java.nio.ByteBuffer;

/**
 * An IPv4 packet or fragment (RFC 791); options are skipped.
 *
 * @param fragmentOffset in bytes
 * @param payload a view of the decoded buffer, without Ethernet padding
 */
record Ipv4Packet(
    Ipv4Address source,
    Ipv4Address destination,
    int protocol,
    int id,
    boolean moreFragments,
    int fragmentOffset,
    ByteBuffer payload) {
  static final int HEADER = 20;
  static final int ICMP = 1;
  static final int TCP = 6;
  static final int UDP = 17;
  static final int MAX_PAYLOAD = 65535 - HEADER;
  private static final int TTL = 64;

  static Ipv4Packet decode(ByteBuffer in) {
    int at = in.position();
    if (in.remaining() < HEADER) {
      throw new PacketFormatException("IPv4 packet of " + in.remaining() + " bytes");
    }
    int header = (in.get(at) & 15) * 4;
    int total = in.getShort(at + 2) & 0xffff;
    if ((in.get(at) & 0xf0) != 0x40
        || header < HEADER
        || total < header
        || total > in.remaining()) {
      throw new PacketFormatException("IPv4 header with a wrong version or length");
    }
    if (InternetChecksum.finish(InternetChecksum.sum(in, at, header)) != 0) {
      throw new PacketFormatException("IPv4 header with a wrong checksum");
    }
    int fragment = in.getShort(at + 6) & 0xffff;
    return new Ipv4Packet(
        new Ipv4Address(in.getInt(at + 12)),
        new Ipv4Address(in.getInt(at + 16)),
        in.get(at + 9) & 0xff,
        in.getShort(at + 4) & 0xffff,
        (fragment & 0x2000) != 0,
        (fragment & 0x1fff) * 8,
        in.slice(at + header, total - header));
  }

  boolean isFragment() {
    return moreFragments || fragmentOffset != 0;
  }

  /** Writes a header without options at {@code at} for {@code length} bytes of payload. */
  static void putHeader(
      ByteBuffer out,
      int at,
      Ipv4Address source,
      Ipv4Address destination,
      int protocol,
      int id,
      boolean moreFragments,
      int fragmentOffset,
      int length) {
    out.putShort(at, (short) 0x4500).putShort(at + 2, (short) (HEADER + length));
    out.putShort(at + 4, (short) id);
    out.putShort(at + 6, (short) ((moreFragments ? 0x2000 : 0) | fragmentOffset / 8));
    out.put(at + 8, (byte) TTL).put(at + 9, (byte) protocol).putShort(at + 10, (short) 0);
    out.putInt(at + 12, source.bits()).putInt(at + 16, destination.bits());
    int checksum = InternetChecksum.finish(InternetChecksum.sum(out, at, HEADER));
    out.putShort(at + 10, (short) checksum);
  }
}
