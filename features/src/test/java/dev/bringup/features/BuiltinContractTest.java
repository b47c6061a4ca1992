package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.board.BackendContractSuite;
import dev.bringup.board.Board;
import dev.bringup.board.BoardBackend;
import dev.bringup.board.BoardCatalog;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardSite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The contract on the built-in machine with Debian's U-Boot. */
class BuiltinContractTest extends BackendContractSuite {
  private static final BoardFile BOARD =
      BoardCatalog.load(RealParts.root().resolve("boards")).board("emu-virt");

  @Override
  protected Board open() {
    var site = new BoardSite(Optional.empty(), Optional.empty(), RealParts::file, problem -> {});
    BoardFile.Machine machine = BOARD.require(BOARD.machine(), "machine");
    return BoardBackend.named(machine.engine(), BuiltinContractTest.class.getClassLoader())
        .open(BOARD, site);
  }

  @Override
  protected void assertNothingIsLeft() {
    assertThat(Thread.getAllStackTraces().keySet())
        .as("threads")
        .noneMatch(thread -> thread.getName().equals("machine " + BOARD.name()));
    String mine = "bringup-" + ProcessHandle.current().pid() + "-";
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      assertThat(files.filter(file -> file.getFileName().toString().startsWith(mine)))
          .as("folders")
          .isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
