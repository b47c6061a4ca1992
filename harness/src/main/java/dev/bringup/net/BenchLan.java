package dev.bringup.net;

import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A user-mode Ethernet between one board's NIC and services on the host's loopback: no root, no tap
 * device. The LAN has one host, which is gateway and DHCP server, answers ARP and ping, and stands
 * in front of the UDP services that are forwarded to it or are part of it. Nothing else is
 * reachable.
 *
 * <p>Thread-safe; for a LAN that is opened {@linkplain #inProcess in process}, {@link #tick},
 * {@link #deadline} and {@link #close} belong to the thread that brings the board's frames.
 */
public final class BenchLan implements AutoCloseable {
  private final LanConfig config;
  private final FrameLink link;
  private final BoardClock clock;
  private final LanMeter meter;
  private final LanServices services;
  private final @Nullable UdpFlows flows;
  private final LanHost host;
  private final AtomicReference<@Nullable PcapngWriter> recording = new AtomicReference<>();
  private final AtomicInteger unheard = new AtomicInteger();
  private volatile boolean linkUp;

  private BenchLan(
      LanConfig config,
      FrameLink link,
      BoardClock clock,
      LanListener listener,
      List<LanService> services,
      boolean forwards) {
    this.config = config;
    this.link = link;
    this.clock = clock;
    this.meter = new LanMeter(listener);
    this.services = new LanServices(config, meter, writer(), services);
    this.flows = forwards ? new UdpFlows(config, meter, writer(), link::flush, clock) : null;
    this.host = new LanHost(config, meter, flows == null ? this.services : flows, writer());
  }

  /**
   * Opens a LAN on {@code link}, which it starts, and closes in the end.
   *
   * @param clock the time in which leases, flows and fragments grow old
   */
  public static BenchLan open(
      LanConfig config, FrameLink link, BoardClock clock, LanListener listener) {
    var lan = new BenchLan(config, link, clock, listener, List.of(), true);
    if (lan.flows != null) {
      lan.flows.start();
    }
    link.start(lan.new Port());
    return lan;
  }

  /**
   * Opens a LAN with services of its own only: no socket, no thread, no time but {@code clock}.
   * Answers to a frame are sent to {@code link} before the receiver's call for that frame returns,
   * and others in {@link #tick}; so the same frames at the same times always get the same answers.
   *
   * @param link which the LAN starts, and closes in the end; it must not call its receiver from
   *     inside {@link FrameLink#send}
   * @param clock the board's time
   * @param services the first that listens on a port gets its datagrams
   */
  public static BenchLan inProcess(
      LanConfig config,
      FrameLink link,
      BoardClock clock,
      LanListener listener,
      List<LanService> services) {
    var lan = new BenchLan(config, link, clock, listener, services, false);
    link.start(lan.new Port());
    return lan;
  }

  /** The shape that the LAN was opened with. */
  public LanConfig config() {
    return config;
  }

  /**
   * Makes a UDP service of the host reachable at a port of the LAN's server; replaces the port's
   * earlier service.
   *
   * @param lanPort 1 to 65535, but not 67, which is the LAN's own DHCP
   * @param service on IPv4 loopback
   * @throws BringupException (configuration) for other ports and addresses, and for a LAN in
   *     process, which has no sockets
   */
  public void forwardUdp(int lanPort, InetSocketAddress service) {
    if (flows == null) {
      throw BringupException.configuration(
          "a bench LAN in process has no way to UDP port " + lanPort + " of the host");
    }
    if (lanPort < 1 || lanPort > 65535 || lanPort == DhcpMessage.SERVER_PORT) {
      throw BringupException.configuration(
          "UDP port " + lanPort + " of the bench LAN cannot be forwarded");
    }
    if (!(service.getAddress() instanceof Inet4Address address && address.isLoopbackAddress())) {
      throw BringupException.configuration(
          "the bench LAN forwards to 127.0.0.1 only, not to " + service);
    }
    flows.forward(lanPort, service);
  }

  /**
   * Changes what boards are told by DHCP from now on, such as the boot file.
   *
   * @throws BringupException (configuration) when a static lease is not in the subnet
   */
  public void dhcp(DhcpConfig dhcp) {
    host.dhcp(dhcp);
  }

  /** The addresses that boards hold now. */
  public Map<MacAddress, Ipv4Address> leases() {
    return host.leases(clock.nanos());
  }

  /** Records all frames from now on; ends the earlier recording. The caller closes the writer. */
  public void record(PcapngWriter writer) {
    recording.set(writer);
  }

  /** Whether the board's NIC is plugged in: the machine runs. */
  public boolean linkUp() {
    return linkUp;
  }

  /**
   * When {@link #tick} is wanted, in nanoseconds of the LAN's clock; {@link Long#MAX_VALUE} for
   * never. Each frame from the board may move it.
   */
  public long deadline() {
    return services.deadline();
  }

  /** Lets the LAN's services do what is due by its clock. */
  public void tick() {
    guard(() -> services.tick(clock.nanos()));
    link.flush();
  }

  /** What passed through so far. */
  public LanCounters counters() {
    return meter.counters();
  }

  @Override
  public void close() {
    guard(() -> services.stop(clock.nanos()));
    link.flush();
    link.close();
    if (flows != null) {
      flows.close();
    }
    recording.set(null);
  }

  /** A service's fault must stop neither the board's time nor the end of the LAN. */
  private void guard(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      meter.fault(e);
    }
  }

  private FrameWriter writer() {
    return new FrameWriter(config.serverMac(), config.serverIp(), this::transmit);
  }

  private void transmit(ByteBuffer frame) {
    int bytes = frame.remaining();
    if (unheard.get() >= config.unheardFrames()) {
      meter.drop(
          DropReason.BOARD_SILENT,
          () -> "the board did not answer " + config.unheardFrames() + " frames");
      return;
    }
    if (!link.send(frame)) {
      DropReason reason = linkUp ? DropReason.NIC_TOO_SLOW : DropReason.NO_NIC;
      meter.drop(reason, () -> "frame of " + bytes + " bytes to the board");
      return;
    }
    unheard.incrementAndGet();
    meter.framesOut.incrementAndGet();
    meter.bytesOut.addAndGet(bytes);
    capture(PcapngWriter.Direction.TO_BOARD, frame.rewind());
  }

  private void capture(PcapngWriter.Direction direction, ByteBuffer frame) {
    PcapngWriter writer = recording.get();
    if (writer == null) {
      return;
    }
    try {
      writer.write(direction, frame);
    } catch (IOException e) {
      if (recording.compareAndSet(writer, null)) {
        meter.tell(new LanEvent.RecordingFailed(String.valueOf(e.getMessage())));
      }
    }
  }

  private final class Port implements FrameLink.Receiver {
    @Override
    public void frame(ByteBuffer frame) {
      unheard.set(0);
      meter.framesIn.incrementAndGet();
      meter.bytesIn.addAndGet(frame.remaining());
      capture(PcapngWriter.Direction.FROM_BOARD, frame.duplicate());
      try {
        host.frame(frame, clock.nanos());
      } catch (PacketFormatException e) {
        meter.drop(DropReason.MALFORMED, () -> String.valueOf(e.getMessage()));
      } catch (RuntimeException e) {
        meter.fault(e);
      }
      link.flush();
    }

    @Override
    public void linkChanged(boolean up) {
      linkUp = up;
      unheard.set(0);
      if (!up) {
        guard(() -> services.clear(clock.nanos()));
        if (flows != null) {
          flows.clear();
        }
        host.forget();
      }
      meter.tell(new LanEvent.LinkChanged(up));
    }
  }
}
