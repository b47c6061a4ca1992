package dev.bringup.artifact;

import dev.bringup.verdict.BringupException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Takes .deb files from a folder, by what their control files say and not by their names. */
final class FolderSource extends PackageSource {
  private final Path folder;

  FolderSource(Path folder) {
    this.folder = folder;
  }

  @Override
  List<Delivery> deliver(Wanted wanted, Predicate<DebianPackage> held, FetchProgress progress) {
    if (!Files.isDirectory(folder)) {
      throw BringupException.configuration(folder + ": no such folder of .deb files");
    }
    progress.update("reading the packages in " + folder, 0, 0);
    SortedMap<DebianPackage, Path> present = new TreeMap<>();
    for (Path file : debFiles()) {
      present.put(control(file), file);
    }
    present.keySet().removeIf(id -> !wanted.fits(id));
    return wanted.patterns().stream()
        .map(pattern -> newest(pattern, present, wanted))
        .distinct()
        .filter(id -> !held.test(id))
        .map(id -> delivery(id, Objects.requireNonNull(present.get(id))))
        .toList();
  }

  private DebianPackage newest(
      String pattern, SortedMap<DebianPackage, Path> present, Wanted wanted) {
    return Patterns.newest(pattern, present.keySet())
        .orElseThrow(() ->
            BringupException.infrastructure(
                "the folder %s has no package %s for %s"
                    .formatted(folder, pattern, wanted.architecture()),
                "add its .deb file to the folder, or leave out --from to ask apt"));
  }

  private static Delivery delivery(DebianPackage id, Path file) {
    return Disk.run("read", file, () -> new Delivery(id, file, Sha256.of(file)));
  }

  private static DebianPackage control(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return DebArchive.control(in, file.toString());
    } catch (IOException e) {
      throw Disk.failure("read", file, e);
    }
  }

  private List<Path> debFiles() {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.getFileName().toString().endsWith(".deb") && Files.isRegularFile(f))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw Disk.failure("read the folder", folder, e);
    }
  }
}
