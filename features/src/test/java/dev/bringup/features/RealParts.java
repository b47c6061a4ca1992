package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.artifact.ArtifactStore;
import dev.bringup.artifact.BootFiles;
import dev.bringup.artifact.BootSet;
import dev.bringup.artifact.BootSets;
import dev.bringup.artifact.PackageSource;
import dev.bringup.board.Board;
import dev.bringup.board.BoardBackend;
import dev.bringup.board.BoardCatalog;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardSite;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** What tests on real boards need of this machine; without it they are aborted with the reason. */
final class RealParts {
  private static final PackageSource APT = PackageSource.apt();

  private RealParts() {}

  /** The checkout. */
  static Path root() {
    return Path.of(System.getProperty("bringup.root", "..")).toAbsolutePath().normalize();
  }

  static void assumeQemu() {
    boolean there =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "qemu-system-aarch64")));
    Assumptions.assumeTrue(there, "qemu-system-aarch64 is not installed");
  }

  /** A board of this checkout without power; what it needs is fetched if need be. */
  static Board open(String name) {
    return open(name, UnaryOperator.identity());
  }

  /** The same with a board file that {@code change} has changed. */
  static Board open(String name, UnaryOperator<BoardFile> change) {
    return open(name, change, site());
  }

  /** As {@link #open}, for who types when he likes. */
  static Board openInHostTime(String name) {
    return open(name, UnaryOperator.identity(), site().inHostTime());
  }

  private static BoardSite site() {
    return new BoardSite(
        Optional.empty(),
        Optional.empty(),
        RealParts::file,
        problem -> {
          throw problem;
        });
  }

  private static Board open(String name, UnaryOperator<BoardFile> change, BoardSite site) {
    BoardFile board = change.apply(BoardCatalog.load(root().resolve("boards")).board(name));
    ClassLoader loader = RealParts.class.getClassLoader();
    Optional<String> missing = BoardBackend.of(board, loader).missing(board);
    Assumptions.assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
    return BoardBackend.of(board, loader).open(board, site);
  }

  /** Whether no closed board of this process has left a process, file or folder. */
  static void assertNothingIsLeft() {
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
        .as("child processes")
        .isEmpty();
    assertNoFolderIsLeft();
  }

  /** Whether no closed board of this process has left a file or folder. */
  static void assertNoFolderIsLeft() {
    String mine = "bringup-" + ProcessHandle.current().pid() + "-";
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      assertThat(files.filter(file -> file.getFileName().toString().startsWith(mine)))
          .as("folders of boards")
          .isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file of a boot set, fetched if need be. */
  static Path file(String bootSet, String name) {
    return files(bootSet).file(name).path();
  }

  /** All files of a boot set, fetched if need be. */
  static BootFiles files(String bootSet) {
    BootSet set = new BootSets(root().resolve("boards/boot-sets")).load(bootSet);
    var store =
        new ArtifactStore(
            ArtifactStore.userCache(Map.copyOf(System.getenv())), APT, BoardClock.system());
    try {
      store.fetch(set, false, (doing, done, total) -> {});
      return store.resolve(set);
    } catch (BringupException e) {
      Assumptions.assumeTrue(
          e.kind() != FailureKind.INFRASTRUCTURE, bootSet + " cannot be had: " + e.getMessage());
      throw e;
    }
  }
}
