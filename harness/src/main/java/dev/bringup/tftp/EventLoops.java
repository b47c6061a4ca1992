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
  private static final long SPIN_NANOS = 50_000;

  private final EventLoopGroup group;
  private final boolean epoll;
  private final boolean segmenting;

  EventLoops() {
    epoll = Epoll.isAvailable();
    SelectStrategyFactory spin = Spin::new;
    IoHandlerFactory io =
        epoll
            ? EpollIoHandler.newFactory(0, spin)
            : NioIoHandler.newFactory(SelectorProvider.provider(), spin);
    group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("tftp", true), io);
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

  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }

  private static final class Spin implements SelectStrategy {
    private long lastEvent = System.nanoTime();

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // yield: correct without it, kinder with it
    public int calculateStrategy(io.netty.util.IntSupplier selectNow, boolean hasTasks)
        throws Exception {
      if (hasTasks) {
        return selectNow.get();
      }
      long began = System.nanoTime();
      do {
        int ready = selectNow.get();
        if (ready > 0) {
          lastEvent = System.nanoTime();
          return ready;
        }
        Thread.yield(); // whoever else wants this core gets it
      } while (System.nanoTime() - lastEvent < SPIN_NANOS && began - lastEvent < SPIN_NANOS);
      return SelectStrategy.SELECT;
    }
  }
}
