package dev.bringup.cli;

import dev.bringup.artifact.PackageSource;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Where boards, boot sets and packages come from: flags over environment over the checkout. */
final class Workspace extends BoardWorkspace {
  @Option(
      names = "--from",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT, // also behind "artifacts fetch"
      description = "Take Debian packages from the .deb files in this folder instead of apt.")
  private @Nullable Path packages;

  @Override
  PackageSource packages() {
    return packages == null ? super.packages() : PackageSource.folder(packages);
  }
}
