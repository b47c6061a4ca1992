package dev.bringup.cli;

import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds the packages of a jar or a folder of classes. */
final class GluePackages {
  private static final String CLASS = ".class";

  /** Only a class that names these annotations can have steps. */
  private static final String ANNOTATIONS = "Lio/cucumber/java/";

  private GluePackages() {}

  /**
   * The outermost packages that hold classes: what is below them is found by itself.
   *
   * @throws BringupException (configuration) if there are none
   */
  static SortedSet<String> in(Path path) {
    SortedSet<String> found = visit(path, GluePackages::packages);
    if (found.isEmpty()) {
      throw BringupException.configuration(
          "--glue "
              + path
              + ": no class is there in a package; name the folder that the packages are in");
    }
    return found;
  }

  /**
   * Cucumber would pass over a class that cannot be loaded, and say that its steps are undefined.
   *
   * @throws BringupException (configuration) if a class with steps cannot be loaded
   */
  static void requireLoadable(Path path, ClassLoader loader) {
    for (String name : visit(path, GluePackages::stepClasses)) {
      try {
        var _ = Class.forName(name, false, loader).getMethods();
      } catch (LinkageError | ClassNotFoundException e) {
        throw BringupException.configuration(
            "--glue %s: %s cannot be loaded: %s".formatted(path, name, e));
      }
    }
  }

  private interface Look<T> {
    T at(Path root) throws IOException;
  }

  private static <T> T visit(Path path, Look<T> look) {
    try {
      if (Files.isDirectory(path)) {
        return look.at(path);
      }
      try (FileSystem jar = FileSystems.newFileSystem(path)) {
        return look.at(jar.getPath("/"));
      }
    } catch (IOException | ProviderNotFoundException e) {
      throw BringupException.configuration(
          "--glue " + path + ": neither a jar nor a folder of classes");
    }
  }

  private static SortedSet<String> packages(Path root) throws IOException {
    var found = new TreeSet<String>();
    try (Stream<Path> files = Files.walk(root)) {
      files
          .filter(file -> file.toString().endsWith(CLASS))
          .map(file -> root.relativize(file.getParent()).toString().replace('/', '.'))
          .filter(name -> !name.isEmpty() && !name.startsWith("META-INF"))
          .forEach(found::add);
    }
    found.removeIf(name ->
        Stream.iterate(name.lastIndexOf('.'), dot -> dot > 0, dot -> name.lastIndexOf('.', dot - 1))
            .anyMatch(dot -> found.contains(name.substring(0, dot))));
    return found;
  }

  private static List<String> stepClasses(Path root) throws IOException {
    List<Path> classes;
    try (Stream<Path> files = Files.walk(root)) {
      classes = files.filter(file -> file.toString().endsWith(CLASS)).sorted().toList();
    }
    var found = new TreeSet<String>();
    for (Path each : classes) {
      String name = root.relativize(each).toString().replace('/', '.');
      if (name.indexOf('.') < name.length() - CLASS.length()
          && !name.startsWith("META-INF")
          && Files.readString(each, StandardCharsets.ISO_8859_1).contains(ANNOTATIONS)) {
        found.add(name.substring(0, name.length() - CLASS.length()));
      }
    }
    return List.copyOf(found);
  }
}
