package dev.bringup.artifact;

import dev.bringup.verdict.BringupException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns what apt complained about into one line and a next step. */
final class AptFailure {
  private static final List<String> OFFLINE =
      List.of(
          "Temporary failure resolving",
          "Could not resolve",
          "Could not connect",
          "Connection failed",
          "Connection timed out",
          "Network is unreachable",
          "Unable to connect",
          "Cannot initiate the connection");
  private static final List<String> FULL =
      List.of("No space left on device", "enough free space", "Disk quota exceeded");

  private static final List<String> GONE = List.of("404  Not Found", "404 Not Found");

  private AptFailure() {}

  /** Whether a package is on the lists but no longer to be had, so that the lists are old. */
  static boolean isGone(String complaints) {
    return line(complaints, GONE).isPresent();
  }

  /** Whether apt could not reach its sources, so that it will not reach them for a while. */
  static boolean isOffline(String complaints) {
    return line(complaints, OFFLINE).isPresent();
  }

  /** Fails if {@code complaints} (apt's standard error, "" if all went well) has an error. */
  static void check(String complaints) {
    Optional<String> full = line(complaints, FULL);
    if (full.isPresent()) {
      throw BringupException.infrastructure(
          "apt-get found the disk full: " + full.get(),
          "make room on the disk of the cache, or set XDG_CACHE_HOME to a folder on another;"
              + " 1 GiB is enough");
    }
    Optional<String> offline = line(complaints, OFFLINE);
    if (offline.isPresent()) {
      throw BringupException.infrastructure(
          "apt-get cannot reach its sources: " + offline.get(),
          "check the network and the proxy of apt, or give the .deb files with --from DIR");
    }
    Optional<String> gone = line(complaints, GONE);
    if (gone.isPresent()) {
      throw BringupException.infrastructure(
          "a package has gone from apt's sources: " + gone.get(),
          "fetch again in some minutes: the mirror is between two states");
    }
    Optional<String> first = errors(complaints).findFirst();
    if (first.isPresent()) {
      throw BringupException.infrastructure(
          "apt-get failed: " + first.get(),
          "run apt-get update by hand to see more, or give the .deb files with --from DIR");
    }
  }

  static BringupException notOffered(String pattern, String architecture) {
    return BringupException.infrastructure(
        "apt's sources offer no package " + pattern + " for " + architecture,
        "check that the sources on this machine are Debian 12's and not limited to other"
            + " architectures (no arch= in them), or give the .deb files with --from DIR");
  }

  private static Optional<String> line(String complaints, List<String> words) {
    return complaints
        .lines()
        .filter(l -> words.stream().anyMatch(l::contains))
        .map(AptFailure::withoutPrefix)
        .findFirst();
  }

  private static Stream<String> errors(String complaints) {
    return complaints.lines().filter(l -> l.startsWith("E: ")).map(AptFailure::withoutPrefix);
  }

  private static String withoutPrefix(String line) {
    return line.replaceFirst("^[EWN]: ", "").strip();
  }
}
