package dev.bringup.run;

import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/** The board files, types and boot sets inside the harness jar. */
final class BundledBoards {
  /** One that is there, to find the others by. */
  private static final String KNOWN = "/dev/bringup/boards/qemu-virt.yaml";

  private BundledBoards() {}

  /**
   * Copies all of them below {@code folder}. Each file changes at once and only if it differs, so
   * several processes and threads may share the folder.
   */
  static void unpack(Path folder) {
    URL known = Objects.requireNonNull(BundledBoards.class.getResource(KNOWN));
    try {
      if (known.openConnection() instanceof JarURLConnection connection) {
        connection.setUseCaches(false);
        URI jar = connection.getJarFileURL().toURI();
        try (FileSystem inside = FileSystems.newFileSystem(Path.of(jar))) {
          copy(inside.getPath(KNOWN).resolveSibling(""), folder);
        }
      } else {
        copy(Path.of(known.toURI()).resolveSibling(""), folder);
      }
    } catch (IOException | URISyntaxException e) {
      throw BringupException.infrastructure(
          "cannot unpack Bringup's board files to " + folder + ": " + e.getMessage(),
          "check that the folder can be written and the disk is not full",
          e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        replace(to.resolve(from.relativize(file).toString()), Files.readAllBytes(file));
      }
    }
  }

  private static void replace(Path target, byte[] content) throws IOException {
    if (Files.isRegularFile(target) && Arrays.equals(Files.readAllBytes(target), content)) {
      return;
    }
    Path folder = Files.createDirectories(Objects.requireNonNull(target.getParent()));
    Path half = folder.resolve("." + UUID.randomUUID() + ".half"); // not for its owner alone
    try {
      Files.write(half, content);
      Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(half);
    }
  }
}
