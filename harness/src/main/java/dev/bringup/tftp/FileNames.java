package dev.bringup.tftp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Keeps the names that clients send below a folder. */
final class FileNames {
  private FileNames() {}

  /**
   * The path of {@code name} below {@code root}; the file itself need not exist.
   *
   * @throws TftpRefusedException if the name is not a plain relative one, or a symbolic link leads
   *     out of {@code root}
   */
  static Path confine(Path root, String name) throws TftpRefusedException {
    if (name.isEmpty()
        || name.startsWith("/")
        || name.indexOf('\\') >= 0
        || name.indexOf('\0') >= 0) {
      throw refused();
    }
    for (String part : name.split("/", -1)) {
      if (part.equals("..") || part.startsWith(FileUpload.PARTIAL_PREFIX)) {
        throw refused();
      }
    }
    try {
      Path realRoot = root.toRealPath();
      Path path = realRoot.resolve(name);
      // What exists of the path decides where it really leads.
      Path existing = path;
      while (!Files.exists(existing)) {
        if (Files.isSymbolicLink(existing)) {
          throw refused(); // dangling: writing through it could create a file anywhere
        }
        Path parent = existing.getParent();
        if (parent == null) {
          throw refused();
        }
        existing = parent;
      }
      if (!existing.toRealPath().startsWith(realRoot)) {
        throw refused();
      }
      return path;
    } catch (InvalidPathException | IOException e) {
      throw refused();
    }
  }

  private static TftpRefusedException refused() {
    return new TftpRefusedException(TftpErrorCode.ACCESS_VIOLATION, "Access violation");
  }
}
