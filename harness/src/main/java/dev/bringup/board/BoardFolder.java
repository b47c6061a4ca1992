package dev.bringup.board;

import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A private folder for one board's uploads and Unix sockets, in the temporary folder because a
 * socket's path may have at most 107 bytes. Its name holds the id of the process that made it, so
 * that what a killed run left behind is removed by the next one.
 */
public record BoardFolder(Path path) {
  private static final Pattern NAME = Pattern.compile("bringup-(\\d+)-.*");

  /**
   * Makes one, with an empty folder for uploads, and removes what killed runs left.
   *
   * @throws BringupException (infrastructure) if it cannot be made
   */
  public static BoardFolder create() {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try {
      removeAbandoned(temporary);
      var folder =
          new BoardFolder(
              Files.createTempDirectory(
                  temporary, "bringup-" + ProcessHandle.current().pid() + "-"));
      Files.createDirectory(folder.uploads());
      return folder;
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot make a folder for a board in " + temporary + ": " + e.getMessage(),
          "check that it is writable and has space, or set another java.io.tmpdir",
          e);
    }
  }

  private static void removeAbandoned(Path temporary) throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(temporary, "bringup-*")) {
      for (Path folder : folders) {
        Matcher name = NAME.matcher(folder.getFileName().toString());
        if (name.matches()) {
          Optional<ProcessHandle> maker = ProcessHandle.of(Long.parseLong(name.group(1)));
          if (maker.isEmpty()) {
            new BoardFolder(folder).delete();
          }
        }
      }
    }
  }

  /** Where files go that the board writes. */
  public Path uploads() {
    return path.resolve("uploads");
  }

  /** Removes it with all that is in it. */
  public void delete() {
    try (Stream<Path> below = Files.walk(path)) {
      for (Path file : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // Somebody else's, or already gone; what stays is tried again by the next run.
      return;
    }
  }
}
