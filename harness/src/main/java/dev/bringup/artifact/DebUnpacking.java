package dev.bringup.artifact;

import dev.bringup.artifact.PackageManifest.Entry;
import dev.bringup.artifact.PackageManifest.File;
import dev.bringup.artifact.PackageManifest.Link;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks one package into a new folder, whose name {@link #into} gives only once it is complete.
 * Links live in the manifest alone, so nothing can be written through one.
 */
final class DebUnpacking implements DebArchive.Sink {
  /** What the name of a folder that is not complete begins with. */
  static final String HALF = ".half-";

  /** Far more than any package has, so that a small file cannot fill the disk. */
  private static final long MOST_BYTES = 4L << 30;

  private final Path folder;
  private final SortedMap<String, Entry> entries = new TreeMap<>();
  private final byte[] buffer = new byte[1 << 16];
  private long written;

  private DebUnpacking(Path folder) {
    this.folder = folder;
  }

  /** Unpacks {@code deb}, whose name and check sum are known, as the folder {@code target}. */
  static void into(Path target, Path deb, DebianPackage of, String sha256) {
    Path parent = Disk.parent(target);
    Path half = Disk.run("make a folder in", parent, () -> Files.createTempDirectory(parent, HALF));
    try {
      DebUnpacking unpacking = new DebUnpacking(half);
      try (InputStream in = new BufferedInputStream(Files.newInputStream(deb), 1 << 16)) {
        DebArchive.data(in, deb.getFileName().toString(), unpacking);
      }
      PackageManifest manifest = new PackageManifest(of, sha256, unpacking.entries);
      Files.writeString(half.resolve(PackageManifest.FILE), manifest.encode());
      Disk.deleteTree(target);
      Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw Disk.failure("unpack " + deb.getFileName() + " into", target, e);
    } finally {
      Disk.deleteTree(half);
    }
  }

  @Override
  public void file(String path, int mode, TarReader content) {
    Path file = place(path);
    MessageDigest digest = Sha256.digest();
    long size = 0;
    try (OutputStream out =
        new DigestOutputStream(
            Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            digest)) {
      for (int n = read(content, path); n >= 0; n = read(content, path)) {
        out.write(buffer, 0, n);
        size += n;
        written += n;
        if (written > MOST_BYTES) {
          throw new IOException("the package unpacks to more than 4 GiB");
        }
      }
    } catch (IOException e) {
      throw Disk.failure("write", file, e);
    }
    entries.put(path, new File(mode, size, Sha256.hex(digest.digest())));
  }

  private int read(TarReader content, String path) {
    try {
      return content.read(buffer);
    } catch (IOException e) {
      throw new BadContent("at " + path + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void sameFile(String path, String earlier) {
    if (!(entries.get(earlier) instanceof File same)) {
      throw new BadContent("a hard link to something that is no file before it: " + path, null);
    }
    Path file = place(path);
    Disk.run("write", file, () -> Files.copy(content(folder, earlier), file));
    entries.put(path, same);
  }

  @Override
  public void link(String path, String target) {
    if (path.isEmpty() || entries.containsKey(path)) {
      throw new BadContent("two entries at \"" + path + "\"", null);
    }
    entries.put(path, new Link(target));
  }

  private Path place(String path) {
    if (path.isEmpty() || entries.containsKey(path)) {
      throw new BadContent("two entries at \"" + path + "\"", null);
    }
    for (String up = PackagePath.parent(path); !up.isEmpty(); up = PackagePath.parent(up)) {
      if (entries.containsKey(up)) {
        throw new BadContent("a file below something that is no folder: " + path, null);
      }
    }
    Path file = content(folder, path);
    Disk.run("make the folder of", file, () -> Files.createDirectories(Disk.parent(file)));
    return file;
  }

  /** Where the file {@code path} of the package unpacked in {@code folder} lies. */
  static Path content(Path folder, String path) {
    return folder.resolve("files").resolve(path);
  }

  /** The archive's fault, unlike the disk's; {@link DebArchive} reports it. */
  private static final class BadContent extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadContent(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
