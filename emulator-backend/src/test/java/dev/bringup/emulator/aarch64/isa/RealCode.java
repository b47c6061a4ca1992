package dev.bringup.emulator.aarch64.isa;

import dev.bringup.artifact.ArtifactStore;
import dev.bringup.artifact.BootSets;
import dev.bringup.artifact.PackageSource;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Files of the boot sets, where somebody has fetched them; tests are skipped without them. */
final class RealCode {
  private RealCode() {}

  static Path file(String bootSet, String name) {
    Path root = Path.of(System.getProperty("bringup.root", ".."));
    var store =
        new ArtifactStore(
            ArtifactStore.userCache(Map.copyOf(System.getenv())),
            PackageSource.apt(),
            BoardClock.system());
    try {
      return store
          .resolve(new BootSets(root.resolve("boards/boot-sets")).load(bootSet))
          .file(name)
          .path();
    } catch (BringupException e) {
      Assumptions.assumeTrue(
          e.kind() != FailureKind.INFRASTRUCTURE, bootSet + " is not here: " + e.getMessage());
      throw e;
    }
  }
}
