package dev.bringup.artifact;

import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Asks the machine's own apt, with its configured sources and keys but private state folders, for
 * packages of another architecture. Nothing gets installed and nothing of the machine changes. Once
 * apt could not reach its sources, it is not made to wait for them again.
 */
final class AptSource extends PackageSource {
  private final String aptGet;
  private final String aptCache;
  private final AtomicReference<@Nullable BringupException> unreachable = new AtomicReference<>();

  AptSource(String aptGet, String aptCache) {
    this.aptGet = aptGet;
    this.aptCache = aptCache;
  }

  /**
   * A package that apt can download.
   *
   * @param size of the .deb file in bytes
   * @param sha256 of the .deb file, lower-case hex
   */
  record Offer(DebianPackage id, long size, String sha256) {
    /** Reads a paragraph of {@code apt-cache show}; empty if it says too little. */
    static Optional<Offer> parse(String paragraph) {
      Map<String, String> fields = new HashMap<>();
      for (String name : List.of("Package", "Version", "Architecture", "Size", "SHA256")) {
        Optional<String> value = ControlText.field(paragraph, name);
        if (value.isEmpty()) {
          return Optional.empty();
        }
        fields.put(name, value.get());
      }
      String size = fields.getOrDefault("Size", "");
      return size.matches("[0-9]{1,15}")
          ? Optional.of(
              new Offer(
                  new DebianPackage(
                      fields.getOrDefault("Package", ""),
                      fields.getOrDefault("Version", ""),
                      fields.getOrDefault("Architecture", "")),
                  Long.parseLong(size),
                  fields.getOrDefault("SHA256", "")))
          : Optional.empty();
    }
  }

  @Override
  List<Delivery> deliver(Wanted wanted, Predicate<DebianPackage> held, FetchProgress progress) {
    Apt apt = new Apt(aptGet, aptCache, wanted);
    boolean fresh = wanted.refresh() || !apt.hasLists();
    if (!fresh) {
      Optional<List<Offer>> known = choose(wanted, apt.offers(wanted.patterns()));
      if (known.isPresent()) {
        List<Offer> needed = without(held, known.get());
        String complaints = download(apt, needed, progress);
        if (!AptFailure.isGone(complaints)) {
          return delivered(apt, needed, complaints);
        }
      }
    }
    requireReachable();
    String complaints = apt.update(progress);
    List<Offer> all = apt.offers(wanted.patterns());
    Optional<List<Offer>> offers = choose(wanted, all);
    if (offers.isEmpty()) {
      check(complaints);
      throw AptFailure.notOffered(firstMissing(wanted, all), wanted.architecture());
    }
    List<Offer> needed = without(held, offers.get());
    return delivered(apt, needed, download(apt, needed, progress));
  }

  /** The newest offer for each pattern; empty if there is a pattern without any. */
  private static Optional<List<Offer>> choose(Wanted wanted, List<Offer> offers) {
    Map<DebianPackage, Offer> byId = new HashMap<>();
    offers.stream().filter(o -> wanted.fits(o.id())).forEach(o -> byId.put(o.id(), o));
    List<Offer> chosen =
        wanted.patterns().stream()
            .flatMap(p -> Patterns.newest(p, byId.keySet()).map(byId::get).stream())
            .toList();
    return chosen.size() == wanted.patterns().size()
        ? Optional.of(chosen.stream().distinct().toList())
        : Optional.empty();
  }

  private static String firstMissing(Wanted wanted, List<Offer> offers) {
    List<DebianPackage> known = offers.stream().map(Offer::id).filter(wanted::fits).toList();
    return wanted.patterns().stream()
        .filter(p -> Patterns.newest(p, known).isEmpty())
        .findFirst()
        .orElseThrow();
  }

  private static List<Offer> without(Predicate<DebianPackage> held, List<Offer> offers) {
    return offers.stream().filter(o -> !held.test(o.id())).toList();
  }

  /** Downloads what is not there yet and gives apt's complaints. */
  private String download(Apt apt, List<Offer> offers, FetchProgress progress) {
    List<Offer> missing = missing(apt, offers);
    if (missing.isEmpty()) {
      return "";
    }
    requireReachable();
    String complaints = apt.download(missing, progress);
    if (!complaints.contains("Hash Sum mismatch")) {
      return complaints;
    }
    // a half file of an earlier run was not what it seemed: begin anew, once
    missing = missing(apt, offers);
    for (Offer offer : missing) {
      Path file = apt.file(offer);
      Disk.run("remove", file, () -> Files.deleteIfExists(file));
    }
    return missing.isEmpty() ? "" : apt.download(missing, progress);
  }

  private void requireReachable() {
    BringupException before = unreachable.get();
    if (before != null) {
      throw before;
    }
  }

  private void check(String complaints) {
    try {
      AptFailure.check(complaints);
    } catch (BringupException e) {
      if (AptFailure.isOffline(complaints)) {
        unreachable.set(e);
      }
      throw e;
    }
  }

  private List<Delivery> delivered(Apt apt, List<Offer> offers, String complaints) {
    check(complaints);
    List<Offer> missing = missing(apt, offers);
    if (!missing.isEmpty()) {
      Path file = apt.file(missing.getFirst());
      throw BringupException.infrastructure(
          "apt-get left no intact file of " + missing.getFirst().id(),
          "fetch again; if it stays so, remove " + file);
    }
    return offers.stream().map(o -> new Delivery(o.id(), apt.file(o), o.sha256())).toList();
  }

  private static List<Offer> missing(Apt apt, List<Offer> offers) {
    return offers.stream().filter(o -> !intact(apt.file(o), o)).toList();
  }

  private static boolean intact(Path file, Offer offer) {
    try {
      return Files.isRegularFile(file)
          && Files.size(file) == offer.size()
          && Sha256.of(file).equals(offer.sha256());
    } catch (IOException e) {
      throw Disk.failure("read", file, e);
    }
  }
}
