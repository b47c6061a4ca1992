package dev.bringup.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.bringup.verdict.BringupException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InternetProtocolsTest {
  private static final Ipv4Address BOARD = Ipv4Address.parse("192.168.0.1");
  private static final Ipv4Address PEER = Ipv4Address.parse("192.168.0.199");
  private static final MacAddress MAC = MacAddress.parse("52:54:00:12:34:56");

  /** RFC 1071, section 3. */
  @Test
  void checksumIsThatOfTheRfc() {
    ByteBuffer bytes = hex("0001f203f4f5f6f7");
    assertThat(InternetChecksum.finish(InternetChecksum.sum(bytes, 0, 8))).isEqualTo(0x220d);
  }

  @Test
  void checksumIsTheSameAsTheSlowOneAtEveryLengthAndOffset() {
    long seed = 76;
    var random = new Random(seed);
    var bytes = ByteBuffer.allocate(80);
    random.nextBytes(bytes.array());
    for (int from = 0; from < 9; from++) {
      for (int length = 0; length < 70; length++) {
        int slow = 0;
        for (int i = 0; i < length; i++) {
          slow += (bytes.get(from + i) & 0xff) << (i % 2 == 0 ? 8 : 0);
        }
        slow = (slow >>> 16) + (slow & 0xffff);
        slow = (slow >>> 16) + (slow & 0xffff);
        assertThat(InternetChecksum.finish(InternetChecksum.sum(bytes, from, length)))
            .as("seed %d, from %d, length %d", seed, from, length)
            .isEqualTo(~slow & 0xffff);
      }
    }
  }

  @Test
  void ipv4HeaderIsReadAndWritten() {
    ByteBuffer packet = ByteBuffer.allocate(0x73);
    packet.put(0, hex("45000073000000004011f861c0a80001c0a800c7").array());
    Ipv4Packet decoded = Ipv4Packet.decode(packet);
    assertThat(decoded.source()).isEqualTo(BOARD);
    assertThat(decoded.destination()).isEqualTo(PEER);
    assertThat(decoded.protocol()).isEqualTo(Ipv4Packet.UDP);
    assertThat(decoded.payload().remaining()).isEqualTo(0x73 - 20);
    var written = ByteBuffer.allocate(0x73);
    Ipv4Packet.putHeader(written, 0, BOARD, PEER, Ipv4Packet.UDP, 0, false, 0, 0x73 - 20);
    assertThat(written).isEqualTo(packet);
  }

  @Test
  void everyFlippedBitOfAnIpv4HeaderIsNoticed() {
    var good = ByteBuffer.allocate(28);
    Ipv4Packet.putHeader(good, 0, BOARD, PEER, Ipv4Packet.UDP, 7, false, 0, 8);
    for (int bit = 0; bit < 160; bit++) {
      ByteBuffer bad = ByteBuffer.wrap(good.array().clone());
      bad.put(bit / 8, (byte) (bad.get(bit / 8) ^ 1 << bit % 8));
      assertThatThrownBy(() -> Ipv4Packet.decode(bad))
          .as("bit %d", bit)
          .isInstanceOf(PacketFormatException.class);
    }
  }

  @Test
  void ipv4OptionsAndEthernetPaddingAreSkipped() {
    var packet = ByteBuffer.allocate(46);
    packet.put(0, hex("4600001d000000004011").array());
    packet.putInt(12, BOARD.bits()).putInt(16, PEER.bits());
    packet.putInt(20, 0x94040000); // router alert
    packet.put(24, "hello".getBytes(StandardCharsets.US_ASCII));
    packet.putShort(10, (short) InternetChecksum.finish(InternetChecksum.sum(packet, 0, 24)));
    assertThat(Ipv4Packet.decode(packet).payload())
        .isEqualTo(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void udpRoundTripsAndItsChecksumCoversEveryBit() {
    var datagram = ByteBuffer.allocate(8 + 5);
    datagram.put(8, hex("0102030405").array());
    UdpDatagram.putHeader(datagram, 0, BOARD, 1024, PEER, 69, 5);
    UdpDatagram decoded = UdpDatagram.decode(datagram, BOARD, PEER);
    assertThat(decoded.sourcePort()).isEqualTo(1024);
    assertThat(decoded.destinationPort()).isEqualTo(69);
    assertThat(decoded.payload()).isEqualTo(hex("0102030405"));
    for (int bit = 0; bit < datagram.capacity() * 8; bit++) {
      ByteBuffer bad = ByteBuffer.wrap(datagram.array().clone());
      bad.put(bit / 8, (byte) (bad.get(bit / 8) ^ 1 << bit % 8));
      assertThatThrownBy(() -> UdpDatagram.decode(bad, BOARD, PEER))
          .as("bit %d", bit)
          .isInstanceOf(PacketFormatException.class);
    }
  }

  @Test
  void udpWithoutAChecksumIsTakenAndNeverSent() {
    var datagram = ByteBuffer.allocate(8 + 2);
    datagram.putShort(0, (short) 1).putShort(2, (short) 2).putShort(4, (short) 10);
    assertThat(UdpDatagram.decode(datagram, BOARD, PEER).payload().remaining()).isEqualTo(2);
    for (int value = 0; value <= 0xffff; value++) {
      datagram.putShort(8, (short) value);
      UdpDatagram.putHeader(datagram, 0, BOARD, 1, PEER, 2, 2);
      assertThat(datagram.getShort(6)).isNotZero();
    }
  }

  @Test
  void arpRoundTrips() {
    ByteBuffer wire = hex("0001080006040001525400123456c0a80001000000000000c0a800c7");
    ArpPacket packet = ArpPacket.decode(wire);
    assertThat(packet)
        .isEqualTo(new ArpPacket(ArpPacket.REQUEST, MAC, BOARD, new MacAddress(0), PEER));
    var written = ByteBuffer.allocate(ArpPacket.BYTES);
    packet.encode(written);
    assertThat(written.flip()).isEqualTo(wire);
  }

  @Test
  void icmpRoundTrips() {
    var written = ByteBuffer.allocate(64);
    new IcmpMessage(8, 0, 0x12340001, hex("6162636465")).encode(written);
    written.flip();
    assertThat(written.getShort(2)).isEqualTo((short) 0xbc03);
    IcmpMessage decoded = IcmpMessage.decode(written);
    assertThat(decoded.type()).isEqualTo(8);
    assertThat(decoded.rest()).isEqualTo(0x12340001);
    assertThat(decoded.data()).isEqualTo(hex("6162636465"));
  }

  @Test
  void packetsCutAtEveryByteOnlyEverBreakTheirFormat() {
    var udp = ByteBuffer.allocate(20);
    UdpDatagram.putHeader(udp, 0, BOARD, 1, PEER, 2, 12);
    var ip = ByteBuffer.allocate(40);
    Ipv4Packet.putHeader(ip, 0, BOARD, PEER, Ipv4Packet.UDP, 0, false, 0, 20);
    var icmp = ByteBuffer.allocate(20);
    new IcmpMessage(8, 0, 1, hex("010203040506070809101112")).encode(icmp);
    cut(udp, b -> UdpDatagram.decode(b, BOARD, PEER));
    cut(ip, Ipv4Packet::decode);
    cut(icmp.flip(), IcmpMessage::decode);
    cut(hex("0001080006040001525400123456c0a80001000000000000c0a800c7"), ArpPacket::decode);
    cut(hex("ffffffffffff5254001234560800"), EthernetFrame::decode);
  }

  private static void cut(ByteBuffer whole, Consumer<ByteBuffer> decoder) {
    decoder.accept(whole.duplicate());
    for (int length = 0; length < whole.remaining(); length++) {
      ByteBuffer part = whole.slice(0, length);
      try {
        decoder.accept(part);
        fail("took %d of %d bytes", length, whole.remaining());
      } catch (PacketFormatException expected) {
        assertThat(expected.getMessage()).isNotEmpty();
      }
    }
  }

  @Test
  void addressesAreReadAsTheyAreWritten() {
    assertThat(MAC).hasToString("52:54:00:12:34:56");
    assertThat(BOARD).hasToString("192.168.0.1");
    assertThat(Ipv4Address.parse("255.0.10.199")).hasToString("255.0.10.199");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.2.3", "1.2.3.256", "01.2.3.4", "1.2.3.4.5", "1.2.3.a", "::1"})
  void otherIpv4AddressesAreRefused(String text) {
    assertThatThrownBy(() -> Ipv4Address.parse(text))
        .isInstanceOf(BringupException.class)
        .hasMessageContaining("\"" + text + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "52:54:00:12:34", "52-54-00-12-34-56", "g2:54:00:12:34:56"})
  void otherEthernetAddressesAreRefused(String text) {
    assertThatThrownBy(() -> MacAddress.parse(text))
        .isInstanceOf(BringupException.class)
        .hasMessageContaining("\"" + text + "\"");
  }

  static ByteBuffer hex(String text) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(text));
  }
}
