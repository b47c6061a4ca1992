package dev.bringup.artifact;

import dev.bringup.artifact.BootFiles.BootFile;
import dev.bringup.artifact.PackageSource.Delivery;
import dev.bringup.artifact.PackageSource.Wanted;
import dev.bringup.config.UserFolders;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The cache of unpacked Debian packages and of the files made from them. Filled by {@link #fetch},
 * and used without any network by {@link #resolve}. Several processes may use one cache at the same
 * time. Thread-safe.
 */
public final class ArtifactStore {
  private final Path cache;
  private final PackageSource source;
  private final BoardClock clock;
  private final PackageCache packages;

  /**
   * @param cache the store's own folder, made when it is needed
   * @param source where packages come from
   */
  public ArtifactStore(Path cache, PackageSource source, BoardClock clock) {
    this.cache = cache.toAbsolutePath().normalize();
    this.source = source;
    this.clock = clock;
    this.packages = new PackageCache(this.cache.resolve("packages"));
  }

  /**
   * The user's cache: {@code $XDG_CACHE_HOME/bringup/artifacts}, or below {@code ~/.cache} (XDG
   * Base Directory Specification).
   */
  public static Path userCache(Map<String, String> environment) {
    return UserFolders.cache(environment).resolve("bringup").resolve("artifacts");
  }

  /** A package in the cache. */
  public record CachedPackage(DebianPackage id, Path folder, long bytes) {}

  /**
   * Something in the cache that is not as it was made.
   *
   * @param path the damaged package's folder, or the damaged file
   * @param problem what is wrong, in a few words
   */
  public record Damage(Path path, String problem) {}

  /**
   * Makes sure that the cache holds all intact packages of {@code set}. Asks the source only if one
   * is missing or damaged, or if {@code newest}; waits while another process fetches.
   *
   * @param newest whether to look for newer packages though the set is complete
   * @throws BringupException of kind INFRASTRUCTURE with the next step
   */
  public void fetch(BootSet set, boolean newest, FetchProgress progress) {
    try (CacheLock _ = CacheLock.acquire(cache, clock, progress)) {
      progress.update("checking the cache", 0, 0);
      packages.removeHalves();
      made().removeDamaged();
      List<String> patterns = set.packagePatterns();
      if (!newest && packages.intact(patterns)) {
        return;
      }
      packages.removeDamaged(patterns);
      Wanted wanted = new Wanted(set.architecture(), patterns, newest, cache);
      List<Delivery> deliveries = source.deliver(wanted, packages::holds, progress);
      unpack(deliveries, progress);
    }
  }

  private void unpack(List<Delivery> deliveries, FetchProgress progress) {
    long total = 0;
    for (Delivery delivery : deliveries) {
      total += size(delivery.file());
    }
    long done = 0;
    for (Delivery delivery : deliveries) {
      progress.update("unpacking " + delivery.id().name(), done, total);
      done += size(delivery.file());
      packages.unpack(delivery);
      if (delivery.file().startsWith(cache)) {
        Disk.run("remove", delivery.file(), () -> Files.deleteIfExists(delivery.file()));
      }
    }
    progress.update("unpacked", total, total);
  }

  private static long size(Path file) {
    return Disk.run("read", file, () -> Files.size(file));
  }

  /** All readable packages in the cache, by name and version. */
  public List<CachedPackage> list() {
    return packages.all().stream()
        .map(p -> new CachedPackage(p.id(), p.folder(), p.size()))
        .sorted((a, b) -> {
          int names = a.id().name().compareTo(b.id().name());
          return names != 0 ? names : a.id().compareTo(b.id());
        })
        .toList();
  }

  /** Reads the whole cache and compares it with its check sums; empty if all is well. */
  public List<Damage> verify() {
    List<Damage> damage = new ArrayList<>(packages.damage());
    damage.addAll(made().damage());
    return damage;
  }

  /**
   * The staged files of {@code set} as they are in the cache, with its images built if they are
   * not. Never asks the source.
   *
   * @throws BringupException of kind INFRASTRUCTURE if a package is missing or damaged, of kind
   *     CONFIGURATION if the set names something that its packages do not have
   */
  public BootFiles resolve(BootSet set) {
    Map<String, UnpackedPackage> found = new HashMap<>();
    for (String pattern : set.packagePatterns()) {
      found.put(pattern, packages.newest(pattern).orElseThrow(() -> notFetched(set, pattern)));
    }
    MadeFiles made = made();
    Contents contents = new Contents(set, found, made);
    SortedMap<String, BootFile> files = new TreeMap<>();
    for (String name : set.staged()) {
      files.put(name, file(name, contents.staged(name), made));
    }
    List<DebianPackage> ids =
        found.values().stream()
            .map(UnpackedPackage::id)
            .distinct()
            .sorted((a, b) -> a.name().compareTo(b.name()))
            .toList();
    return new BootFiles(set, files, ids, kernelRelease(found));
  }

  private static BootFile file(String name, Content content, MadeFiles made) {
    return switch (content) {
      case Content.Stored(UnpackedPackage in, String _, String source) ->
          new BootFile(
              name, in.checked(source), in.entry(source).size(), in.entry(source).sha256());
      case Content.Made _ -> made.file(name, content);
    };
  }

  /** Debian's kernel packages keep modules in lib/modules/RELEASE. */
  private static Optional<String> kernelRelease(Map<String, UnpackedPackage> packages) {
    return packages.values().stream()
        .flatMap(p -> p.paths().stream())
        .filter(path -> path.startsWith("boot/vmlinuz-"))
        .map(path -> path.substring("boot/vmlinuz-".length()))
        .findFirst();
  }

  private MadeFiles made() {
    return new MadeFiles(cache.resolve("made"));
  }

  private BringupException notFetched(BootSet set, String pattern) {
    return packages
        .damageOf(pattern)
        .orElseGet(() ->
            BringupException.infrastructure(
                "boot set %s needs the package %s, which is not in the cache %s"
                    .formatted(set.name(), pattern, cache),
                "run: bringup artifacts fetch " + set.name()));
  }
}
