package dev.bringup.tftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file on disk being read. */
final class FileContent implements TftpContent {
  private final FileStamp stamp;
  private final FileChannel file;
  private final FileHashes hashes;

  private FileContent(FileStamp stamp, FileChannel file, FileHashes hashes) {
    this.stamp = stamp;
    this.file = file;
    this.hashes = hashes;
  }

  static FileContent open(Path path, FileHashes hashes) throws TftpRefusedException {
    try {
      // The stamp comes first: a change after it is noticed when the hash is asked for.
      FileStamp stamp = FileStamp.of(path);
      return new FileContent(stamp, FileChannel.open(path, StandardOpenOption.READ), hashes);
    } catch (NoSuchFileException e) {
      throw new TftpRefusedException(TftpErrorCode.FILE_NOT_FOUND, "File not found");
    } catch (IOException e) {
      throw new TftpRefusedException(TftpErrorCode.ACCESS_VIOLATION, "File cannot be read");
    }
  }

  @Override
  public long size() {
    return stamp.size();
  }

  @Override
  public int read(long position, ByteBuffer target) throws IOException {
    return file.read(target, position);
  }

  @Override
  public String sha256() throws IOException {
    return hashes.of(stamp);
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      // Only read from: nothing can be lost.
    }
  }
}
