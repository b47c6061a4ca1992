package dev.bringup.artifact;

import dev.bringup.artifact.AptSource.Offer;
import dev.bringup.artifact.PackageSource.Wanted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** apt's programs with state folders in the cache (apt.conf(5), apt-get(8), apt-cache(8)). */
final class Apt {
  private final String aptGet;
  private final String aptCache;
  private final Path state;
  private final Path downloads;
  private final List<String> options;

  Apt(String aptGet, String aptCache, Wanted wanted) {
    this.aptGet = aptGet;
    this.aptCache = aptCache;
    this.state = wanted.cache().resolve("apt");
    this.downloads = wanted.cache().resolve("downloads");
    this.options = options(state, wanted.architecture());
    Disk.run(
        "make",
        state,
        () -> {
          Files.createDirectories(downloads);
          Files.createDirectories(state.resolve("state/lists/partial"));
          Files.createDirectories(state.resolve("cache/archives/partial"));
          Path status = state.resolve("status");
          return Files.exists(status) ? status : Files.createFile(status);
        });
  }

  private static List<String> options(Path state, String architecture) {
    return Stream.of(
            "Dir::State=" + state.resolve("state"),
            "Dir::Cache=" + state.resolve("cache"),
            "Dir::Cache::pkgcache=pkgcache.bin", // some images switch these off
            "Dir::Cache::srcpkgcache=srcpkgcache.bin",
            "Dir::State::status=" + state.resolve("status"),
            "APT::Architecture=" + architecture,
            "APT::Architectures=" + architecture,
            "APT::Sandbox::User=root", // apt's own user may not enter our folders
            "Acquire::Languages=none",
            "Acquire::Retries=2")
        .flatMap(option -> Stream.of("-o", option))
        .toList();
  }

  boolean hasLists() {
    Path lists = state.resolve("state/lists");
    return Disk.run(
        "read",
        lists,
        () -> {
          try (Stream<Path> files = Files.list(lists)) {
            return files.anyMatch(f -> f.getFileName().toString().contains("_Packages"));
          }
        });
  }

  /** Fetches the lists anew and gives what apt complained about. */
  String update(FetchProgress progress) {
    progress.update("reading the package lists", 0, 0);
    return run(state, aptGet, List.of("-q", "update"), line -> {}).errors();
  }

  /** All that the lists offer for {@code patterns}, of any architecture. */
  List<Offer> offers(List<String> patterns) {
    Set<String> names = new LinkedHashSet<>();
    for (String pattern : patterns) {
      if (Patterns.isExact(pattern)) {
        names.add(pattern);
      } else {
        var matches = PackagePath.nameGlob(pattern).asMatchPredicate();
        cache(List.of("pkgnames", Patterns.prefix(pattern))).stream()
            .filter(matches)
            .forEach(names::add);
      }
    }
    List<String> show = new ArrayList<>(List.of("show", "--no-all-versions"));
    show.addAll(names);
    String paragraphs = String.join("\n", cache(show));
    return Stream.of(paragraphs.split("\n\n+", -1))
        .flatMap(paragraph -> Offer.parse(paragraph).stream())
        .toList();
  }

  private List<String> cache(List<String> arguments) {
    List<String> lines = new ArrayList<>();
    var _ = run(state, aptCache, arguments, lines::add);
    return lines;
  }

  /** Where the package lies once it is downloaded; apt goes on with a part of it. */
  Path file(Offer offer) {
    return downloads.resolve(offer.id().fileName() + ".deb");
  }

  /** Downloads packages; gives apt's complaints, "" if all went well. */
  String download(List<Offer> offers, FetchProgress progress) {
    long total = offers.stream().mapToLong(Offer::size).sum();
    String doing = "downloading " + offers.size() + (offers.size() == 1 ? " package" : " packages");
    progress.update(doing, 0, total);
    List<String> arguments = new ArrayList<>(List.of("-q", "-o", "APT::Status-Fd=1", "download"));
    offers.stream()
        .map(o -> o.id().name() + "=" + o.id().version())
        .sorted()
        .forEach(arguments::add);
    AptCommand.Result result =
        run(
            downloads,
            aptGet,
            arguments,
            line ->
                percent(line)
                    .ifPresent(p -> progress.update(doing, Math.round(total * p / 100), total)));
    return result.exitCode() == 0
        ? ""
        : result.errors() + "E: apt-get ended with exit code " + result.exitCode() + "\n";
  }

  private AptCommand.Result run(
      Path folder, String program, List<String> arguments, Consumer<String> line) {
    List<String> words =
        Stream.of(List.of(program), options, arguments).flatMap(List::stream).toList();
    return new AptCommand(words).run(folder, line);
  }

  /** Reads {@code dlstatus:3:41.5:Retrieving file 3 of 24} (apt, README.progress-reporting). */
  private static Optional<Double> percent(String line) {
    String[] fields = line.split(":", 4);
    return fields.length == 4
            && fields[0].equals("dlstatus")
            && fields[2].matches("[0-9]{1,3}([.][0-9]+)?")
        ? Optional.of(Double.parseDouble(fields[2]))
        : Optional.empty();
  }
}
