package dev.bringup.wired;

import dev.bringup.board.BoardFaults;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardFolder;
import dev.bringup.board.BoardNetwork;
import dev.bringup.board.ServedFiles;
import dev.bringup.config.Words;
import dev.bringup.config.YamlNode;
import dev.bringup.net.Ipv4Address;
import dev.bringup.tftp.PacketPath;
import dev.bringup.tftp.TftpServer;
import dev.bringup.tftp.TftpTransfer;
import dev.bringup.tftp.TransferStarted;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The network of a real board: a TFTP server of its own on this host. Addresses are the site's
 * business (DHCP or the board's settings); the board file says which they are.
 */
public final class HostNetwork implements BoardNetwork, AutoCloseable {
  private static final Set<String> KEYS = Set.of("driver", "listen", "server", "board");

  private final String server;
  private final String board;
  private final BoardFolder folder;
  private final ServedFiles files;
  private final TftpServer tftp;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Null as long as nobody has said which. */
  private volatile @Nullable BoardFaults faults;

  private HostNetwork(
      String server, String board, BoardFolder folder, InetSocketAddress listen, BoardClock clock) {
    this.server = server;
    this.board = board;
    this.folder = folder;
    files = new ServedFiles(folder.uploads());
    tftp =
        TftpServer.serving(files.staged())
            .listen(listen)
            .clock(clock)
            .listener(files::ended)
            .faults(this::path)
            .start();
  }

  /**
   * Serves from now on; empty if the board's file names no network driver.
   *
   * @throws BringupException (configuration) if the settings are wrong; (infrastructure) if the
   *     address is not free
   */
  public static Optional<HostNetwork> of(BoardFile file, BoardClock clock) {
    return Optional.ofNullable(file.drivers().get("network")).map(driver -> open(driver, clock));
  }

  private static HostNetwork open(BoardFile.Driver driver, BoardClock clock) {
    Settings settings = settings(driver);
    BoardFolder folder = BoardFolder.create();
    try {
      return new HostNetwork(settings.server(), settings.board(), folder, settings.listen(), clock);
    } catch (RuntimeException e) {
      folder.delete();
      throw e;
    }
  }

  /**
   * What the board file says.
   *
   * @param listen where the server listens
   * @param server its IPv4 address as the board is told
   * @param board the board's IPv4 address
   */
  record Settings(InetSocketAddress listen, String server, String board) {}

  /**
   * Reads the settings.
   *
   * @throws BringupException (configuration) if they are wrong
   */
  static Settings settings(BoardFile.Driver driver) {
    YamlNode.Mapping settings = driver.settings();
    if (!driver.driver().equals("tftp")) {
      throw settings
          .get("driver")
          .wrong("there is no network driver " + Words.quote(driver.driver()) + "; there is tftp");
    }
    settings.requireKnown("the network driver tftp", KEYS);
    return new Settings(
        listen(settings.get("listen")),
        address(settings.get("server")),
        address(settings.get("board")));
  }

  private static String address(YamlNode node) {
    try {
      return Ipv4Address.parse(node.text()).toString();
    } catch (RuntimeException e) {
      throw node.wrong(
          Words.quote(node.text()) + " is no IPv4 address; right is for example 192.168.1.10");
    }
  }

  /** {@code 192.168.1.10:69}, without a name server. */
  private static InetSocketAddress listen(YamlNode node) {
    String text = node.text();
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      return new InetSocketAddress(Ipv4Address.parse(text.substring(0, colon)).toString(), port);
    } catch (RuntimeException e) {
      throw node.wrong(
          Words.quote(text) + " is no address to listen on; right is for example 192.168.1.10:69");
    }
  }

  private @Nullable PacketPath path(TransferStarted transfer) {
    BoardFaults known = faults;
    return known == null ? null : known.path(transfer);
  }

  /** The faults of whose board this is strike the transfers that begin from now on. */
  void inject(BoardFaults those) {
    faults = those;
  }

  /** Where the server listens. */
  public InetSocketAddress address() {
    return tftp.address();
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
    return server;
  }

  @Override
  public String boardAddress() {
    return board;
  }

  @Override
  public List<TftpTransfer> transfers() {
    return files.transfers(tftp);
  }

  /** Ends the server; what was staged or received is gone. Idempotent. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      tftp.close();
      folder.delete();
    }
  }
}
