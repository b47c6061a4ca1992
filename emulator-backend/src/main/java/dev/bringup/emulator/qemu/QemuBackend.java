package dev.bringup.emulator.qemu;

import dev.bringup.board.Board;
import dev.bringup.board.BoardBackend;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardNetwork;
import dev.bringup.board.BoardSite;
import java.util.List;

/** The engine {@code qemu} of board files: {@code qemu-system-aarch64}, version 7.2 or later. */
public final class QemuBackend implements BoardBackend {

  @Override
  public String engine() {
    return "qemu";
  }

  @Override
  public List<Class<?>> capabilities(BoardFile file) {
    return file.network() == null ? List.of() : List.of(BoardNetwork.class);
  }

  @Override
  public Board open(BoardFile file, BoardSite site) {
    return QemuBoard.open(file, QemuSettings.of(file), site);
  }
}
