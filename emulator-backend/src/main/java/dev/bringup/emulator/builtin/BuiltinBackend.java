package dev.bringup.emulator.builtin;

import dev.bringup.board.Board;
import dev.bringup.board.BoardBackend;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardNetwork;
import dev.bringup.board.BoardSite;
import dev.bringup.board.FaultInjection;
import dev.bringup.board.MachineInspection;
import java.util.List;

/**
 * The engine {@code builtin} of board files: a machine inside this JVM, which needs nothing of the
 * host and repeats bit for bit.
 */
public final class BuiltinBackend implements BoardBackend {

  @Override
  public String engine() {
    return "builtin";
  }

  @Override
  public List<Class<?>> capabilities(BoardFile file) {
    return file.network() == null
        ? List.of(FaultInjection.class, MachineInspection.class)
        : List.of(BoardNetwork.class, FaultInjection.class, MachineInspection.class);
  }

  @Override
  public Board open(BoardFile file, BoardSite site) {
    return BuiltinBoard.open(file, BuiltinSettings.of(file), site);
  }
}
