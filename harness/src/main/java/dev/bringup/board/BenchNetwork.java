package dev.bringup.board;

import static java.util.Objects.requireNonNull;

import dev.bringup.net.BenchLan;
import dev.bringup.net.DhcpConfig;
import dev.bringup.net.FrameLink;
import dev.bringup.net.Ipv4Address;
import dev.bringup.net.LanConfig;
import dev.bringup.net.LanCounters;
import dev.bringup.net.LanEvent;
import dev.bringup.net.LanListener;
import dev.bringup.net.LanService;
import dev.bringup.net.MacAddress;
import dev.bringup.net.PcapngWriter;
import dev.bringup.tftp.ClientQuirks;
import dev.bringup.tftp.PacketPath;
import dev.bringup.tftp.TftpResponder;
import dev.bringup.tftp.TftpServer;
import dev.bringup.tftp.TftpTransfer;
import dev.bringup.tftp.TransferStarted;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The network of an emulated board: a bench LAN with a TFTP server of its own behind it. Nothing
 * else of the host can be reached from the board.
 */
public final class BenchNetwork implements BoardNetwork, AutoCloseable {
  /** U-Boot's virtio driver goes deaf until reset when its 32 receive buffers have filled up. */
  private static final int UNHEARD_FRAMES = 24;

  private static final int TFTP_PORT = 69;

  /** The server's address as the board sees it. */
  public static final String SERVER_ADDRESS = LanConfig.defaults().serverIp().toString();

  /** The address that the board is given. */
  public static final String BOARD_ADDRESS = "192.168.76.2";

  private static final String BOARD_MAC = "52:54:00:12:34:56";

  private final ServedFiles files;
  private final @Nullable TftpServer server;
  private final BenchLan lan;
  private final @Nullable PcapngWriter capture;

  private BenchNetwork(
      Path uploads,
      FrameLink link,
      LanConfig config,
      BoardClock clock,
      @Nullable PcapngWriter capture,
      Consumer<BringupException> problems,
      Optional<InetSocketAddress> outside,
      Function<TransferStarted, @Nullable PacketPath> faults,
      boolean inProcess) {
    this.files = new ServedFiles(uploads);
    this.capture = capture;
    LanListener listener = event -> tell(event, problems);
    if (inProcess) {
      this.server = null;
      var tftp =
          new Tftp(
              new TftpResponder(
                  files.staged(), address -> ClientQuirks.NONE, files::ended, faults));
      this.lan = BenchLan.inProcess(config, link, clock, listener, List.of(tftp));
    } else {
      this.server =
          outside.isPresent()
              ? null
              : TftpServer.serving(files.staged())
                  .clock(clock)
                  .listener(files::ended)
                  .faults(faults)
                  .start();
      this.lan = BenchLan.open(config, link, clock, listener);
      lan.forwardUdp(TFTP_PORT, outside.orElseGet(() -> requireNonNull(server).address()));
    }
    if (capture != null) {
      lan.record(capture);
    }
  }

  /**
   * Opens the network that a board of the given file is plugged into.
   *
   * @param link the wire to the board's NIC, closed with the network
   * @param uploads an existing folder for what the board writes
   * @param capture file for all packets in pcapng
   * @param problems told if the packets can no longer be recorded; called on any thread
   * @param outside a TFTP server that the board reaches in place of this network's own, whose
   *     staged files and transfers this network then does not know, and which no faults strike
   * @param faults gives the way of each transfer to the board, null for a good one
   */
  public static BenchNetwork open(
      FrameLink link,
      BoardFile.Network network,
      Path uploads,
      BoardClock clock,
      Optional<Path> capture,
      Consumer<BringupException> problems,
      Optional<InetSocketAddress> outside,
      Function<TransferStarted, @Nullable PacketPath> faults) {
    InstantSource wall = InstantSource.system();
    return open(link, network, uploads, clock, capture, problems, wall, outside, faults, false);
  }

  /**
   * Opens the same network without sockets, threads and host time, for a machine in this process:
   * all answers are on {@code link} before it has handed over the frame that they answer, or before
   * {@link #tick} returns. What the board sees is then a function of its frames, its time and the
   * staged files. The recording dates from 1970, where {@code clock} begins.
   *
   * <p>The thread that brings frames also calls {@link #tick} and {@link #deadline}, and none of
   * its calls may be under way in {@link #close}.
   *
   * @param link the wire to the board's NIC, closed with the network; as {@link BenchLan#inProcess}
   *     asks for it
   * @param uploads an existing folder for what the board writes
   * @param clock the board's time
   * @param capture file for all packets in pcapng
   * @param problems told if the packets can no longer be recorded; called on any thread
   * @param faults gives the way of each transfer to the board, null for a good one
   */
  public static BenchNetwork inProcess(
      FrameLink link,
      BoardFile.Network network,
      Path uploads,
      BoardClock clock,
      Optional<Path> capture,
      Consumer<BringupException> problems,
      Function<TransferStarted, @Nullable PacketPath> faults) {
    InstantSource wall = () -> Instant.EPOCH.plusNanos(clock.nanos());
    return open(
        link, network, uploads, clock, capture, problems, wall, Optional.empty(), faults, true);
  }

  private static BenchNetwork open(
      FrameLink link,
      BoardFile.Network network,
      Path uploads,
      BoardClock clock,
      Optional<Path> capture,
      Consumer<BringupException> problems,
      InstantSource wall,
      Optional<InetSocketAddress> outside,
      Function<TransferStarted, @Nullable PacketPath> faults,
      boolean inProcess) {
    DhcpConfig dhcp =
        DhcpConfig.defaults()
            .withStaticLeases(Map.of(mac(network), Ipv4Address.parse(BOARD_ADDRESS)));
    if (network.bootFile() != null) {
      dhcp = dhcp.withBootFile(network.bootFile());
    }
    try {
      return new BenchNetwork(
          uploads,
          link,
          LanConfig.defaults().withDhcp(dhcp).withUnheardFrames(UNHEARD_FRAMES),
          clock,
          capture.map(path -> PcapngWriter.create(path, clock, wall)).orElse(null),
          problems,
          outside,
          faults,
          inProcess);
    } catch (RuntimeException e) {
      link.close();
      throw e;
    }
  }

  private static void tell(LanEvent event, Consumer<BringupException> problems) {
    if (event instanceof LanEvent.RecordingFailed(String message)) {
      problems.accept(
          BringupException.infrastructure(
              "the packets of the board's network can no longer be recorded: " + message,
              "free disk space; what was recorded so far can be read"));
    }
  }

  /**
   * When {@link #tick} is wanted, in the clock's nanoseconds; {@link Long#MAX_VALUE} for never, and
   * always so unless the network is in process. Each frame from the board may move it.
   */
  public long deadline() {
    return lan.deadline();
  }

  /** Does what is due by the clock, such as sending a TFTP block again. */
  public void tick() {
    lan.tick();
  }

  /** The address that a board's NIC is expected to have. */
  public static MacAddress mac(BoardFile.Network network) {
    return MacAddress.parse(network.mac() == null ? BOARD_MAC : network.mac());
  }

  @Override
  public void stage(String name, Path file) {
    files.staged().stage(name, file);
  }

  @Override
  public void stage(String name, byte[] content) {
    files.staged().stage(name, content);
  }

  @Override
  public void unstage(String name) {
    files.staged().unstage(name);
  }

  @Override
  public Set<String> staged() {
    return files.staged().names();
  }

  @Override
  public Optional<byte[]> received(String name) {
    return files.received(name);
  }

  @Override
  public String serverAddress() {
    return SERVER_ADDRESS;
  }

  @Override
  public String boardAddress() {
    return BOARD_ADDRESS;
  }

  @Override
  public List<TftpTransfer> transfers() {
    return files.transfers(server);
  }

  /** What passed through the wire so far. */
  public LanCounters counters() {
    return lan.counters();
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
    lan.close();
    if (capture != null) {
      try {
        capture.close();
      } catch (IOException e) {
        throw BringupException.infrastructure(
            "the packet recording is incomplete: " + e.getMessage(), "check the disk's space", e);
      }
    }
  }

  /** The TFTP server as a part of the LAN. */
  private record Tftp(TftpResponder server) implements LanService {
    /** The LAN's way to boards, as the server wants it. */
    private record Wire(Answers out) implements TftpResponder.Wire {
      @Override
      public ByteBuffer payload() {
        return out.payload();
      }

      @Override
      public void send(int port, InetSocketAddress client) {
        out.send(port, client);
      }
    }

    @Override
    public boolean listensOn(int port) {
      return server.listensOn(port);
    }

    @Override
    public void datagram(
        InetSocketAddress board, int port, ByteBuffer payload, long now, Answers out) {
      server.datagram(board, port, payload, now, new Wire(out));
    }

    @Override
    public long deadline() {
      return server.deadline();
    }

    @Override
    public void tick(long now, Answers out) {
      server.tick(now);
    }

    @Override
    public void boardGone(long now) {
      server.clientsGone(now);
    }

    @Override
    public void stop(long now, Answers out) {
      server.stop(now);
    }
  }
}
