package dev.bringup.report;

import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The folder that holds the results of one run. {@code docs/results.md} describes what is in it.
 * Thread-safe; several runs may share the parent folder.
 *
 * @param path of the folder, which exists
 */
public record RunFolder(Path path) {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int LONGEST_NAME = 80;

  /**
   * Makes a new folder below {@code parent}, named after {@code start} in UTC.
   *
   * @throws BringupException (infrastructure) if that is not possible
   */
  public static RunFolder create(Path parent, Instant start) {
    return new RunFolder(newFolder(parent, NAME.format(start)));
  }

  /** The folder's name, which is the run's id. */
  public String runId() {
    return String.valueOf(path.getFileName());
  }

  /**
   * Makes a new folder for one scenario, named after feature, line and name.
   *
   * @throws BringupException (infrastructure) if that is not possible
   */
  public Path newScenario(String featureUri, int line, String name) {
    String file = featureUri.substring(featureUri.lastIndexOf('/') + 1);
    String stem = file.endsWith(".feature") ? file.substring(0, file.length() - 8) : file;
    return newFolder(path, slug(stem) + "-" + line + "-" + slug(name));
  }

  /** What {@link ScenarioReport#folder()} holds for a folder of {@link #newScenario}. */
  public String relative(Path scenario) {
    return path.relativize(scenario).toString().replace('\\', '/');
  }

  /**
   * Writes {@code junit.xml}, {@code report.html} and each scenario's {@code verdict.json}. Each
   * file appears whole or not at all. May be called again with more to say.
   *
   * @throws BringupException (infrastructure) if a file cannot be written
   */
  public void write(RunReport run) {
    for (ScenarioReport scenario : run.scenarios()) {
      Path folder = path.resolve(scenario.folder()).normalize();
      if (!folder.startsWith(path.normalize()) || scenario.folder().isEmpty()) {
        throw new IllegalArgumentException(
            "scenario folder " + scenario.folder() + " is not below the run folder");
      }
      write(folder.resolve("verdict.json"), VerdictJson.write(run, scenario));
    }
    write(path.resolve("junit.xml"), JUnitXml.write(run));
    write(
        path.resolve("report.html"),
        HtmlReport.write(run, file -> Files.exists(path.resolve(file))));
  }

  private static void write(Path file, String content) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(part, content.getBytes(StandardCharsets.UTF_8));
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | UncheckedIOException e) {
      throw failure("cannot write " + file, e);
    }
  }

  private static Path newFolder(Path parent, String name) {
    try {
      Files.createDirectories(parent);
      for (int attempt = 1; ; attempt++) {
        Path folder = parent.resolve(attempt == 1 ? name : name + "-" + attempt);
        try {
          return Files.createDirectory(folder);
        } catch (FileAlreadyExistsException _) {
          // taken by another run or another row of the same outline: the next number is free
        }
      }
    } catch (IOException e) {
      throw failure("cannot create a folder in " + parent, e);
    }
  }

  private static BringupException failure(String what, Exception cause) {
    return BringupException.infrastructure(
        what + ": " + reason(cause),
        "check that the folder is writable and the disk is not full",
        cause);
  }

  private static String slug(String text) {
    String slug = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    slug = slug.substring(0, Math.min(slug.length(), LONGEST_NAME)).replaceAll("^-|-$", "");
    return slug.isEmpty() ? "scenario" : slug;
  }

  private static String reason(Exception cause) {
    return cause instanceof FileSystemException known && known.getReason() != null
        ? known.getReason()
        : String.valueOf(cause.getMessage());
  }
}
