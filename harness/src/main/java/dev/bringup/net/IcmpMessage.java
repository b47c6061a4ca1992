package dev.bringup.net;

import java.nio.ByteBuffer;

/**
 * An ICMP message (RFC 792).
 *
 * @param rest the second word of the header: for an echo, identifier and sequence number
 * @param data a view of the decoded buffer
 */
record IcmpMessage(int type, int code, int rest, ByteBuffer data) {
  static final int HEADER = 8;
  static final int ECHO_REPLY = 0;
  static final int UNREACHABLE = 3;
  static final int PORT_UNREACHABLE = 3;
  static final int ECHO_REQUEST = 8;

  static IcmpMessage decode(ByteBuffer in) {
    int at = in.position();
    if (in.remaining() < HEADER) {
      throw new PacketFormatException("ICMP message of " + in.remaining() + " bytes");
    }
    if (InternetChecksum.finish(InternetChecksum.sum(in, at, in.remaining())) != 0) {
      throw new PacketFormatException("ICMP message with a wrong checksum");
    }
    return new IcmpMessage(
        in.get(at) & 0xff,
        in.get(at + 1) & 0xff,
        in.getInt(at + 4),
        in.slice(at + HEADER, in.remaining() - HEADER));
  }

  void encode(ByteBuffer out) {
    int at = out.position();
    out.put((byte) type).put((byte) code).putShort((short) 0).putInt(rest).put(data.duplicate());
    int checksum = InternetChecksum.finish(InternetChecksum.sum(out, at, out.position() - at));
    out.putShort(at + 2, (short) checksum);
  }
}
