package dev.bringup.artifact;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** Where Debian packages come from. */
public abstract sealed class PackageSource permits AptSource, FolderSource {

  PackageSource() {}

  /**
   * The machine's own apt with the sources that are configured on it; needs no root. When they
   * cannot be reached, this one does not try again.
   */
  public static PackageSource apt() {
    return new AptSource("apt-get", "apt-cache");
  }

  /** The .deb files in {@code folder}. */
  public static PackageSource folder(Path folder) {
    return new FolderSource(folder);
  }

  /**
   * What a boot set needs.
   *
   * @param architecture such as {@code arm64}; packages for {@code all} fit as well
   * @param patterns exact package names, or names with {@code *} for any characters or {@code #}
   *     for a number
   * @param refresh whether to look for newer packages than those that the source knows already
   * @param cache the store's folder, in which a source may keep files of its own
   */
  record Wanted(String architecture, List<String> patterns, boolean refresh, Path cache) {
    Wanted {
      patterns = List.copyOf(patterns);
    }

    boolean fits(DebianPackage id) {
      return id.architecture().equals(architecture) || id.architecture().equals("all");
    }
  }

  /**
   * An intact .deb file.
   *
   * @param sha256 of the file, lower-case hex
   */
  record Delivery(DebianPackage id, Path file, String sha256) {}

  /**
   * Finds the newest package for each pattern and delivers those that are not {@code held} yet.
   *
   * @throws dev.bringup.verdict.BringupException of kind INFRASTRUCTURE if one cannot be had
   */
  abstract List<Delivery> deliver(
      Wanted wanted, Predicate<DebianPackage> held, FetchProgress progress);
}
