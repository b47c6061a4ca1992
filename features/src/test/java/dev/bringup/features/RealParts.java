package dev.bringup.features;

import dev.bringup.artifact.ArtifactStore;
import dev.bringup.artifact.BootFiles;
import dev.bringup.artifact.BootSet;
import dev.bringup.artifact.BootSets;
import dev.bringup.artifact.PackageSource;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
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
