package dev.bringup.emulator.qemu;

import dev.bringup.board.Board;
import dev.bringup.board.BoardBackend;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardNetwork;
import dev.bringup.board.BoardSite;
import dev.bringup.board.FaultInjection;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The engine {@code qemu} of board files: {@code qemu-system-aarch64}, version 7.2 or later. */
public final class QemuBackend implements BoardBackend {
  private static final String PROGRAM = "qemu-system-aarch64";

  @Override
  public String engine() {
    return "qemu";
  }

  @Override
  public List<Class<?>> capabilities(BoardFile file) {
    return file.network() == null
        ? List.of(FaultInjection.class)
        : List.of(BoardNetwork.class, FaultInjection.class);
  }

  @Override
  public Optional<String> missing(BoardFile file) {
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
    boolean found =
        Arrays.stream(path.split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, PROGRAM)));
    return found
        ? Optional.empty()
        : Optional.of(PROGRAM + " is not on the PATH (Debian package qemu-system-arm)");
  }

  @Override
  public Board open(BoardFile file, BoardSite site) {
    return QemuBoard.open(file, QemuSettings.of(file), site);
  }
}
