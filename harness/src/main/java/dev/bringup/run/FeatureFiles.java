package dev.bringup.run;

import dev.bringup.verdict.BringupException;
import io.cucumber.core.feature.FeatureWithLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the feature files that somebody named. */
final class FeatureFiles {
  private static final String ENDING = ".feature";
  private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf"; // UTF-8's, read bytewise

  private FeatureFiles() {}

  /**
   * The features of one file, {@code FILE:LINE}, or all in a folder.
   *
   * @throws BringupException (configuration) if there are none
   */
  static List<FeatureWithLines> of(String argument) {
    String path = argument.replaceFirst("(?::\\d+)+$", "");
    Path file = path(path);
    if (!Files.exists(file)) {
      throw BringupException.configuration(
          path
              + ": no such feature file or folder; it is looked for in "
              + Path.of("").toAbsolutePath());
    }
    if (Files.isDirectory(file)) {
      return below(file);
    }
    if (!path.endsWith(ENDING)) {
      throw BringupException.configuration(path + ": a feature file ends in .feature");
    }
    if (!holdsFeature(file)) {
      throw BringupException.configuration(path + ": there is no feature in this file");
    }
    return List.of(parse(argument));
  }

  private static List<FeatureWithLines> below(Path folder) {
    try (Stream<Path> below = Files.walk(folder)) {
      List<FeatureWithLines> found =
          below
              .filter(each -> each.toString().endsWith(ENDING))
              // Not the links to nowhere by which an editor locks a file.
              .filter(Files::isRegularFile)
              .filter(each -> !("/" + folder.relativize(each)).contains("/target/"))
              .filter(FeatureFiles::holdsFeature)
              .sorted()
              .map(FeatureFiles::parse)
              .toList();
      if (found.isEmpty()) {
        throw BringupException.configuration(folder + ": no .feature file is in this folder");
      }
      return found;
    } catch (IOException | UncheckedIOException e) {
      throw BringupException.infrastructure(
          "cannot list " + folder + ": " + e.getMessage(), "check its permissions", e);
    }
  }

  /** Cucumber takes a file without one for a file that is not there. */
  private static boolean holdsFeature(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      return (text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text)
          .lines()
          .map(String::strip)
          .anyMatch(line -> !line.isEmpty() && !line.startsWith("#"));
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot read " + file + ": " + e.getMessage(), "check its permissions", e);
    }
  }

  private static FeatureWithLines parse(Path file) {
    if (!Files.exists(path(file.toString()))) {
      throw unspeakable(file.toString()); // its bytes are no text in this locale
    }
    return parse(file.toString());
  }

  private static FeatureWithLines parse(String argument) {
    try {
      return FeatureWithLines.parse(argument);
    } catch (IllegalArgumentException e) {
      throw unspeakable(argument);
    }
  }

  private static Path path(String path) {
    try {
      return Path.of(path);
    } catch (IllegalArgumentException e) {
      throw unspeakable(path);
    }
  }

  private static BringupException unspeakable(String path) {
    return BringupException.configuration(
        path + ": the locale has not all characters of this name; rename it or set LC_ALL=C.UTF-8");
  }
}
