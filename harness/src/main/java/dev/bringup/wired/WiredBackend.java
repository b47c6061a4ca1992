package dev.bringup.wired;

import dev.bringup.board.Board;
import dev.bringup.board.BoardBackend;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardNetwork;
import dev.bringup.board.BoardSite;
import dev.bringup.power.PowerDrivers;
import dev.bringup.transport.Transport;
import dev.bringup.wire.BoardLine;
import java.util.ArrayList;
import java.util.List;

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
    if (file.drivers().containsKey("network")) {
      capabilities.add(BoardNetwork.class);
    }
    return capabilities;
  }

  @Override
  public Board open(BoardFile file, BoardSite site) {
    BoardFile.Driver console = driver(file, "console");
    BoardFile.Driver power = driver(file, "power");
    Transport transport = ConsoleDrivers.transport(console, file.console().baud());
    return WiredBoard.open(
        file,
        site,
        transport,
        ConsoleDrivers.poweredByBoard(console),
        PowerDrivers.open(power.driver(), power.settings()));
  }

  private static BoardFile.Driver driver(BoardFile file, String capability) {
    return file.require(file.drivers().get(capability), "drivers." + capability);
  }
}
