package dev.bringup.cli;

import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds the packages of a jar or a folder of classes. */
final class GluePackages {
  private GluePackages() {}

  /** The outermost packages that hold classes: what is below them is found by itself. */
  static SortedSet<String> in(Path path) {
    try {
      if (Files.isDirectory(path)) {
        return packages(path);
      }
      try (FileSystem jar = FileSystems.newFileSystem(path)) {
        return packages(jar.getPath("/"));
      }
    } catch (IOException | java.nio.file.ProviderNotFoundException e) {
      throw BringupException.configuration(
          "--glue " + path + ": neither a jar nor a folder of classes");
    }
  }

  private static SortedSet<String> packages(Path root) throws IOException {
    var found = new TreeSet<String>();
    try (Stream<Path> files = Files.walk(root)) {
      files
          .filter(file -> file.toString().endsWith(".class"))
          .map(file -> root.relativize(file.getParent()).toString().replace('/', '.'))
          .filter(name -> !name.isEmpty() && !name.startsWith("META-INF"))
          .forEach(found::add);
    }
    found.removeIf(name ->
        Stream.iterate(name.lastIndexOf('.'), dot -> dot > 0, dot -> name.lastIndexOf('.', dot - 1))
            .anyMatch(dot -> found.contains(name.substring(0, dot))));
    return found;
  }
}
