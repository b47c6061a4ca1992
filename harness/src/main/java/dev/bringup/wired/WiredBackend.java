package dev.bringup.wired;

import dev.bringup.board.Board;
import dev.bringup.board.BoardBackend;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardNetwork;
import dev.bringup.board.BoardSite;
import dev.bringup.board.FaultInjection;
import dev.bringup.power.PowerDrivers;
import dev.bringup.time.BoardClock;
import dev.bringup.wire.BoardLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Real boards: those whose file names drivers and no machine. */
public final class WiredBackend implements BoardBackend {

  @Override
  public String engine() {
    return WIRED;
  }

  @Override
  public List<Class<?>> capabilities(BoardFile file) {
    var capabilities = new ArrayList<Class<?>>();
    capabilities.add(BoardLine.class);
    capabilities.add(FaultInjection.class);
    if (file.drivers().containsKey("network")) {
      capabilities.add(BoardNetwork.class);
    }
    return capabilities;
  }

  @Override
  public Board open(BoardFile file, BoardSite site) {
    BoardFile.Driver power = file.require(file.drivers().get("power"), "drivers.power");
    Optional<HostNetwork> network = HostNetwork.of(file, BoardClock.system());
    try {
      return WiredBoard.open(
          file, site, PowerDrivers.open(power.driver(), power.settings()), network);
    } catch (RuntimeException e) {
      network.ifPresent(HostNetwork::close);
      throw e;
    }
  }
}
