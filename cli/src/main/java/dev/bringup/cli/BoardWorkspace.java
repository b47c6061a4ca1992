package dev.bringup.cli;

import dev.bringup.artifact.ArtifactStore;
import dev.bringup.artifact.BootFiles;
import dev.bringup.artifact.BootSets;
import dev.bringup.artifact.FetchProgress;
import dev.bringup.artifact.PackageSource;
import dev.bringup.board.BoardCatalog;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Where boards come from: flags over environment over the checkout; packages come from apt. */
class BoardWorkspace {
  @Option(
      names = "--boards",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "Folder of board files (default: BRINGUP_BOARDS, ./boards, or Bringup's own).")
  private @Nullable Path boards;

  /** One for all that this process fetches, because it remembers what it could not reach. */
  private final PackageSource apt = PackageSource.apt();

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

  private dev.bringup.run.Workspace places() {
    return dev.bringup.run.Workspace.of(
        boardsFolder(), home().resolve("boards/boot-sets"), packages());
  }

  PackageSource packages() {
    return apt;
  }

  BoardCatalog catalog() {
    return places().catalog();
  }

  BootSets bootSets() {
    return places().bootSets();
  }

  ArtifactStore store() {
    return places().store();
  }

  /** The files of a boot set, fetched first if they are not in the cache. */
  BootFiles files(String name, FetchProgress progress) {
    return places().files(name, progress);
  }
}
