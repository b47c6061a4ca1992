package dev.bringup.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.time.FakeClock;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class BenchLanTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final Ipv4Address SERVER = Ipv4Address.parse("192.168.76.1");
  private static final Ipv4Address BOARD = Ipv4Address.parse("192.168.76.2");
  private static final int TFTP = 69;

  @TempDir private Path folder;
  private final FakeClock clock = new FakeClock();
  private final BlockingQueue<LanEvent> events = new LinkedBlockingQueue<>();
  private BenchLan lan;
  private Path socket;

  @BeforeEach
  void open() {
    socket = folder.resolve("nic");
    lan = open(LanConfig.defaults(), 1 << 20);
  }

  @AfterEach
  void close() {
    lan.close();
    assertThat(socket).doesNotExist();
  }

  private BenchLan open(LanConfig config, int queueBytes) {
    return BenchLan.open(
        config, UnixSocketFrameLink.listen(socket, queueBytes), clock, events::add);
  }

  private void reopen(LanConfig config, int queueBytes) {
    lan.close();
    events.clear();
    lan = open(config, queueBytes);
  }

  @Test
  void aBoardFindsItsServerAndGetsAnAddress() throws Exception {
    try (var board = SocketBoard.plugInto(socket)) {
      lan.dhcp(DhcpConfig.defaults().withBootFile("boot.scr"));
      DhcpMessage ack = board.dhcp();
      assertThat(ack.yourIp()).isEqualTo(BOARD);
      assertThat(ack.file()).isEqualTo("boot.scr");
      ArpPacket reply = board.arp(SERVER);
      assertThat(reply.operation()).isEqualTo(ArpPacket.REPLY);
      assertThat(reply.senderMac()).isEqualTo(lan.config().serverMac());
      assertThat(reply.targetIp()).isEqualTo(BOARD);
      assertThat(lan.leases()).containsEntry(TestBoard.MAC, BOARD);
      assertThat(events.take()).isEqualTo(new LanEvent.LinkChanged(true));
      assertThat(events.take()).isEqualTo(new LanEvent.LeaseGiven(TestBoard.MAC, BOARD, ""));
      assertThat(lan.counters().leases()).isEqualTo(1);
    }
  }

  @Test
  void probesForOtherAddressesGetNoAnswer() throws Exception {
    try (var board = SocketBoard.plugInto(socket)) {
      board.address(BOARD);
      board.askArp(BOARD);
      board.askArp(Ipv4Address.parse("192.168.76.77"));
      assertThat(board.arp(SERVER).senderIp()).isEqualTo(SERVER);
      assertThat(lan.counters().framesOut()).isEqualTo(1);
    }
  }

  @Test
  void pingsOfAllSizesComeBack() throws Exception {
    try (var board = SocketBoard.plugInto(socket)) {
      board.address(BOARD);
      var random = new Random(5);
      for (int size : new int[] {0, 1, 56, 1471, 1472, 1473, 4000, 65507}) {
        byte[] data = new byte[size];
        random.nextBytes(data);
        IcmpMessage reply = board.ping(size, data);
        assertThat(reply.type()).isEqualTo(IcmpMessage.ECHO_REPLY);
        assertThat(reply.rest()).isEqualTo(size);
        assertThat(reply.data()).as("%d bytes", size).isEqualTo(ByteBuffer.wrap(data));
      }
      assertThat(lan.counters().pings()).isEqualTo(8);
    }
  }

  @Test
  void datagramsOfAllSizesReachAServiceAndItsAnswersComeFromTheLansPort() throws Exception {
    try (var service = new DatagramSocket(0, LOOPBACK);
        var board = SocketBoard.plugInto(socket)) {
      board.address(BOARD);
      lan.forwardUdp(TFTP, local(service));
      var random = new Random(6);
      int from = -1;
      for (int size : new int[] {0, 1, 516, 1472, 1473, 8192, 65507}) {
        byte[] data = new byte[size];
        random.nextBytes(data);
        board.sendUdp(2000, TFTP, data);
        var packet = receive(service);
        assertThat(packet.getLength()).isEqualTo(size);
        assertThat(from == -1 || from == packet.getPort()).as("one client port").isTrue();
        from = packet.getPort();
        service.send(packet);
        UdpDatagram echo = board.receiveUdp();
        assertThat(echo.sourcePort()).isEqualTo(TFTP);
        assertThat(echo.destinationPort()).isEqualTo(2000);
        assertThat(echo.payload()).as("%d bytes", size).isEqualTo(ByteBuffer.wrap(data));
      }
      assertThat(lan.counters().flows()).isEqualTo(1);
      assertThat(lan.counters().drops()).isEmpty();
    }
  }

  @Test
  void aServiceMayAnswerFromAnotherPortThatIsThenOpenToThisFlowAlone() throws Exception {
    try (var service = new DatagramSocket(0, LOOPBACK);
        var transfer = new DatagramSocket(0, LOOPBACK);
        var board = SocketBoard.plugInto(socket)) {
      board.address(BOARD);
      lan.forwardUdp(TFTP, local(service));
      board.sendUdp(2000, transfer.getLocalPort(), text("before"));
      assertUnreachable(board.receiveIcmp(), 2000, transfer.getLocalPort());

      board.sendUdp(2000, TFTP, text("read request"));
      var request = receive(service);
      transfer.send(packet("data 1", request.getSocketAddress()));
      UdpDatagram data = board.receiveUdp();
      assertThat(data.sourcePort()).isEqualTo(transfer.getLocalPort());
      board.sendUdp(2000, data.sourcePort(), text("ack 1"));
      var ack = receive(transfer);
      assertThat(ack.getSocketAddress()).isEqualTo(request.getSocketAddress());
      assertThat(new String(ack.getData(), 0, ack.getLength(), StandardCharsets.US_ASCII))
          .isEqualTo("ack 1");

      board.sendUdp(2001, data.sourcePort(), text("other flow"));
      assertUnreachable(board.receiveIcmp(), 2001, data.sourcePort());
      board.sendUdp(2000, service.getLocalPort(), text("the service's own port"));
      assertUnreachable(board.receiveIcmp(), 2000, service.getLocalPort());
      assertThat(lan.counters().dropped(DropReason.PORT_UNREACHABLE)).isEqualTo(3);
    }
  }

  @Test
  void idleFlowsEndAndCloseTheirPorts() throws Exception {
    try (var service = new DatagramSocket(0, LOOPBACK);
        var transfer = new DatagramSocket(0, LOOPBACK);
        var board = SocketBoard.plugInto(socket)) {
      board.address(BOARD);
      lan.forwardUdp(TFTP, local(service));
      board.sendUdp(2000, TFTP, text("read request"));
      var request = receive(service);
      transfer.send(packet("data 1", request.getSocketAddress()));
      int port = board.receiveUdp().sourcePort();
      clock.advance(lan.config().flowIdle().minusNanos(1));
      board.sendUdp(2000, port, text("ack 1"));
      assertThat(receive(transfer).getLength()).isEqualTo(5);
      clock.advance(lan.config().flowIdle());
      board.sendUdp(2000, port, text("too late"));
      assertUnreachable(board.receiveIcmp(), 2000, port);
      board.sendUdp(2000, TFTP, text("again"));
      assertThat(receive(service).getLength()).isEqualTo(5);
      assertThat(lan.counters().flows()).isEqualTo(2);
    }
  }

  @Test
  void theFlowThatWasIdleLongestGivesWay() throws Exception {
    LanConfig d = LanConfig.defaults();
    reopen(
        new LanConfig(
            d.serverIp(), 24, d.serverMac(), d.flowIdle(), 2, d.unheardFrames(), d.dhcp()),
        1 << 20);
    try (var service = new DatagramSocket(0, LOOPBACK);
        var board = SocketBoard.plugInto(socket)) {
      board.address(BOARD);
      lan.forwardUdp(TFTP, local(service));
      int[] clients = new int[4];
      int[] ports = {2000, 2001, 2002, 2001};
      for (int i = 0; i < ports.length; i++) {
        clock.advance(Duration.ofSeconds(1));
        board.sendUdp(ports[i], TFTP, text("x"));
        clients[i] = receive(service).getPort();
      }
      assertThat(clients[3]).isEqualTo(clients[1]);
      clock.advance(Duration.ofSeconds(1));
      board.sendUdp(2000, TFTP, text("x"));
      assertThat(receive(service).getPort()).isNotEqualTo(clients[0]);
      assertThat(lan.counters().flows()).isEqualTo(4);
    }
  }

  @Test
  void aPowerCycleEndsFlowsAndKeepsTheLease() throws Exception {
    try (var service = new DatagramSocket(0, LOOPBACK)) {
      lan.forwardUdp(TFTP, local(service));
      DatagramPacket old;
      try (var board = SocketBoard.plugInto(socket)) {
        board.dhcp();
        board.sendUdp(2000, TFTP, text("read request"));
        old = receive(service);
      }
      await(new LanEvent.LinkChanged(false));
      assertThat(lan.linkUp()).isFalse();
      service.send(packet("for the board that is off", old.getSocketAddress()));
      try (var board = SocketBoard.plugInto(socket)) {
        assertThat(board.dhcp().yourIp()).isEqualTo(BOARD);
        assertThat(lan.linkUp()).isTrue();
        board.sendUdp(2000, TFTP, text("read request"));
        var request = receive(service);
        service.send(packet("new", request.getSocketAddress()));
        assertThat(board.receiveUdp().payload()).isEqualTo(ByteBuffer.wrap(text("new")));
      }
    }
  }

  @Test
  void otherTrafficIsCountedAndDropped() throws Exception {
    try (var board = SocketBoard.plugInto(socket)) {
      board.address(BOARD);
      MacAddress server = lan.config().serverMac();
      board.sendRaw(ByteBuffer.allocate(5));
      board.sendRaw(frame(server, 0x86dd, ByteBuffer.allocate(40)));
      board.sendRaw(frame(server, 0x88cc, ByteBuffer.allocate(40)));
      board.sendRaw(frame(MacAddress.parse("02:00:00:00:00:09"), 0x0800, ByteBuffer.allocate(40)));
      board.sendRaw(frame(server, 0x0800, ip(BOARD, SERVER, Ipv4Packet.TCP)));
      board.sendRaw(frame(server, 0x0800, ip(BOARD, SERVER, 47)));
      board.sendRaw(frame(server, 0x0800, ip(BOARD, Ipv4Address.parse("8.8.8.8"), 17)));
      board.sendRaw(frame(server, 0x0800, ip(Ipv4Address.parse("10.0.0.1"), SERVER, 17)));
      board.sendRaw(frame(server, 0x0800, ip(SERVER, SERVER, 17)));
      board.ping(1, new byte[0]);
      LanCounters counters = lan.counters();
      assertThat(counters.framesIn()).isEqualTo(10);
      assertThat(counters.framesOut()).isEqualTo(1);
      assertThat(counters.drops())
          .containsOnly(
              Map.entry(DropReason.MALFORMED, 1L),
              Map.entry(DropReason.IPV6, 1L),
              Map.entry(DropReason.UNKNOWN_PROTOCOL, 2L),
              Map.entry(DropReason.NOT_FOR_THIS_LAN, 2L),
              Map.entry(DropReason.TCP, 1L),
              Map.entry(DropReason.FOREIGN_SOURCE, 2L));
      assertThat(events)
          .contains(
              new LanEvent.Dropped(DropReason.TCP, 1, "TCP from 192.168.76.2"),
              new LanEvent.Dropped(
                  DropReason.NOT_FOR_THIS_LAN, 2, "IPv4 from 192.168.76.2 to 8.8.8.8"));
    }
  }

  @Test
  void aBrokenStreamIsUnpluggedAndTheNextOneTaken() throws Exception {
    try (var board = SocketBoard.plugInto(socket)) {
      board.sendBytes(ByteBuffer.allocate(4).putInt(-1).flip());
      assertThat(board.unplugged()).isTrue();
    }
    try (var board = SocketBoard.plugInto(socket)) {
      assertThat(board.dhcp().yourIp()).isEqualTo(BOARD);
    }
  }

  @Test
  void aBoardThatDoesNotReadLosesFramesAndStopsNobody() throws Exception {
    reopen(LanConfig.defaults(), 1 << 16);
    try (var service = new DatagramSocket(0, LOOPBACK);
        var board = SocketBoard.plugInto(socket)) {
      board.address(BOARD);
      lan.forwardUdp(TFTP, local(service));
      board.sendUdp(2000, TFTP, text("go"));
      var request = receive(service);
      var block = new DatagramPacket(new byte[1400], 1400, request.getSocketAddress());
      long sent = 0;
      while (lan.counters().dropped(DropReason.NIC_TOO_SLOW) == 0) {
        service.send(block);
        sent++;
        assertThat(sent).isLessThan(1_000_000);
      }
      board.sendUdp(2000, TFTP, text("still heard"));
      assertThat(receive(service).getLength()).isEqualTo(11);
      long taken = lan.counters().framesOut();
      for (long i = 0; i < Math.min(taken, 40); i++) {
        assertThat(board.receiveUdp().payload().remaining()).isEqualTo(1400);
      }
    }
    await(new LanEvent.LinkChanged(false));
  }

  @Test
  void aSilentBoardIsSentNoMoreThanItsNicHolds() throws Exception {
    reopen(LanConfig.defaults().withUnheardFrames(3), 1 << 20);
    try (var service = new DatagramSocket(0, LOOPBACK);
        var board = SocketBoard.plugInto(socket)) {
      board.address(BOARD);
      lan.forwardUdp(TFTP, local(service));
      for (int round = 1; round <= 2; round++) {
        board.sendUdp(2000, TFTP, text("go"));
        var request = receive(service);
        for (int i = 0; i < 5; i++) {
          service.send(packet("block " + i, request.getSocketAddress()));
        }
        for (int i = 0; i < 3; i++) {
          assertThat(board.receiveUdp().payload()).isEqualTo(ByteBuffer.wrap(text("block " + i)));
        }
        while (lan.counters().dropped(DropReason.BOARD_SILENT) < 2L * round) {
          Thread.onSpinWait();
        }
      }
      assertThat(lan.counters().framesOut()).isEqualTo(6);
    }
  }

  @Test
  void onlyLoopbackServicesAndFreePortsAreForwarded() {
    for (int port : new int[] {0, 67, 65536}) {
      assertThatThrownBy(() -> lan.forwardUdp(port, new InetSocketAddress(LOOPBACK, 6969)))
          .isInstanceOf(BringupException.class)
          .hasMessageContaining("port " + port);
    }
    assertThatThrownBy(
            () -> lan.forwardUdp(69, new InetSocketAddress(InetAddress.ofLiteral("8.8.8.8"), 69)))
        .isInstanceOf(BringupException.class)
        .hasMessageContaining("8.8.8.8");
  }

  @Test
  void aSocketThatIsInUseIsRefusedAndOneLeftBehindIsReplaced() throws Exception {
    assertThatThrownBy(() -> UnixSocketFrameLink.listen(socket))
        .isInstanceOf(BringupException.class)
        .hasMessageContaining(socket.toString());
    try (var board = SocketBoard.plugInto(socket)) {
      assertThat(board.dhcp().yourIp()).isEqualTo(BOARD);
    }
    Path left = folder.resolve("left");
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(left));
    }
    assertThat(left).exists();
    UnixSocketFrameLink.listen(left).close();
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> UnixSocketFrameLink.listen(file)).isInstanceOf(BringupException.class);
    assertThat(file).exists();
    assertThatThrownBy(() -> UnixSocketFrameLink.listen(folder.resolve("x".repeat(120))))
        .isInstanceOf(BringupException.class)
        .hasMessageContaining("longer than 107");
  }

  private void await(LanEvent event) throws InterruptedException {
    while (!events.take().equals(event)) {
      // Others come first.
    }
  }

  private static void assertUnreachable(IcmpMessage message, int from, int to) {
    assertThat(message.type()).isEqualTo(IcmpMessage.UNREACHABLE);
    assertThat(message.code()).isEqualTo(IcmpMessage.PORT_UNREACHABLE);
    assertThat(message.data().getShort(20) & 0xffff).isEqualTo(from);
    assertThat(message.data().getShort(22) & 0xffff).isEqualTo(to);
  }

  private static ByteBuffer frame(MacAddress to, int etherType, ByteBuffer payload) {
    var frame = ByteBuffer.allocate(14 + payload.remaining());
    EthernetFrame.putHeader(frame, 0, to, TestBoard.MAC, etherType);
    return frame.put(14, payload, 0, payload.remaining());
  }

  private static ByteBuffer ip(Ipv4Address from, Ipv4Address to, int protocol) {
    var packet = ByteBuffer.allocate(40);
    Ipv4Packet.putHeader(packet, 0, from, to, protocol, 0, false, 0, 20);
    return packet;
  }

  private static InetSocketAddress local(DatagramSocket socket) {
    return new InetSocketAddress(LOOPBACK, socket.getLocalPort());
  }

  private static DatagramPacket receive(DatagramSocket socket) throws IOException {
    var packet = new DatagramPacket(new byte[65536], 65536);
    socket.receive(packet);
    return packet;
  }

  private static DatagramPacket packet(String text, SocketAddress to) {
    byte[] bytes = text(text);
    return new DatagramPacket(bytes, bytes.length, to);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
