package dev.bringup.emulator.builtin;

import dev.bringup.emulator.device.VirtioBlock;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file as a disk. A last sector that is not whole is left out. */
public final class FileDisk implements VirtioBlock.BlockStore, AutoCloseable {
  private static final int SECTOR = 512;

  private final FileChannel file;
  private final long size;
  private final boolean writable;

  private FileDisk(FileChannel file, boolean writable) throws IOException {
    this.file = file;
    this.size = file.size();
    this.writable = writable;
  }

  /**
   * Opens a file, for nobody else if it is to be written.
   *
   * @throws BringupException (configuration) if that cannot be done
   */
  public static FileDisk open(Path path, boolean writable) {
    if (!Files.isRegularFile(path)) {
      throw BringupException.configuration(
          path + (Files.exists(path) ? ": not a regular file" : ": no such file"));
    }
    try {
      FileChannel file =
          writable
              ? FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)
              : FileChannel.open(path, StandardOpenOption.READ);
      try {
        return new FileDisk(checked(path, file, writable), writable);
      } catch (IOException | RuntimeException e) {
        file.close();
        throw e;
      }
    } catch (IOException e) {
      throw BringupException.configuration(
          "%s cannot be opened%s: %s"
              .formatted(path, writable ? " to be written" : "", e.getMessage()));
    }
  }

  private static FileChannel checked(Path path, FileChannel file, boolean writable)
      throws IOException {
    if (file.size() < SECTOR) {
      throw BringupException.configuration(
          "%s has %d bytes; a disk has at least one sector of %d"
              .formatted(path, file.size(), SECTOR));
    }
    if (writable) {
      boolean alone;
      try {
        alone = file.tryLock() != null;
      } catch (OverlappingFileLockException e) {
        alone = false;
      }
      if (!alone) {
        throw BringupException.configuration(path + " is being written by somebody else");
      }
    }
    return file;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean readOnly() {
    return !writable;
  }

  @Override
  public void read(long at, byte[] into, int from, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(into, from, length);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, at + length - buffer.remaining()) < 0) {
        throw new IOException("the file has become shorter");
      }
    }
  }

  @Override
  public void write(long at, byte[] bytes, int from, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, from, length);
    while (buffer.hasRemaining()) {
      var _ = file.write(buffer, at + length - buffer.remaining());
    }
  }

  @Override
  public void flush() throws IOException {
    if (writable) {
      file.force(false);
    }
  }

  /** What was written stays, as far as the host can say. */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
