package dev.bringup.artifact;

import dev.bringup.verdict.BringupException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds the shared libraries that programs need in a list of packages. */
final class Libraries {
  private final List<UnpackedPackage> packages;
  private final List<String> folders;
  private final Map<String, ElfFile> parsed = new HashMap<>(); // by check sum: libraries recur

  /**
   * @param architecture Debian's name, which fixes the folders in which Debian keeps libraries
   */
  Libraries(List<UnpackedPackage> packages, String architecture) {
    this.packages = List.copyOf(packages);
    String triplet =
        switch (architecture) {
          case "arm64" -> "aarch64-linux-gnu";
          case "amd64" -> "x86_64-linux-gnu";
          default -> architecture + "-linux-gnu";
        };
    this.folders = List.of("lib/" + triplet, "usr/lib/" + triplet, "lib", "usr/lib");
  }

  /** All that {@code program} needs, by path in the image, without itself. */
  SortedMap<String, Content.Stored> closureOf(Content.Stored program) {
    SortedMap<String, Content.Stored> found = new TreeMap<>();
    addNeedsOf(program, found);
    return found;
  }

  /** The library {@code name} and all that it needs. */
  SortedMap<String, Content.Stored> closure(String name) {
    SortedMap<String, Content.Stored> found = new TreeMap<>();
    addLibrary(name, "the boot set", found);
    return found;
  }

  private void addNeedsOf(Content.Stored file, Map<String, Content.Stored> found) {
    String who = file.in().id().name() + ": " + file.source();
    ElfFile elf = parsed.computeIfAbsent(file.identity(), _ -> ElfFile.parse(file.read(), who));
    Optional<String> loader = elf.interpreter().flatMap(PackagePath::cleanAbsolute);
    loader.ifPresent(path -> addAt(path, who, found));
    for (String library : elf.libraries()) {
      addLibrary(library, who, found);
    }
  }

  private void addLibrary(String name, String who, Map<String, Content.Stored> found) {
    if (name.startsWith("ld-linux")) {
      return; // the loader itself, which came with the program
    }
    if (found.keySet().stream().anyMatch(path -> PackagePath.name(path).equals(name))) {
      return;
    }
    Content.Stored library =
        folders.stream()
            .flatMap(folder -> find(folder + "/" + name).stream())
            .findFirst()
            .orElseThrow(() -> missing(name, who));
    found.put(library.path(), library);
    addNeedsOf(library, found);
  }

  private void addAt(String path, String who, Map<String, Content.Stored> found) {
    if (!found.containsKey(path)) {
      found.put(path, find(path).orElseThrow(() -> missing("/" + path, who)));
    }
  }

  private Optional<Content.Stored> find(String path) {
    return packages.stream()
        .flatMap(p -> p.file(path).map(file -> new Content.Stored(p, path, file)).stream())
        .findFirst();
  }

  private static BringupException missing(String library, String who) {
    return BringupException.configuration(
        "no package under library-packages has " + library + ", which " + who + " needs");
  }
}
