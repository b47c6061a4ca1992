package dev.bringup.emulator.loopback;

import dev.bringup.board.Board;
import dev.bringup.board.BoardBackend;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardNetwork;
import dev.bringup.board.BoardSite;
import dev.bringup.board.FaultInjection;
import dev.bringup.wire.BoardLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The engine {@code loopback} of board files: another engine's board behind a real pseudo terminal
 * or a real server, an outlet, and TFTP on this host.
 */
public final class LoopbackBackend implements BoardBackend {

  @Override
  public String engine() {
    return "loopback";
  }

  @Override
  public List<Class<?>> capabilities(BoardFile file) {
    var capabilities = new ArrayList<Class<?>>();
    capabilities.add(BoardLine.class);
    capabilities.add(FaultInjection.class);
    if (file.network() != null) {
      capabilities.add(BoardNetwork.class);
    }
    return capabilities;
  }

  @Override
  public Optional<String> missing(BoardFile file) {
    LoopbackSettings settings = LoopbackSettings.of(file);
    BoardFile inner = settings.inner(file);
    return BoardBackend.of(inner, loader()).missing(inner).or(settings.wire()::missing);
  }

  @Override
  public Board open(BoardFile file, BoardSite site) {
    LoopbackSettings settings = LoopbackSettings.of(file);
    BoardFile inner = settings.inner(file);
    return LoopbackBoard.open(file, inner, BoardBackend.of(inner, loader()), settings.wire(), site);
  }

  private static ClassLoader loader() {
    return LoopbackBackend.class.getClassLoader();
  }
}
