package dev.bringup.net;

import dev.bringup.time.Threads;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A wire that QEMU plugs itself into with {@code -netdev
 * stream,id=n0,server=off,addr.type=unix,addr.path=SOCKET}: this end listens. One NIC at a time;
 * when it goes away, as at each power cycle, the next connection is taken. Frames for a NIC that
 * went away never reach the next one.
 *
 * <p>A platform thread and not a virtual one reads the socket: it has to wake up for each TFTP
 * block and a virtual thread would be woken through two others.
 */
public final class UnixSocketFrameLink implements FrameLink {
  /** {@code sun_path} of Linux's {@code sockaddr_un}, less its final zero byte. */
  private static final int MAX_PATH = 107;

  private static final int SOCKET_BUFFER = 4 << 20;

  private final Path path;
  private final ServerSocketChannel listener;
  private final Selector selector;
  private final StreamFrameDecoder decoder = new StreamFrameDecoder();
  private final ReentrantLock outLock = new ReentrantLock();
  private final FrameQueue out;
  private final Thread thread = new Thread(this::run, "bench-lan-link");
  private @Nullable Receiver receiver;
  private @Nullable SelectionKey connection; // written under outLock by the thread
  private boolean waitsForPeer; // under outLock: the peer takes no more bytes now
  private volatile boolean closed;

  private UnixSocketFrameLink(
      Path path, ServerSocketChannel listener, Selector selector, int queueBytes) {
    this.path = path;
    this.listener = listener;
    this.selector = selector;
    this.out = new FrameQueue(queueBytes);
    thread.setDaemon(true);
  }

  /**
   * Listens at {@code path}, which must not be longer than 107 bytes. A socket file that a killed
   * process left there is replaced. QEMU may connect from now on.
   *
   * @throws BringupException (infrastructure) when the path is in use, too long or not writable
   */
  public static UnixSocketFrameLink listen(Path path) {
    return listen(path, 1 << 20);
  }

  static UnixSocketFrameLink listen(Path path, int queueBytes) {
    if (path.toString().getBytes(StandardCharsets.UTF_8).length > MAX_PATH) {
      throw BringupException.infrastructure(
          "Unix socket path " + path + " is longer than " + MAX_PATH + " bytes",
          "use a shorter run folder or TMPDIR");
    }
    removeStale(path);
    try {
      var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        listener.bind(UnixDomainSocketAddress.of(path), 1);
        listener.configureBlocking(false);
        return new UnixSocketFrameLink(path, listener, Selector.open(), queueBytes);
      } catch (IOException e) {
        listener.close();
        throw e;
      }
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot listen at Unix socket " + path + ": " + e.getMessage(),
          "check that its folder exists and is writable, and that no other run uses it",
          e);
    }
  }

  private static void removeStale(Path path) {
    if (!Files.exists(path) || Files.isRegularFile(path) || Files.isDirectory(path)) {
      return;
    }
    try (var probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      // Somebody listens: bind will say so. Their link sees a NIC that comes and goes at once.
      assert probe.isConnected();
    } catch (IOException nobodyListens) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        throw BringupException.infrastructure(
            "cannot remove the old Unix socket " + path + ": " + e.getMessage(),
            "remove it by hand",
            e);
      }
    }
  }

  /** Where QEMU connects to. */
  public Path path() {
    return path;
  }

  @Override
  public void start(Receiver to) {
    receiver = to;
    thread.start();
  }

  @Override
  public boolean send(ByteBuffer frame) {
    outLock.lock();
    try {
      return connection != null && out.add(frame);
    } finally {
      outLock.unlock();
    }
  }

  @Override
  public void flush() {
    outLock.lock();
    try {
      if (connection != null && !waitsForPeer) {
        writeOut(connection);
        if (waitsForPeer) {
          selector.wakeup();
        }
      }
    } catch (IOException e) {
      // The reading side sees the same loss and ends the connection.
      out.clear();
    } finally {
      outLock.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    Threads.join(thread);
    try {
      selector.close();
      listener.close();
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("closing Unix socket " + path, e);
    }
  }

  private void run() {
    Receiver to = Objects.requireNonNull(receiver);
    try {
      SelectionKey listening = listener.register(selector, SelectionKey.OP_ACCEPT);
      while (!closed) {
        selector.select();
        selector.selectedKeys().clear();
        SelectionKey nic = connection;
        if (nic == null) {
          nic = accept(listening, to);
        }
        if (nic != null && !serve(nic, to)) {
          disconnect(listening, nic, to);
        }
      }
      if (connection != null) {
        disconnect(listening, connection, to);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Unix socket " + path, e);
    }
  }

  private @Nullable SelectionKey accept(SelectionKey listening, Receiver to) throws IOException {
    SocketChannel channel = listener.accept();
    if (channel == null) {
      return null;
    }
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER);
    SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
    listening.interestOps(0); // one NIC at a time; the next one waits in the backlog
    decoder.reset();
    outLock.lock();
    try {
      out.clear();
      waitsForPeer = false;
      connection = key;
    } finally {
      outLock.unlock();
    }
    to.linkChanged(true);
    return key;
  }

  /** Moves bytes both ways; false when the NIC has gone. */
  private boolean serve(SelectionKey nic, Receiver to) {
    try {
      outLock.lock();
      try {
        if (waitsForPeer) {
          writeOut(nic);
        }
      } finally {
        outLock.unlock();
      }
      int count = ((SocketChannel) nic.channel()).read(decoder.space());
      ByteBuffer frame = decoder.next();
      while (frame != null) {
        to.frame(frame);
        frame = decoder.next();
      }
      return count >= 0;
    } catch (IOException | PacketFormatException e) {
      return false;
    }
  }

  private void writeOut(SelectionKey nic) throws IOException {
    waitsForPeer = !out.writeTo((SocketChannel) nic.channel());
    nic.interestOps(
        waitsForPeer ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
  }

  private void disconnect(SelectionKey listening, SelectionKey nic, Receiver to)
      throws IOException {
    outLock.lock();
    try {
      connection = null;
      out.clear();
      nic.channel().close();
    } finally {
      outLock.unlock();
    }
    to.linkChanged(false);
    listening.interestOps(SelectionKey.OP_ACCEPT);
    selector.selectNow(); // lets go of the closed channel's file descriptor
    selector.selectedKeys().clear();
  }
}
