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
import org.junit.jupiter.api.BeforeAll;

/** The contract on QEMU with Debian's U-Boot. */
class QemuContractTest extends BackendContractSuite {
  private static final BoardFile BOARD =
      BoardCatalog.load(RealParts.root().resolve("boards")).board("qemu-virt");

  @BeforeAll
  static void theRealPartsAreHere() {
    RealParts.assumeQemu();
  }

  @Override
  protected Board open() {
    var site = new BoardSite(Optional.empty(), Optional.empty(), RealParts::file, problem -> {});
    BoardFile.Machine machine = BOARD.require(BOARD.machine(), "machine");
    return BoardBackend.named(machine.engine(), QemuContractTest.class.getClassLoader())
        .open(BOARD, site);
  }

  @Override
  protected void assertNothingIsLeft() {
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
        .as("child processes")
        .isEmpty();
    String mine = "bringup-" + ProcessHandle.current().pid() + "-";
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      assertThat(files.filter(file -> file.getFileName().toString().startsWith(mine)))
          .as("socket folders")
          .isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
