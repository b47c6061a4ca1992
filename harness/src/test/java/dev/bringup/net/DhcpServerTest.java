package dev.bringup.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.bringup.verdict.BringupException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DhcpServerTest {
  private static final MacAddress BOARD = MacAddress.parse("52:54:00:12:34:56");
  private static final MacAddress OTHER = MacAddress.parse("52:54:00:12:34:57");
  private static final Ipv4Address FIRST = Ipv4Address.parse("192.168.76.2");
  private static final Ipv4Address FIXED = Ipv4Address.parse("192.168.76.50");
  private static final DhcpConfig PLAIN = DhcpConfig.defaults();

  private final LanConfig lan = LanConfig.defaults();
  private final DhcpServer server = new DhcpServer(lan);
  private long now;

  @Test
  void aBoardGetsTheFirstFreeAddressAndKeepsIt() {
    DhcpMessage offer = answer(client(BOARD, DhcpMessage.Type.DISCOVER, Map.of()), PLAIN);
    assertThat(offer.type()).contains(DhcpMessage.Type.OFFER);
    assertThat(offer.yourIp()).isEqualTo(FIRST);
    assertThat(server.bound(now)).isEmpty();
    DhcpMessage ack = answer(selecting(BOARD, FIRST), PLAIN);
    assertThat(ack.type()).contains(DhcpMessage.Type.ACK);
    assertThat(ack.yourIp()).isEqualTo(FIRST);
    assertThat(server.bound(now)).containsExactly(Map.entry(BOARD, FIRST));
    assertThat(answer(client(OTHER, DhcpMessage.Type.DISCOVER, Map.of()), PLAIN).yourIp())
        .isEqualTo(FIRST.plus(1));
    assertThat(answer(client(BOARD, DhcpMessage.Type.DISCOVER, Map.of()), PLAIN).yourIp())
        .isEqualTo(FIRST);
  }

  @Test
  void answersCarryTheLansShape() {
    var config =
        new DhcpConfig(
            Map.of(),
            Optional.empty(),
            "boot.scr",
            "board1",
            "lab.example",
            List.of(lan.serverIp(), FIXED),
            Duration.ofHours(1));
    DhcpMessage offer = answer(client(BOARD, DhcpMessage.Type.DISCOVER, Map.of()), config);
    assertThat(offer.nextServer()).isEqualTo(lan.serverIp());
    assertThat(offer.file()).isEqualTo("boot.scr");
    assertThat(offer.address(1)).contains(Ipv4Address.parse("255.255.255.0"));
    assertThat(offer.address(3)).contains(lan.serverIp());
    assertThat(offer.options().get(6)).hasSize(8);
    assertThat(offer.options().get(12)).isEqualTo(ascii("board1"));
    assertThat(offer.options().get(15)).isEqualTo(ascii("lab.example"));
    assertThat(offer.options().get(51)).isEqualTo(word(3600));
    assertThat(offer.address(54)).contains(lan.serverIp());
    assertThat(offer.options().get(58)).isEqualTo(word(1800));
    assertThat(offer.options().get(59)).isEqualTo(word(3150));
    assertThat(offer.options().get(66)).isEqualTo(ascii("192.168.76.1"));
    assertThat(offer.options().get(67)).isEqualTo(ascii("boot.scr"));
  }

  @Test
  void aClientThatNamesItsOptionsGetsNoOthers() {
    var config = PLAIN.withBootFile("boot.scr");
    var wanted = Map.of(55, new byte[] {1, 3, 67}, 61, new byte[] {1, 2});
    DhcpMessage offer = answer(client(BOARD, DhcpMessage.Type.DISCOVER, wanted), config);
    assertThat(offer.options()).containsOnlyKeys(1, 3, 51, 53, 54, 58, 59, 61, 67);
    assertThat(offer.options().get(61)).isEqualTo(new byte[] {1, 2});
  }

  @Test
  void aStaticLeaseBelongsToItsNicAlone() {
    var config = PLAIN.withStaticLeases(Map.of(BOARD, FIXED));
    assertThat(answer(client(BOARD, DhcpMessage.Type.DISCOVER, Map.of()), config).yourIp())
        .isEqualTo(FIXED);
    assertThat(answer(selecting(OTHER, FIXED), config).type()).contains(DhcpMessage.Type.NAK);
    assertThat(answer(selecting(BOARD, FIRST), config).type()).contains(DhcpMessage.Type.NAK);
    assertThat(answer(selecting(BOARD, FIXED), config).type()).contains(DhcpMessage.Type.ACK);
  }

  @Test
  void aForeignOrTakenAddressIsRefusedByBroadcast() {
    assertThat(answer(selecting(BOARD, FIRST), PLAIN).type()).contains(DhcpMessage.Type.ACK);
    DhcpMessage taken = answer(selecting(OTHER, FIRST), PLAIN);
    assertThat(taken.type()).contains(DhcpMessage.Type.NAK);
    assertThat(taken.yourIp()).isEqualTo(Ipv4Address.ANY);
    var foreign = client(OTHER, DhcpMessage.Type.REQUEST, Map.of(50, word(0x0a000205)));
    DhcpServer.Answer answer = server.handle(foreign, PLAIN, now).orElseThrow();
    assertThat(answer.message().type()).contains(DhcpMessage.Type.NAK);
    assertThat(answer.to()).isEqualTo(Ipv4Address.BROADCAST);
    assertThat(answer.leased()).isFalse();
  }

  @Test
  void aRequestToAnotherServerFreesTheOfferAndGetsNoAnswer() {
    assertThat(answer(client(BOARD, DhcpMessage.Type.DISCOVER, Map.of()), PLAIN).yourIp())
        .isEqualTo(FIRST);
    var elsewhere =
        client(BOARD, DhcpMessage.Type.REQUEST, Map.of(50, word(FIRST.bits()), 54, word(1)));
    assertThat(server.handle(elsewhere, PLAIN, now)).isEmpty();
    assertThat(answer(client(OTHER, DhcpMessage.Type.DISCOVER, Map.of()), PLAIN).yourIp())
        .isEqualTo(FIRST);
  }

  @Test
  void renewalGoesStraightToTheBoard() {
    assertThat(answer(selecting(BOARD, FIRST), PLAIN).type()).contains(DhcpMessage.Type.ACK);
    DhcpServer.Answer renewed =
        server
            .handle(message(BOARD, FIRST, options(DhcpMessage.Type.REQUEST, Map.of())), PLAIN, now)
            .orElseThrow();
    assertThat(renewed.to()).isEqualTo(FIRST);
    assertThat(renewed.leased()).isTrue();
    assertThat(renewed.message().yourIp()).isEqualTo(FIRST);
  }

  @Test
  void releasedDeclinedAndExpiredAddressesAreHandled() {
    assertThat(answer(selecting(BOARD, FIRST), PLAIN).type()).contains(DhcpMessage.Type.ACK);
    assertThat(
            server.handle(
                message(OTHER, FIRST, options(DhcpMessage.Type.RELEASE, Map.of())), PLAIN, now))
        .isEmpty();
    assertThat(server.bound(now)).containsKey(BOARD);
    assertThat(
            server.handle(
                message(BOARD, FIRST, options(DhcpMessage.Type.RELEASE, Map.of())), PLAIN, now))
        .isEmpty();
    assertThat(server.bound(now)).isEmpty();

    assertThat(answer(selecting(BOARD, FIRST), PLAIN).type()).contains(DhcpMessage.Type.ACK);
    assertThat(
            server.handle(
                client(BOARD, DhcpMessage.Type.DECLINE, Map.of(50, word(FIRST.bits()))),
                PLAIN,
                now))
        .isEmpty();
    assertThat(answer(client(BOARD, DhcpMessage.Type.DISCOVER, Map.of()), PLAIN).yourIp())
        .isEqualTo(FIRST.plus(1));

    assertThat(answer(selecting(BOARD, FIRST.plus(1)), PLAIN).type())
        .contains(DhcpMessage.Type.ACK);
    now += Duration.ofDays(1).toNanos();
    assertThat(server.bound(now)).isEmpty();
    assertThat(answer(client(OTHER, DhcpMessage.Type.DISCOVER, Map.of()), PLAIN).yourIp())
        .isEqualTo(FIRST.plus(1));
  }

  @Test
  void informAsksForOptionsOnly() {
    DhcpServer.Answer answer =
        server
            .handle(message(BOARD, FIXED, options(DhcpMessage.Type.INFORM, Map.of())), PLAIN, now)
            .orElseThrow();
    assertThat(answer.message().type()).contains(DhcpMessage.Type.ACK);
    assertThat(answer.message().yourIp()).isEqualTo(Ipv4Address.ANY);
    assertThat(answer.message().options()).doesNotContainKeys(51, 58, 59);
    assertThat(answer.to()).isEqualTo(FIXED);
    assertThat(server.bound(now)).isEmpty();
  }

  @Test
  void aBootpClientGetsAnAddressAtOnceAndNoOptions() {
    DhcpServer.Answer answer =
        server
            .handle(
                message(BOARD, Ipv4Address.ANY, new TreeMap<>()),
                PLAIN.withBootFile("u-boot.img"),
                now)
            .orElseThrow();
    assertThat(answer.leased()).isTrue();
    assertThat(answer.message().yourIp()).isEqualTo(FIRST);
    assertThat(answer.message().file()).isEqualTo("u-boot.img");
    assertThat(answer.message().options()).isEmpty();
    assertThat(answer.message().encode()).hasSize(300);
  }

  @Test
  void aFullSubnetStaysSilent() {
    var small =
        new LanConfig(lan.serverIp(), 30, lan.serverMac(), Duration.ofSeconds(1), 1, 9, PLAIN);
    var tiny = new DhcpServer(small);
    assertThat(tiny.handle(client(BOARD, DhcpMessage.Type.DISCOVER, Map.of()), PLAIN, 0))
        .isPresent();
    assertThat(tiny.handle(client(OTHER, DhcpMessage.Type.DISCOVER, Map.of()), PLAIN, 0)).isEmpty();
  }

  @Test
  void messagesRoundTripWithLongAndOverloadedOptions() {
    byte[] large = new byte[700];
    large[699] = 9;
    var request = client(BOARD, DhcpMessage.Type.DISCOVER, Map.of(43, large, 80, new byte[0]));
    DhcpMessage read = DhcpMessage.decode(ByteBuffer.wrap(request.encode()));
    assertThat(read.options().get(43)).isEqualTo(large);
    assertThat(read.options().get(80)).isEmpty();
    assertThat(read.clientMac()).isEqualTo(BOARD);

    byte[] overloaded =
        client(BOARD, DhcpMessage.Type.DISCOVER, Map.of(52, new byte[] {3})).encode();
    System.arraycopy(new byte[] {12, 2, 'a', 'b', (byte) 255}, 0, overloaded, 108, 5);
    System.arraycopy(new byte[] {12, 1, 'c', (byte) 255}, 0, overloaded, 44, 4);
    DhcpMessage both = DhcpMessage.decode(ByteBuffer.wrap(overloaded));
    assertThat(both.options().get(12)).isEqualTo(ascii("abc"));
    assertThat(both.file()).isEmpty();
  }

  @Test
  void messagesCutAtEveryByteOnlyEverBreakTheirFormat() {
    byte[] whole =
        client(
                BOARD,
                DhcpMessage.Type.DISCOVER,
                Map.of(60, ascii("U-Boot.armv8"), 61, new byte[60]))
            .encode();
    int cut = 0;
    for (int length = 0; length < whole.length; length++) {
      try {
        var _ = DhcpMessage.decode(ByteBuffer.wrap(whole, 0, length));
      } catch (PacketFormatException expected) {
        cut++;
      } catch (RuntimeException e) {
        fail("at " + length, e);
      }
    }
    assertThat(cut).isGreaterThan(236);
  }

  @Test
  void wrongConfigurationIsNamed() {
    assertThatThrownBy(() -> PLAIN.withBootFile("x".repeat(128)))
        .isInstanceOf(BringupException.class)
        .hasMessageContaining("boot file name");
    var foreign = PLAIN.withStaticLeases(Map.of(BOARD, Ipv4Address.parse("10.0.0.1")));
    assertThatThrownBy(() -> lan.withDhcp(foreign))
        .isInstanceOf(BringupException.class)
        .hasMessageContaining("10.0.0.1");
    assertThatThrownBy(() -> PLAIN.withStaticLeases(Map.of(BOARD, FIXED, OTHER, FIXED)))
        .isInstanceOf(BringupException.class);
    assertThatThrownBy(() ->
            new LanConfig(
                Ipv4Address.parse("192.168.76.0"),
                24,
                lan.serverMac(),
                Duration.ofSeconds(1),
                1,
                9,
                PLAIN))
        .isInstanceOf(BringupException.class);
  }

  private DhcpMessage answer(DhcpMessage request, DhcpConfig config) {
    DhcpMessage sent = server.handle(request, config, now).orElseThrow().message();
    return DhcpMessage.decode(ByteBuffer.wrap(sent.encode()));
  }

  private DhcpMessage selecting(MacAddress mac, Ipv4Address wanted) {
    return client(
        mac,
        DhcpMessage.Type.REQUEST,
        Map.of(50, word(wanted.bits()), 54, word(lan.serverIp().bits())));
  }

  static DhcpMessage client(MacAddress mac, DhcpMessage.Type type, Map<Integer, byte[]> more) {
    return message(mac, Ipv4Address.ANY, options(type, more));
  }

  private static SortedMap<Integer, byte[]> options(
      DhcpMessage.Type type, Map<Integer, byte[]> more) {
    var options = new TreeMap<>(more);
    options.put(53, new byte[] {(byte) type.code});
    return options;
  }

  private static DhcpMessage message(
      MacAddress mac, Ipv4Address from, SortedMap<Integer, byte[]> options) {
    return new DhcpMessage(
        DhcpMessage.REQUEST,
        0x1234,
        false,
        from,
        Ipv4Address.ANY,
        Ipv4Address.ANY,
        Ipv4Address.ANY,
        mac,
        "",
        options);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] word(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }
}
