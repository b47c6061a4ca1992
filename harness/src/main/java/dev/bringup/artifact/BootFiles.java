package dev.bringup.artifact;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The staged files of a boot set on this machine, compared with their check sums when this was
 * made.
 *
 * @param set what was asked for
 * @param files what the bootloader has to load, by name; see {@link BootSet#staged()}
 * @param packages the exact packages that they come from, by name
 * @param kernelRelease what {@code uname -r} prints when the set's kernel runs; empty if the set
 *     has no kernel
 */
public record BootFiles(
    BootSet set,
    SortedMap<String, BootFile> files,
    List<DebianPackage> packages,
    Optional<String> kernelRelease) {
  public BootFiles {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    packages = List.copyOf(packages);
  }

  /**
   * One file.
   *
   * @param name under which it is staged
   * @param path where it lies, read-only for all users of it
   * @param size in bytes
   * @param sha256 lower-case hex
   */
  public record BootFile(String name, Path path, long size, String sha256) {}

  /**
   * The file of that name.
   *
   * @throws IllegalArgumentException if the set stages none
   */
  public BootFile file(String name) {
    BootFile file = files.get(name);
    if (file == null) {
      throw new IllegalArgumentException("boot set " + set.name() + " stages no file " + name);
    }
    return file;
  }

  /** The package that a file was taken from; empty for a file that was built, or unknown. */
  public Optional<DebianPackage> packageOf(String name) {
    return set.files().get(name) instanceof BootSet.InPackage(String alias, String _, boolean _)
        ? Optional.ofNullable(set.packages().get(alias))
            .flatMap(pattern -> Patterns.newest(pattern, packages))
        : Optional.empty();
  }
}
