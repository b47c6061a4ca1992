package dev.bringup.tftp;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The files that are staged for one board, by name, and a folder for what the board uploads. A name
 * can contain slashes; nothing but the staged names can be read. Thread-safe; a change counts from
 * the next request on.
 */
public final class StagedFiles implements TftpFiles {
  private sealed interface Staged {
    record OnDisk(Path path) implements Staged {}

    record InMemory(BytesContent content) implements Staged {}
  }

  private final Map<String, Staged> staged = new ConcurrentHashMap<>();
  private final FileHashes hashes = new FileHashes();
  private final @Nullable Path uploads;

  /** Uploads are refused. */
  public StagedFiles() {
    uploads = null;
  }

  /**
   * @param uploads an existing folder; a later upload of a name replaces the earlier one
   */
  public StagedFiles(Path uploads) {
    this.uploads = uploads;
  }

  /** Makes the file at {@code path} readable as {@code name}, in place of what was staged so. */
  public void stage(String name, Path path) {
    staged.put(name, new Staged.OnDisk(path));
  }

  /** Makes a copy of {@code bytes} readable as {@code name}, in place of what was staged so. */
  public void stage(String name, byte[] bytes) {
    staged.put(name, new Staged.InMemory(BytesContent.of(bytes)));
  }

  /** Takes {@code name} away. Transfers under way go on. */
  public void unstage(String name) {
    staged.remove(name);
  }

  /** The names staged now, sorted. */
  public Set<String> names() {
    return new TreeSet<>(staged.keySet());
  }

  @Override
  public TftpContent open(InetSocketAddress client, String name) throws TftpRefusedException {
    return switch (staged.get(name)) {
      case null -> throw new TftpRefusedException(TftpErrorCode.FILE_NOT_FOUND, "File not found");
      case Staged.InMemory(BytesContent content) -> content;
      case Staged.OnDisk(Path path) -> FileContent.open(path, hashes);
    };
  }

  @Override
  public TftpUpload create(InetSocketAddress client, String name, OptionalLong size)
      throws TftpRefusedException {
    if (uploads == null) {
      throw new TftpRefusedException(TftpErrorCode.ACCESS_VIOLATION, "Writing is not allowed");
    }
    Path path = FileNames.confine(uploads, name);
    Path folder = path.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new TftpRefusedException(TftpErrorCode.FILE_NOT_FOUND, "Folder not found");
    }
    return FileUpload.create(path, true, size);
  }
}
