package dev.bringup.emulator.qemu;

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
 * A private folder for one board's Unix sockets and uploads, in the temporary folder because a
 * socket's path may have at most 107 bytes. Its name holds the id of the process that made it, so
 * that what a killed run left behind is removed by the next one.
 */
record SocketFolder(Path path) {
  private static final Pattern NAME = Pattern.compile("bringup-(\\d+)-.*");

  static SocketFolder create() {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try {
      removeAbandoned(temporary);
      var folder =
          new SocketFolder(
              Files.createTempDirectory(
                  temporary, "bringup-" + ProcessHandle.current().pid() + "-"));
      Files.createDirectory(folder.uploads());
      return folder;
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot make a folder for sockets in " + temporary + ": " + e.getMessage(),
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
            new SocketFolder(folder).delete();
          }
        }
      }
    }
  }

  /** Where files go that the board writes. */
  Path uploads() {
    return path.resolve("uploads");
  }

  void delete() {
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
