package dev.bringup.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.board.BenchNetwork;
import dev.bringup.board.BoardFile;
import dev.bringup.time.FakeClock;
import dev.bringup.verdict.BringupException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchLanInProcessTest {
  private static final Ipv4Address SERVER = Ipv4Address.parse("192.168.76.1");
  private static final Ipv4Address BOARD = Ipv4Address.parse("192.168.76.2");

  @TempDir private Path folder;
  private final FakeClock clock = new FakeClock();
  private final List<LanEvent> events = new ArrayList<>();
  private final LinkBoard board = new LinkBoard(clock::nanos);
  private final Echo echo = new Echo();
  private BenchLan lan;

  /** Answers from the port above, at once and again a second later. */
  private static final class Echo implements LanService {
    private final List<String> calls = new ArrayList<>();
    private long deadline = Long.MAX_VALUE;
    private InetSocketAddress last = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 1);

    @Override
    public boolean listensOn(int port) {
      return port == 7;
    }

    @Override
    public void datagram(
        InetSocketAddress from, int port, ByteBuffer payload, long now, Answers out) {
      if (payload.remaining() == 13) {
        throw new IllegalStateException("thirteen");
      }
      last = from;
      deadline = now + 1_000_000_000;
      out.payload().put(payload);
      out.send(port + 1, from);
    }

    @Override
    public long deadline() {
      return deadline;
    }

    @Override
    public void tick(long now, Answers out) {
      if (now >= deadline) {
        deadline = Long.MAX_VALUE;
        out.payload().put((byte) 42);
        out.send(7, last);
      }
    }

    @Override
    public void boardGone(long now) {
      calls.add("gone at " + now);
    }

    @Override
    public void stop(long now, Answers out) {
      calls.add("stop at " + now);
      out.payload().put((byte) 43);
      out.send(7, last);
    }
  }

  @BeforeEach
  void open() {
    lan = BenchLan.inProcess(LanConfig.defaults(), board, clock, events::add, List.of(echo));
  }

  @AfterEach
  void close() {
    lan.close();
  }

  @Test
  void aBoardFindsItsServerAndGetsAnAddressBeforeItsCallReturns() {
    assertThat(board.dhcp().yourIp()).isEqualTo(BOARD);
    assertThat(board.arp(SERVER).senderMac()).isEqualTo(lan.config().serverMac());
    assertThat(lan.leases()).containsEntry(TestBoard.MAC, BOARD);
    assertThat(events)
        .containsExactly(
            new LanEvent.LinkChanged(true), new LanEvent.LeaseGiven(TestBoard.MAC, BOARD, ""));
  }

  @Test
  void pingsOfAllSizesComeBack() {
    board.address(BOARD);
    var random = new Random(5);
    for (int size : new int[] {0, 56, 1472, 1473, 65507}) {
      byte[] data = new byte[size];
      random.nextBytes(data);
      assertThat(board.ping(size, data).data()).as("%d bytes", size).isEqualTo(wrap(data));
    }
    assertThat(board.waiting()).isZero();
  }

  @Test
  void aServiceAnswersFromAnyPortAtOnceAndInTime() {
    board.address(BOARD);
    var random = new Random(6);
    for (int size : new int[] {0, 1, 1472, 1473, 65507}) {
      byte[] data = new byte[size];
      random.nextBytes(data);
      board.sendUdp(2000, 7, data);
      UdpDatagram answer = board.receiveUdp();
      assertThat(answer.sourcePort()).isEqualTo(8);
      assertThat(answer.destinationPort()).isEqualTo(2000);
      assertThat(answer.payload()).as("%d bytes", size).isEqualTo(wrap(data));
    }
    assertThat(lan.deadline()).isEqualTo(1_000_000_000);
    clock.advance(Duration.ofMillis(999));
    lan.tick();
    assertThat(board.waiting()).isZero();
    clock.advance(Duration.ofMillis(1));
    lan.tick();
    assertThat(board.receiveUdp().payload()).isEqualTo(wrap(new byte[] {42}));
    assertThat(lan.deadline()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aFlowIsCountedOnceForEachPortOfTheBoardAndAgainAfterALongSilence() {
    board.address(BOARD);
    board.sendUdp(2000, 7, new byte[1]);
    board.sendUdp(2000, 7, new byte[1]);
    board.sendUdp(2001, 7, new byte[1]);
    assertThat(lan.counters().flows()).isEqualTo(2);
    clock.advance(lan.config().flowIdle());
    board.sendUdp(2001, 7, new byte[1]);
    assertThat(lan.counters().flows()).isEqualTo(3);
    assertThat(events).contains(new LanEvent.FlowOpened(BOARD, 2001, 7));
  }

  @Test
  void portsThatNoServiceListensOnAreUnreachable() {
    board.address(BOARD);
    board.sendUdp(2000, 8, new byte[1]);
    IcmpMessage answer = board.receiveIcmp();
    assertThat(answer.type()).isEqualTo(IcmpMessage.UNREACHABLE);
    assertThat(answer.code()).isEqualTo(IcmpMessage.PORT_UNREACHABLE);
    assertThat(lan.counters().drops()).containsOnlyKeys(DropReason.PORT_UNREACHABLE);
  }

  @Test
  void aFaultInAServiceCostsOneDatagram() {
    board.address(BOARD);
    board.sendUdp(2000, 7, new byte[13]);
    assertThat(lan.counters().drops()).containsOnlyKeys(DropReason.FAULT);
    board.sendUdp(2000, 7, new byte[12]);
    assertThat(board.receiveUdp().payload().remaining()).isEqualTo(12);
  }

  @Test
  void aSilentBoardIsSentNoMoreThanItsNicHolds() {
    lan.close();
    lan =
        BenchLan.inProcess(
            LanConfig.defaults().withUnheardFrames(2), board, clock, events::add, List.of(echo));
    board.address(BOARD);
    board.sendUdp(2000, 7, new byte[5000]);
    assertThat(board.waiting()).isEqualTo(2);
    assertThat(lan.counters().dropped(DropReason.BOARD_SILENT)).isEqualTo(2);
  }

  @Test
  void servicesHearOfPowerOffAndOfTheEnd() {
    board.address(BOARD);
    board.sendUdp(2000, 7, new byte[1]);
    clock.advance(Duration.ofNanos(5));
    board.unplug();
    assertThat(lan.linkUp()).isFalse();
    board.plug();
    board.sendUdp(2000, 7, new byte[1]);
    board.lose();
    clock.advance(Duration.ofNanos(5));
    lan.close();
    assertThat(echo.calls).containsExactly("gone at 5", "stop at 10");
    assertThat(board.receiveUdp().payload()).isEqualTo(wrap(new byte[] {43}));
  }

  @Test
  void nothingOfTheHostIsForwarded() {
    var service = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 6969);
    assertThatThrownBy(() -> lan.forwardUdp(69, service))
        .isInstanceOf(BringupException.class)
        .hasMessageContaining("69");
  }

  @Test
  void noThreadIsStarted() {
    var before = Thread.getAllStackTraces().keySet();
    try (var other =
        BenchLan.inProcess(
            LanConfig.defaults(), new LinkBoard(clock::nanos), clock, event -> {}, List.of())) {
      var after = Thread.getAllStackTraces().keySet();
      assertThat(after).noneMatch(t -> t.getName().equals("bench-lan-udp") && !before.contains(t));
      assertThat(other.linkUp()).isTrue();
    }
  }

  @Test
  void theSameBoardAtTheSameTimesSeesTheSameFramesTwice() throws Exception {
    byte[] kernel = new byte[100_000];
    new Random(8).nextBytes(kernel);
    Path file = Files.write(folder.resolve("Image"), kernel);
    Path first = folder.resolve("1.pcapng");
    Path second = folder.resolve("2.pcapng");
    List<String> frames = boot(file, first);
    assertThat(frames).hasSizeGreaterThan(400);
    assertThat(boot(file, second)).isEqualTo(frames);
    assertThat(second).hasSameBinaryContentAs(first);
  }

  /** DHCP, ARP, ping, a small file, and a large one with a lost block that a tick brings again. */
  private List<String> boot(Path image, Path capture) {
    var time = new FakeClock();
    var link = new LinkBoard(time::nanos);
    var network = new BoardFile.Network("dhcp", 1, "boot.scr", null);
    try (var bench =
        BenchNetwork.inProcess(
            link, network, folder, time, Optional.of(capture), problem -> {}, _ -> null)) {
      bench.stage("boot.scr", new byte[] {1, 2, 3});
      bench.stage("Image", image);
      time.advance(Duration.ofMillis(3));
      assertThat(link.boot()).isEqualTo("boot.scr");
      assertThat(link.arp(SERVER).senderIp()).isEqualTo(SERVER);
      link.ping(1, new byte[2000]);
      link.askFor(2000, "boot.scr");
      assertThat(link.read(2000)).containsExactly(1, 2, 3);
      time.advance(Duration.ofMillis(4));
      link.askFor(2001, "Image");
      link.lose();
      time.advance(Duration.ofNanos(bench.deadline() - time.nanos()));
      bench.tick();
      assertThat(link.read(2001)).hasSize(100_000);
      assertThat(bench.transfers()).hasSize(2);
    }
    return link.frames();
  }

  private static ByteBuffer wrap(byte[] bytes) {
    return ByteBuffer.wrap(bytes);
  }
}
