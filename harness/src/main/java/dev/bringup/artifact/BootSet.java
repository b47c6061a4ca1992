package dev.bringup.artifact;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The named files of one boot: which Debian packages they come from, which initramfs images are
 * built, and what boots how. Read by {@link BootSets}.
 *
 * @param name such as {@code xen-debian12}
 * @param origin the file that says so, for messages
 * @param description one line for people
 * @param architecture of the packages, such as {@code arm64}
 * @param packages short name to package name, in which {@code *} stands for any characters and
 *     {@code #} for a number: the newest that matches is meant
 * @param libraryPackages package names in which shared libraries are looked for
 * @param initramfs images to build, by name
 * @param files files by the name under which they are staged
 * @param boot what the files are for; empty if the set only names files, such as firmware
 */
public record BootSet(
    String name,
    String origin,
    String description,
    String architecture,
    Map<String, String> packages,
    List<String> libraryPackages,
    Map<String, List<InitramfsEntry>> initramfs,
    Map<String, FileOrigin> files,
    Optional<BootPlan> boot) {
  public BootSet {
    packages = Collections.unmodifiableMap(new LinkedHashMap<>(packages));
    libraryPackages = List.copyOf(libraryPackages);
    initramfs = Collections.unmodifiableMap(new LinkedHashMap<>(initramfs));
    files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
  }

  /** Where a file comes from. */
  public sealed interface FileOrigin {}

  /**
   * A file of a package.
   *
   * @param alias the package's short name
   * @param path in the package, without leading slash; {@code *} stands for any characters but a
   *     slash, and exactly one file must match
   * @param gzip whether it is compressed on the way
   */
  public record InPackage(String alias, String path, boolean gzip) implements FileOrigin {}

  /** An initramfs image of this set. */
  public record BuiltImage(String name) implements FileOrigin {}

  /** The packages that the set needs: exact names and patterns, each once. */
  List<String> packagePatterns() {
    Set<String> patterns = new LinkedHashSet<>(packages.values());
    patterns.addAll(libraryPackages);
    return List.copyOf(patterns);
  }

  /**
   * The files that the bootloader has to load: those that the boot names and all device trees
   * ({@code .dtb}), of which the board chooses one; without a boot, all.
   */
  public SortedSet<String> staged() {
    var staged = new TreeSet<>(boot.map(BootPlan::loadedFiles).orElse(Set.of()));
    files.keySet().stream()
        .filter(name -> boot.isEmpty() || name.endsWith(".dtb"))
        .forEach(staged::add);
    return Collections.unmodifiableSortedSet(staged);
  }
}
