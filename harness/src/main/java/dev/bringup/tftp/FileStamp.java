package dev.bringup.tftp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/** What tells one content of a path from the next. */
record FileStamp(Path path, @Nullable Object fileKey, long size, FileTime modified) {
  static FileStamp of(Path path) throws IOException {
    var attributes = Files.readAttributes(path, BasicFileAttributes.class);
    return new FileStamp(
        path, attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
  }
}
