package dev.bringup.net;

import java.nio.ByteBuffer;

/** The ones' complement sum of IPv4, ICMP and UDP (RFC 1071). */
final class InternetChecksum {
  private InternetChecksum() {}

  /** The unfolded sum of {@code length} bytes at {@code from}, big-endian, an odd byte padded. */
  static long sum(ByteBuffer in, int from, int length) {
    long sum = 0;
    int at = from;
    int end = from + length;
    // Eight bytes a step: this runs over each byte of each TFTP block.
    for (; at <= end - 8; at += 8) {
      long word = in.getLong(at);
      sum += (word >>> 32) + (word & 0xffff_ffffL);
    }
    for (; at <= end - 2; at += 2) {
      sum += in.getShort(at) & 0xffff;
    }
    if (at < end) {
      sum += (in.get(at) & 0xff) << 8;
    }
    return sum;
  }

  /** The sum of the pseudo header that UDP adds (RFC 768). */
  static long pseudoHeader(Ipv4Address source, Ipv4Address destination, int protocol, int length) {
    return (source.bits() & 0xffff_ffffL) + (destination.bits() & 0xffff_ffffL) + protocol + length;
  }

  /** The checksum field for {@code sum}; zero when {@code sum} already covers a right checksum. */
  static int finish(long sum) {
    long folded = (sum >>> 32) + (sum & 0xffff_ffffL);
    folded = (folded >>> 16) + (folded & 0xffff);
    folded = (folded >>> 16) + (folded & 0xffff);
    folded = (folded >>> 16) + (folded & 0xffff);
    return (int) ~folded & 0xffff;
  }
}
