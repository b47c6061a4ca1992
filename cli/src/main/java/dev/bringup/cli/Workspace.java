package dev.bringup.cli;

import dev.bringup.artifact.ArtifactStore;
import dev.bringup.artifact.BootFiles;
import dev.bringup.artifact.BootSet;
import dev.bringup.artifact.BootSets;
import dev.bringup.artifact.FetchProgress;
import dev.bringup.artifact.PackageSource;
import dev.bringup.board.BoardCatalog;
import dev.bringup.time.BoardClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where boards, boot sets and packages come from: flags over environment over the checkout. */
final class Workspace {

  @Option(
      names = "--boards",
      paramLabel = "DIR",
      description = "Folder of board files (default: BRINGUP_BOARDS, ./boards, or Bringup's own).")
  private @Nullable Path boards;

  @Option(
      names = "--from",
      paramLabel = "DIR",
      description = "Take Debian packages from the .deb files in this folder instead of apt.")
  private @Nullable Path packages;

  /** Bringup's own folder. */
  static Path home() {
    return Path.of(System.getProperty("bringup.home", "."));
  }

  /** The folder of board files. */
  Path boardsFolder() {
    if (boards != null) {
      return boards;
    }
    String named = System.getenv("BRINGUP_BOARDS");
    if (named != null && !named.isEmpty()) {
      return Path.of(named);
    }
    Path here = Path.of("boards");
    return Files.isDirectory(here) ? here : home().resolve("boards");
  }

  BoardCatalog catalog() {
    return BoardCatalog.load(boardsFolder());
  }

  BootSets bootSets() {
    Path own = boardsFolder().resolve("boot-sets");
    return new BootSets(Files.isDirectory(own) ? own : home().resolve("boards/boot-sets"));
  }

  ArtifactStore store() {
    return new ArtifactStore(
        ArtifactStore.userCache(Map.copyOf(System.getenv())),
        packages == null ? PackageSource.apt() : PackageSource.folder(packages),
        BoardClock.system());
  }

  /** The files of a boot set, fetched first if they are not in the cache. */
  BootFiles files(String name, FetchProgress progress) {
    BootSet set = bootSets().load(name);
    ArtifactStore store = store();
    store.fetch(set, false, progress);
    return store.resolve(set);
  }
}
