package dev.bringup.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bringup.time.FakeClock;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PcapngWriterTest {
  private static final Instant START = Instant.parse("2026-11-21T10:00:00.000000001Z");
  private static final Path TSHARK = Path.of("/usr/bin/tshark");

  @TempDir private Path folder;
  private final FakeClock clock = new FakeClock();

  @Test
  void framesAreInTheFileAtOnceWithTimeAndDirection() throws Exception {
    Path file = folder.resolve("lan.pcapng");
    try (var writer = PcapngWriter.create(file, clock, InstantSource.fixed(START))) {
      for (int size = 0; size < 9; size++) {
        var direction =
            size % 2 == 0 ? PcapngWriter.Direction.FROM_BOARD : PcapngWriter.Direction.TO_BOARD;
        byte[] bytes = new byte[size + 2];
        bytes[size] = 7;
        writer.write(direction, ByteBuffer.wrap(bytes, 1, size));
        clock.advance(Duration.ofNanos(5));
        List<Packet> packets = read(file); // the writer is still open, as after kill -9
        assertThat(packets).hasSize(size + 1);
        Packet last = packets.getLast();
        assertThat(last.nanos()).isEqualTo(START.getEpochSecond() * 1_000_000_000 + 1 + 5L * size);
        assertThat(last.flags()).isEqualTo(size % 2 == 0 ? 1 : 2);
        assertThat(last.bytes()).isEqualTo(ByteBuffer.wrap(bytes, 1, size));
      }
    }
  }

  @Test
  void aClosedRecordingTakesNoMore() throws Exception {
    Path file = folder.resolve("lan.pcapng");
    var writer = PcapngWriter.create(file, clock, InstantSource.fixed(START));
    writer.close();
    writer.write(PcapngWriter.Direction.TO_BOARD, ByteBuffer.allocate(60));
    assertThat(read(file)).isEmpty();
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    Path file = folder.resolve("no/lan.pcapng");
    assertThatThrownBy(() -> PcapngWriter.create(file, clock, InstantSource.fixed(START)))
        .isInstanceOf(BringupException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void tsharkFindsNoFaultInWhatTheLanSaysAndHears() throws Exception {
    assumeTrue(Files.isExecutable(TSHARK), "Debian package tshark is not installed");
    Path file = folder.resolve("lan.pcapng");
    Path socket = folder.resolve("nic");
    try (var service = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
        var writer = PcapngWriter.create(file, clock, InstantSource.fixed(START));
        var lan =
            BenchLan.open(
                LanConfig.defaults(), UnixSocketFrameLink.listen(socket), clock, event -> {})) {
      lan.record(writer);
      lan.dhcp(DhcpConfig.defaults().withBootFile("boot.scr.uimg"));
      lan.forwardUdp(69, new InetSocketAddress(service.getLocalAddress(), service.getLocalPort()));
      try (var board = SocketBoard.plugInto(socket)) {
        board.dhcp();
        board.arp(lan.config().serverIp());
        board.ping(1, new byte[3000]);
        board.sendUdp(2000, 70, new byte[10]);
        board.receiveIcmp();
        byte[] data = new byte[5000];
        data[1] = 3; // a TFTP data block
        board.sendUdp(2000, 69, data);
        var packet = new DatagramPacket(new byte[6000], 6000);
        service.receive(packet);
        service.send(packet);
        assertThat(board.receiveUdp().payload()).isEqualTo(ByteBuffer.wrap(data));
      }
    }
    List<String> lines =
        tshark(
            file,
            "-o",
            "ip.check_checksum:TRUE",
            "-o",
            "udp.check_checksum:TRUE",
            "-T",
            "fields",
            "-E",
            "separator=|",
            "-E",
            "occurrence=f",
            "-e",
            "frame.packet_flags_direction",
            "-e",
            "dhcp.option.dhcp",
            "-e",
            "dhcp.file",
            "-e",
            "ip.checksum.status",
            "-e",
            "udp.checksum.status");
    assertThat(lines).hasSize(4 + 2 + 6 + 2 + 8);
    assertThat(lines.subList(0, 4))
        .containsExactly("1|1||1|1", "2|2|boot.scr.uimg|1|1", "1|3||1|1", "2|5|boot.scr.uimg|1|1");
    List<String> bad =
        tshark(
            file,
            "-o",
            "ip.check_checksum:TRUE",
            "-o",
            "udp.check_checksum:TRUE",
            "-Y",
            "_ws.malformed || ip.checksum.status == 0 || udp.checksum.status == 0"
                + " || icmp.checksum.status == 0");
    assertThat(bad).isEmpty();
  }

  private static List<String> tshark(Path file, String... arguments) throws Exception {
    var command = new ArrayList<>(List.of(TSHARK.toString(), "-n", "-r", file.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    // Flags are hexadecimal in some versions.
    return text.replace("0x0000000", "").lines().toList();
  }

  private record Packet(long nanos, int flags, ByteBuffer bytes) {}

  private static List<Packet> read(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    var packets = new ArrayList<Packet>();
    int at = 0;
    while (at < in.capacity()) {
      int length = in.getInt(at + 4);
      assertThat(length % 4).isZero();
      assertThat(in.getInt(at + length - 4)).isEqualTo(length);
      switch (in.getInt(at)) {
        case 0x0a0d0d0a -> assertThat(in.getInt(at + 8)).isEqualTo(0x1a2b3c4d);
        case 1 -> assertThat(in.getShort(at + 8)).isEqualTo((short) 1);
        case 6 -> {
          long time = (long) in.getInt(at + 12) << 32 | (in.getInt(at + 16) & 0xffff_ffffL);
          int size = in.getInt(at + 20);
          assertThat(in.getInt(at + 24)).isEqualTo(size);
          int options = at + 28 + (size + 3) / 4 * 4;
          assertThat(in.getInt(options)).isEqualTo(0x0004_0002);
          packets.add(new Packet(time, in.getInt(options + 4), in.slice(at + 28, size)));
        }
        default -> throw new AssertionError("block of type " + in.getInt(at));
      }
      at += length;
    }
    return packets;
  }
}
