package dev.bringup.tftp;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The files below a folder. Absolute names, {@code ..}, backslashes and symbolic links that lead
 * out of the folder are refused. Thread-safe.
 */
public final class DirectoryFiles implements TftpFiles {
  /** What clients may write; folders are never made for them. */
  public enum Writing {
    REFUSED,
    NEW_FILES,
    OVERWRITING
  }

  private final Path root;
  private final Writing writing;
  private final FileHashes hashes = new FileHashes();

  /**
   * @param root an existing folder
   */
  public DirectoryFiles(Path root, Writing writing) {
    this.root = root;
    this.writing = writing;
  }

  @Override
  public TftpContent open(InetSocketAddress client, String name) throws TftpRefusedException {
    Path path = FileNames.confine(root, name);
    if (!Files.isRegularFile(path)) {
      throw Files.exists(path)
          ? new TftpRefusedException(TftpErrorCode.ACCESS_VIOLATION, "Not a file")
          : new TftpRefusedException(TftpErrorCode.FILE_NOT_FOUND, "File not found");
    }
    return FileContent.open(path, hashes);
  }

  @Override
  public TftpUpload create(InetSocketAddress client, String name, OptionalLong size)
      throws TftpRefusedException {
    if (writing == Writing.REFUSED) {
      throw new TftpRefusedException(TftpErrorCode.ACCESS_VIOLATION, "Writing is not allowed");
    }
    Path path = FileNames.confine(root, name);
    Path folder = path.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new TftpRefusedException(TftpErrorCode.FILE_NOT_FOUND, "Folder not found");
    }
    return FileUpload.create(path, writing == Writing.OVERWRITING, size);
  }
}
