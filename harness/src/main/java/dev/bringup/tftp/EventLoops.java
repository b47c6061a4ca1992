package dev.bringup.tftp;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SelectStrategy;
import io.netty.channel.SelectStrategyFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.IntSupplier;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.TimeUnit;

/**
 * The thread that moves the bytes of all transfers: one, because two cores' worth of packets are
 * more than a board farm's network carries, and because more of them would take the cores of the
 * clients that run on the same machine.
 */
final class EventLoops implements AutoCloseable {
  /**
   * How long to look for the next packet before going to sleep: in lock-step transfers the client's
   * answer takes a few microseconds, waking up a sleeping thread takes longer than that.
   */
  private static final long SPIN_NANOS = 100_000;

  private static final int MAX_PENALTY = 1024;

  private final EventLoopGroup group;
  private final boolean epoll;
  private final boolean segmenting;
  private final PacketBuffers buffers = new PacketBuffers();
  private final Round round;

  EventLoops() {
    epoll = Epoll.isAvailable();
    SelectStrategyFactory spin = Spin::new;
    IoHandlerFactory io =
        epoll
            ? EpollIoHandler.newFactory(0, spin)
            : NioIoHandler.newFactory(SelectorProvider.provider(), spin);
    group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("tftp", true), io);
    round = new Round(group.next());
    segmenting = epoll && EpollDatagramChannel.isSegmentedDatagramPacketSupported();
  }

  /** For a socket bound to {@code local}, of its family: mapped addresses cost time. */
  Bootstrap bootstrap(InetAddress local) {
    var family =
        local instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    return new Bootstrap()
        .group(group)
        .channelFactory(
            () -> epoll ? new EpollDatagramChannel(family) : new NioDatagramChannel(family));
  }

  /** Whether the kernel cuts one large buffer into datagrams (UDP_SEGMENT, Linux 4.18). */
  boolean segmenting() {
    return segmenting;
  }

  /**
   * Whether a connected socket and an unconnected one can share a port, as on Linux: the first gets
   * the packets of its peer, the second those of all others.
   */
  boolean connecting() {
    return epoll;
  }

  PacketBuffers buffers() {
    return buffers;
  }

  Round round() {
    return round;
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    buffers.close();
  }

  /**
   * Spins only as long as that pays: each time in vain, which tells of a client that is slow or
   * that wants this very core, more rounds follow without.
   */
  private static final class Spin implements SelectStrategy {
    private int penalty = 1;
    private int withoutSpinning;

    @Override
    public int calculateStrategy(IntSupplier selectNow, boolean hasTasks) throws Exception {
      int ready = selectNow.get();
      if (ready > 0 || hasTasks) {
        return ready;
      }
      if (withoutSpinning > 0) {
        withoutSpinning--;
        return SelectStrategy.SELECT;
      }
      long until = System.nanoTime() + SPIN_NANOS;
      do {
        ready = selectNow.get();
        if (ready > 0) {
          penalty = Math.max(1, penalty / 2);
          return ready;
        }
      } while (System.nanoTime() < until);
      penalty = Math.min(MAX_PENALTY, penalty * 2);
      withoutSpinning = penalty;
      return SelectStrategy.SELECT;
    }
  }
}
