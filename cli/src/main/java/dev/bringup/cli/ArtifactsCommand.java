package dev.bringup.cli;

import dev.bringup.artifact.ArtifactStore;
import dev.bringup.artifact.BootFiles;
import dev.bringup.artifact.BootSet;
import dev.bringup.artifact.BootSets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "artifacts",
    description = "The packages and images that boards boot from.",
    mixinStandardHelpOptions = true)
final class ArtifactsCommand {
  @Mixin private Workspace workspace;

  @SuppressWarnings("NullAway.Init") // picocli injects the mixin
  ArtifactsCommand() {}

  @Command(
      name = "fetch",
      description = "Fetches what boot sets need and builds their images (default: all sets).",
      mixinStandardHelpOptions = true)
  int fetch(
      @Parameters(paramLabel = "BOOT-SET", arity = "0..*") List<String> names,
      @Option(names = "--newest", description = "Look for newer packages as well.")
          boolean newest) {
    BootSets sets = workspace.bootSets();
    ArtifactStore store = workspace.store();
    for (String name : names == null ? List.copyOf(sets.names()) : names) {
      BootSet set = sets.load(name);
      var line = new FetchLine(System.err, Terminal.interactive());
      store.fetch(set, newest, line);
      BootFiles files = store.resolve(set);
      line.erase();
      System.out.println(name + "  " + set.description());
      for (BootFiles.BootFile file : files.files().values()) {
        System.out.printf("  %-16s %10d bytes  %s%n", file.name(), file.size(), file.path());
      }
    }
    return 0;
  }

  @Command(
      name = "list",
      description = "Lists the packages in the cache.",
      mixinStandardHelpOptions = true)
  int list(
      @Option(names = "--json", description = "One JSON document on standard output.")
          boolean json) {
    List<ArtifactStore.CachedPackage> packages = workspace.store().list();
    if (json) {
      var rows = new ArrayList<Map<String, Object>>();
      for (ArtifactStore.CachedPackage each : packages) {
        rows.add(
            Map.of(
                "name", each.id().name(),
                "version", each.id().version(),
                "folder", each.folder().toString(),
                "bytes", each.bytes()));
      }
      Json.print(rows);
      return 0;
    }
    for (ArtifactStore.CachedPackage each : packages) {
      System.out.printf(
          "%-36s %-36s %10d bytes%n", each.id().name(), each.id().version(), each.bytes());
    }
    return 0;
  }

  @Command(
      name = "verify",
      description = "Reads the whole cache and compares it with its check sums.",
      mixinStandardHelpOptions = true)
  int verify() {
    List<ArtifactStore.Damage> damage = workspace.store().verify();
    for (ArtifactStore.Damage each : damage) {
      System.err.println(each.path() + ": " + each.problem());
    }
    if (!damage.isEmpty()) {
      System.err.println("try: ./bringup artifacts fetch, which replaces what is damaged");
      return 3;
    }
    System.out.println("the cache is intact");
    return 0;
  }
}
