package dev.bringup.run;

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

/**
 * Where boards, boot sets and Debian packages come from. Immutable.
 *
 * @param boardFolder the board files, with their types in {@code types/}
 * @param bootSetFolder the boot sets
 * @param packages what the artifact store asks for packages that it does not hold
 */
public record Workspace(Path boardFolder, Path bootSetFolder, PackageSource packages) {

  /**
   * The boards of a folder with the boot sets in its {@code boot-sets/}.
   *
   * @param bootSetsElsewhere the boot sets if the folder has none of its own
   * @throws dev.bringup.verdict.BringupException of kind CONFIGURATION if there is no such folder
   */
  public static Workspace of(Path boards, Path bootSetsElsewhere, PackageSource packages) {
    BoardCatalog.requireFolder(boards);
    Path own = boards.resolve("boot-sets");
    return new Workspace(boards, Files.isDirectory(own) ? own : bootSetsElsewhere, packages);
  }

  /**
   * The boards, types and boot sets that Bringup brings along in its jar.
   *
   * @param into the folder that they are unpacked to, over those of an earlier time
   */
  public static Workspace bundled(Path into, PackageSource packages) {
    BundledBoards.unpack(into);
    return new Workspace(into, into.resolve("boot-sets"), packages);
  }

  /** Reads all boards. */
  public BoardCatalog catalog() {
    return BoardCatalog.load(boardFolder);
  }

  /** The boot sets. */
  public BootSets bootSets() {
    return new BootSets(bootSetFolder);
  }

  /** The user's artifact store. */
  public ArtifactStore store() {
    return new ArtifactStore(
        ArtifactStore.userCache(Map.copyOf(System.getenv())), packages, BoardClock.system());
  }

  /** The files of a boot set, fetched first if they are not in the cache. */
  public BootFiles files(String name, FetchProgress progress) {
    BootSet set = bootSets().load(name);
    ArtifactStore store = store();
    store.fetch(set, false, progress);
    return store.resolve(set);
  }
}
