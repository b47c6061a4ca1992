package dev.bringup.artifact;

import dev.bringup.artifact.ArtifactStore.Damage;
import dev.bringup.artifact.PackageSource.Delivery;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folder of unpacked packages, one folder each, which appear and vanish as a whole. */
final class PackageCache {
  private final Path folder;

  PackageCache(Path folder) {
    this.folder = folder;
  }

  void unpack(Delivery delivery) {
    Disk.run("make", folder, () -> Files.createDirectories(folder));
    DebUnpacking.into(place(delivery.id()), delivery.file(), delivery.id(), delivery.sha256());
  }

  /** Removes what a process left half unpacked when it was killed. Only under the cache's lock. */
  void removeHalves() {
    entries().stream().filter(PackageCache::half).forEach(Disk::deleteTree);
  }

  private static boolean half(Path entry) {
    return entry.getFileName().toString().startsWith(DebUnpacking.HALF);
  }

  private Path place(DebianPackage id) {
    return folder.resolve(id.fileName());
  }

  boolean holds(DebianPackage id) {
    return Files.isDirectory(place(id));
  }

  /** All packages whose manifests are intact. */
  List<UnpackedPackage> all() {
    return folders().stream().flatMap(f -> open(f).stream()).toList();
  }

  /** The newest package that matches {@code pattern}. */
  Optional<UnpackedPackage> newest(String pattern) {
    return candidates(pattern).stream()
        .flatMap(f -> open(f).stream())
        .max(Comparator.comparing(UnpackedPackage::id));
  }

  /** Whether all patterns have a package whose files are all as they were. */
  boolean intact(List<String> patterns) {
    return patterns.stream()
        .allMatch(pattern ->
            damageOf(pattern).isEmpty()
                && newest(pattern).filter(p -> p.problems().isEmpty()).isPresent());
  }

  /** Removes the damaged packages that match a pattern, so that they are fetched again. */
  void removeDamaged(List<String> patterns) {
    for (String pattern : patterns) {
      for (Path candidate : candidates(pattern)) {
        Optional<UnpackedPackage> unpacked = open(candidate);
        if (unpacked.isEmpty() || !unpacked.get().problems().isEmpty()) {
          Disk.deleteTree(candidate);
        }
      }
    }
  }

  /** Why a package that matches {@code pattern} cannot be opened, if one cannot. */
  Optional<BringupException> damageOf(String pattern) {
    return candidates(pattern).stream().flatMap(f -> failure(f).stream()).findFirst();
  }

  /** All that is wrong with all packages. */
  List<Damage> damage() {
    List<Damage> damage = new ArrayList<>();
    for (Path candidate : folders()) {
      failure(candidate)
          .ifPresent(e -> damage.add(new Damage(candidate, "its manifest is damaged")));
      open(candidate)
          .ifPresent(
              p -> p.problems().forEach(problem -> damage.add(new Damage(candidate, problem))));
    }
    return damage;
  }

  private static Optional<UnpackedPackage> open(Path folder) {
    try {
      return Optional.of(UnpackedPackage.open(folder));
    } catch (BringupException _) {
      return Optional.empty(); // damageOf tells
    }
  }

  private static Optional<BringupException> failure(Path folder) {
    try {
      var _ = UnpackedPackage.open(folder);
      return Optional.empty();
    } catch (BringupException e) {
      return Optional.of(e);
    }
  }

  private List<Path> candidates(String pattern) {
    Pattern name = PackagePath.nameGlob(pattern + "_*_*");
    return folders().stream()
        .filter(f -> name.matcher(f.getFileName().toString()).matches())
        .toList();
  }

  private List<Path> folders() {
    return entries().stream().filter(entry -> !half(entry)).toList();
  }

  private List<Path> entries() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    } catch (IOException e) {
      throw Disk.failure("read", folder, e);
    }
  }
}
