package dev.bringup.net;

import java.nio.ByteBuffer;

/**
 * A UDP datagram (RFC 768).
 *
 * @param payload a view of the decoded buffer
 */
record UdpDatagram(int sourcePort, int destinationPort, ByteBuffer payload) {
  static final int HEADER = 8;
  static final int MAX_PAYLOAD = Ipv4Packet.MAX_PAYLOAD - HEADER;

  /** Reads a datagram that came from {@code source}; a checksum of zero means none was sent. */
  static UdpDatagram decode(ByteBuffer in, Ipv4Address source, Ipv4Address destination) {
    int at = in.position();
    if (in.remaining() < HEADER) {
      throw new PacketFormatException("UDP datagram of " + in.remaining() + " bytes");
    }
    int length = in.getShort(at + 4) & 0xffff;
    if (length < HEADER || length > in.remaining()) {
      throw new PacketFormatException("UDP datagram with a wrong length");
    }
    if (in.getShort(at + 6) != 0
        && InternetChecksum.finish(
                InternetChecksum.sum(in, at, length)
                    + InternetChecksum.pseudoHeader(source, destination, Ipv4Packet.UDP, length))
            != 0) {
      throw new PacketFormatException("UDP datagram with a wrong checksum");
    }
    return new UdpDatagram(
        in.getShort(at) & 0xffff,
        in.getShort(at + 2) & 0xffff,
        in.slice(at + HEADER, length - HEADER));
  }

  /** Writes a header at {@code at}, right before {@code length} bytes of payload. */
  static void putHeader(
      ByteBuffer out,
      int at,
      Ipv4Address source,
      int sourcePort,
      Ipv4Address destination,
      int destinationPort,
      int length) {
    int total = HEADER + length;
    out.putShort(at, (short) sourcePort).putShort(at + 2, (short) destinationPort);
    out.putShort(at + 4, (short) total).putShort(at + 6, (short) 0);
    int checksum =
        InternetChecksum.finish(
            InternetChecksum.sum(out, at, total)
                + InternetChecksum.pseudoHeader(source, destination, Ipv4Packet.UDP, total));
    // Zero would say "no checksum"; its other form in ones' complement is sent instead.
    out.putShort(at + 6, (short) (checksum == 0 ? 0xffff : checksum));
  }
}
