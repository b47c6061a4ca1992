package dev.bringup.artifact;

import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Work on files whose failures say what to do next. */
final class Disk {
  private Disk() {}

  /** Something that can fail with the disk. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException;
  }

  /**
   * Runs {@code work}.
   *
   * @param doing such as {@code write}, for the message
   */
  static <T> T run(String doing, Path path, Work<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw failure(doing, path, e);
    }
  }

  /** The failure that says why {@code doing} was not possible. */
  static BringupException failure(String doing, Path path, IOException e) {
    String reason =
        switch (e) {
          case AccessDeniedException _ -> "permission denied";
          case NoSuchFileException _ -> "there is no such file or folder";
          case FileSystemException f when f.getReason() != null -> f.getReason();
          default -> String.valueOf(e.getMessage());
        };
    return BringupException.infrastructure(
        "cannot " + doing + " " + path + ": " + reason, nextStep(reason), e);
  }

  private static String nextStep(String reason) {
    return reason.contains("No space left") || reason.contains("quota")
        ? "make room on that disk, or set XDG_CACHE_HOME to a folder on another; 1 GiB is enough"
        : "check that the folder exists and is yours, or set XDG_CACHE_HOME to another";
  }

  /** The folder of an absolute path below the root. */
  static Path parent(Path path) {
    return Objects.requireNonNull(path.getParent(), "the root has no parent");
  }

  /** Writes a file so that others see all of it or nothing. */
  static void writeAtomically(Path file, byte[] content) {
    run(
        "write",
        file,
        () -> {
          Files.createDirectories(parent(file));
          Path half = Files.createTempFile(parent(file), ".half-", "");
          try {
            Files.write(half, content);
            return Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
          } finally {
            Files.deleteIfExists(half);
          }
        });
  }

  /** Removes a folder and all in it, without following links; fine if it is not there. */
  static void deleteTree(Path folder) {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    run("remove", folder, () -> Files.walkFileTree(folder, new Deletion()));
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
        throws IOException {
      if (e != null) {
        throw e;
      }
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
