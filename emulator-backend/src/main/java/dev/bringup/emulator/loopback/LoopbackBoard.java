package dev.bringup.emulator.loopback;

import dev.bringup.board.BenchNetwork;
import dev.bringup.board.Board;
import dev.bringup.board.BoardBackend;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardFolder;
import dev.bringup.board.BoardSite;
import dev.bringup.board.Console;
import dev.bringup.board.PowerControl;
import dev.bringup.config.YamlFile;
import dev.bringup.config.YamlNode;
import dev.bringup.time.BoardClock;
import dev.bringup.wired.HostNetwork;
import dev.bringup.wired.WiredBoard;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Optional;

/** An emulated board, and the real board's code that reaches it over wires. */
final class LoopbackBoard implements Board {
  private final WiredBoard outside;
  private final Deque<Runnable> behind;

  private LoopbackBoard(WiredBoard outside, Deque<Runnable> behind) {
    this.outside = outside;
    this.behind = behind;
  }

  /**
   * Opens the board {@code inner} of {@code engine} and reaches it as the real board {@code file}.
   */
  static LoopbackBoard open(
      BoardFile file,
      BoardFile inner,
      BoardBackend engine,
      LoopbackWire.Kind kind,
      BoardSite site) {
    var drivers = new HashMap<>(file.drivers());
    if (file.network() != null) {
      drivers.put(
          "network",
          driver(
              "{driver: tftp, listen: \"127.0.0.1:0\", server: %s, board: %s}"
                  .formatted(BenchNetwork.SERVER_ADDRESS, BenchNetwork.BOARD_ADDRESS)));
    }
    var behind = new ArrayDeque<Runnable>();
    try {
      BoardFolder folder = BoardFolder.create();
      behind.push(folder::delete);
      Optional<HostNetwork> network = HostNetwork.of(file.with(null, drivers), BoardClock.system());
      network.ifPresent(opened -> behind.push(opened::close));
      Board inside =
          engine.open(
              inner,
              new BoardSite(
                  Optional.empty(),
                  site.capture(),
                  site.bootSets(),
                  network.map(HostNetwork::address),
                  site.problems()));
      behind.push(inside::close);
      LoopbackWire wire = kind.open(inside.console(), folder.path());
      behind.push(wire::close);
      drivers.put("console", driver(wire.driver()));
      var outlet = new LoopbackOutlet(inside);
      WiredBoard outside = WiredBoard.open(file.with(null, drivers), site, outlet, network);
      outlet.arrivesAt(outside);
      return new LoopbackBoard(outside, behind);
    } catch (RuntimeException e) {
      closeAll(behind);
      throw e;
    }
  }

  private static BoardFile.Driver driver(String text) {
    YamlNode.Mapping settings = YamlFile.parse("loopback", text).map();
    return new BoardFile.Driver(settings.get("driver").text(), settings);
  }

  @Override
  public BoardFile file() {
    return outside.file();
  }

  @Override
  public BoardClock clock() {
    return outside.clock();
  }

  @Override
  public PowerControl power() {
    return outside.power();
  }

  @Override
  public Console console() {
    return outside.console();
  }

  @Override
  public <C> Optional<C> capability(Class<C> capability) {
    return outside.capability(capability);
  }

  @Override
  public void close() {
    try {
      outside.close();
    } finally {
      closeAll(behind);
    }
  }

  private static void closeAll(Deque<Runnable> behind) {
    while (!behind.isEmpty()) {
      behind.pop().run();
    }
  }
}
