package dev.bringup.net;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

/** The whole way of a frame: Ethernet, ARP, IPv4, fragments, ICMP, UDP, DHCP. */
class LanHostFuzzTest {
  private static final int IP = EthernetFrame.HEADER;

  private final LanConfig config = LanConfig.defaults();
  private final LanHost host =
      new LanHost(
          config,
          new LanMeter(event -> {}),
          (mac, board, datagram, now) -> datagram.destinationPort() == 69,
          new FrameWriter(config.serverMac(), config.serverIp(), frame -> {}));

  /** Data is a stream of frames, each behind its length in two bytes. */
  @FuzzTest
  void framesAreTakenOrRefused(byte[] data) {
    var in = ByteBuffer.wrap(data);
    for (long now = 0; in.remaining() > 2; now += 1_000_000_000L) {
      int length = Math.min(in.getShort() & 0x7ff, in.remaining());
      byte[] frame = new byte[length];
      in.get(frame);
      take(ByteBuffer.wrap(frame.clone()), now);
      mend(ByteBuffer.wrap(frame), now);
    }
  }

  private void take(ByteBuffer frame, long now) {
    try {
      host.frame(frame, now);
    } catch (PacketFormatException expected) {
      // The documented answer.
    }
  }

  /** Addresses and checksums that a fuzzer would not guess. */
  private void mend(ByteBuffer frame, long now) {
    if (frame.remaining() < IP + Ipv4Packet.HEADER) {
      return;
    }
    config.serverMac().put(frame, 0);
    frame.put(6, (byte) 2);
    if (frame.getShort(12) == EthernetFrame.IPV4) {
      int header = Math.min((frame.get(IP) & 15) * 4, frame.remaining() - IP);
      frame.put(IP, (byte) (0x40 | (frame.get(IP) & 15)));
      frame.putInt(IP + 12, config.serverIp().bits() + 1);
      frame.putInt(IP + 16, config.serverIp().bits());
      frame.putShort(IP + 10, (short) 0);
      int checksum = InternetChecksum.finish(InternetChecksum.sum(frame, IP, header));
      frame.putShort(IP + 10, (short) checksum);
      if (frame.get(IP + 9) == Ipv4Packet.UDP && frame.remaining() >= IP + header + 8) {
        frame.putShort(IP + header + 6, (short) 0);
      }
    }
    take(frame, now);
  }
}
