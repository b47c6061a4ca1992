package dev.bringup.provision;

import dev.bringup.artifact.FetchProgress;
import dev.bringup.image.BootDisk;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Where the files of a boot medium go. */
public sealed interface Destination {

  /** A folder, such as the mounted partition of a card. */
  record Folder(Path path, boolean force) implements Destination {}

  /**
   * A file with the content of a disk.
   *
   * @param size in bytes
   */
  record Image(Path path, long size) implements Destination {}

  /**
   * A card in a reader.
   *
   * @param size in bytes of what is written, not of the card
   */
  record Device(Path path, long size) implements Destination {}

  /**
   * What is meant by {@code to}: a folder that exists, a device file, or else an image.
   *
   * @param erase the device once more, from somebody who means it
   * @param force whether an image, or other files of these names in a folder, may be replaced
   * @param size of the disk in bytes, for images and devices
   * @throws BringupException of kind CONFIGURATION if it must not be written
   */
  static Destination of(
      Path to, Optional<Path> erase, boolean force, long size, BlockDevices devices) {
    BootDisk.requireSize(size);
    if (Files.exists(to) && !Files.isDirectory(to) && !Files.isRegularFile(to)) {
      return device(to, erase, size, devices);
    }
    if (erase.isPresent()) {
      throw BringupException.configuration(
          "--yes-erase %s: --to %s is no device, so nothing is erased".formatted(erase.get(), to));
    }
    if (Files.isDirectory(to)) {
      return new Folder(to, force);
    }
    if (Files.exists(to) && !force) {
      throw BringupException.configuration(
          "--to %s: the file exists; with --force it is replaced".formatted(to));
    }
    return new Image(to, size);
  }

  private static Device device(Path to, Optional<Path> erase, long size, BlockDevices devices) {
    Path real;
    try {
      real = to.toRealPath();
    } catch (IOException e) {
      throw failed(to, e);
    }
    long room = devices.requireErasable(real);
    if (!erase.equals(Optional.of(to))) {
      throw BringupException.configuration(
          "all that is on %s (%d MiB) would be lost; to say that you mean it: --yes-erase %s"
              .formatted(to, room >> 20, to));
    }
    if (room < size) {
      throw BringupException.configuration(
          "%s has %d MiB, and %d MiB are to be written; see --size"
              .formatted(to, room >> 20, size >> 20));
    }
    return new Device(real, size);
  }

  /** {@code folder}, {@code image} or {@code device}. */
  default String kind() {
    return switch (this) {
      case Folder _ -> "folder";
      case Image _ -> "image";
      case Device _ -> "device";
    };
  }

  Path path();

  /**
   * Writes the files, reads them back and compares.
   *
   * @throws BringupException (configuration) if they do not fit or would replace others,
   *     (infrastructure) if they cannot be written or are not what was written
   */
  default void write(SortedMap<String, byte[]> files, FetchProgress progress) {
    try {
      switch (this) {
        case Folder(Path path, boolean force) -> write(path, force, files, progress);
        case Image(Path path, long size) -> {
          BootDisk disk = BootDisk.of(files, size);
          try (Medium medium = FileMedium.image(path, size)) {
            new DiskWriter(medium, path.toString(), progress).write(disk);
          }
        }
        case Device(Path path, long size) -> {
          BootDisk disk = BootDisk.of(files, size);
          try (Medium medium = FileMedium.device(path)) {
            new DiskWriter(medium, path.toString(), progress).write(disk);
          }
        }
      }
    } catch (IOException e) {
      throw failed(path(), e);
    }
  }

  private static void write(
      Path folder, boolean force, SortedMap<String, byte[]> files, FetchProgress progress)
      throws IOException {
    if (!force) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Path there = folder.resolve(file.getKey());
        if (Files.exists(there) && !has(there, file.getValue())) {
          throw BringupException.configuration(
              "%s exists with another content; with --force it is replaced".formatted(there));
        }
      }
    }
    int done = 0;
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      progress.update("writing " + folder, done++, files.size());
      Path there = folder.resolve(file.getKey());
      // Under its name only when it is whole.
      Path part = folder.resolve(file.getKey() + ".part");
      try (FileChannel out =
          FileChannel.open(
              part,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer bytes = ByteBuffer.wrap(file.getValue());
        while (bytes.hasRemaining()) {
          var _ = out.write(bytes);
        }
        out.force(true);
      }
      var _ =
          Files.move(
              part, there, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      if (!has(there, file.getValue())) {
        throw BringupException.infrastructure(
            there + " does not give back what was written", "try another card or disk");
      }
    }
  }

  private static boolean has(Path file, byte[] content) throws IOException {
    return Files.isRegularFile(file)
        && Files.size(file) == content.length
        && Arrays.equals(Files.readAllBytes(file), content);
  }

  private static BringupException failed(Path path, IOException e) {
    String reason =
        switch (e) {
          case NoSuchFileException _ -> "there is no such folder";
          case AccessDeniedException _ -> "permission denied";
          case FileSystemException f when f.getReason() != null -> f.getReason();
          default -> e.getClass().getSimpleName() + ": " + e.getMessage();
        };
    return BringupException.infrastructure(
        "cannot write %s: %s".formatted(path, reason),
        "check that it is yours to write and has room; what is there now is not complete",
        e);
  }
}
