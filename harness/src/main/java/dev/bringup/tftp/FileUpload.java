package dev.bringup.tftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.UUID;

/** A file on disk being written, under another name until it is complete. */
final class FileUpload implements TftpUpload {
  /** Unfinished uploads begin with this; such names are never served or accepted. */
  static final String PARTIAL_PREFIX = ".tftp-partial-";

  private final Path target;
  private final Path partial;
  private final boolean overwrite;
  private final FileChannel file;
  private final MessageDigest digest = Sha256.digest();

  private FileUpload(Path target, Path partial, boolean overwrite, FileChannel file) {
    this.target = target;
    this.partial = partial;
    this.overwrite = overwrite;
    this.file = file;
  }

  /** Begins to write {@code target}, whose folder exists. */
  static FileUpload create(Path target, boolean overwrite, OptionalLong size)
      throws TftpRefusedException {
    try {
      if (!overwrite && Files.exists(target)) {
        throw exists();
      }
      Path folder = target.toAbsolutePath().getParent();
      if (folder == null || Files.isDirectory(target)) {
        throw new TftpRefusedException(TftpErrorCode.ACCESS_VIOLATION, "Not a file");
      }
      // Not by the folder's FileStore, which is not found where its mount is not listed (chroot).
      if (size.isPresent() && folder.toFile().getUsableSpace() < size.getAsLong()) {
        throw diskFull();
      }
      // No temporary file of Java's: nobody but its owner may read such a one, and it stays so.
      Path partial = folder.resolve(PARTIAL_PREFIX + UUID.randomUUID());
      return new FileUpload(
          target,
          partial,
          overwrite,
          FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw refusal(e);
    }
  }

  private static TftpRefusedException exists() {
    return new TftpRefusedException(TftpErrorCode.FILE_EXISTS, "File already exists");
  }

  private static TftpRefusedException diskFull() {
    return new TftpRefusedException(TftpErrorCode.DISK_FULL, "Disk full");
  }

  /** The answer for a client whose bytes could not be stored. */
  static TftpRefusedException refusal(IOException e) {
    // Java has no type for ENOSPC and EDQUOT; their texts come from the C library, in English here.
    String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("no space") || text.contains("quota")) {
      return diskFull();
    }
    return new TftpRefusedException(TftpErrorCode.ACCESS_VIOLATION, "File cannot be written");
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    digest.update(bytes.duplicate());
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  @Override
  public void commit() throws IOException, TftpRefusedException {
    file.close();
    if (overwrite) {
      Files.move(
          partial, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    try {
      // A hard link, unlike a rename, fails if somebody else took the name meanwhile.
      Files.createLink(target, partial);
    } catch (FileAlreadyExistsException e) {
      throw exists();
    } catch (UnsupportedOperationException e) {
      Files.move(partial, target);
    }
    Files.deleteIfExists(partial);
  }

  @Override
  public String sha256() {
    try {
      return Sha256.hex((MessageDigest) digest.clone());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      // The partial file stays behind; its name says what it is.
    }
  }
}
