package dev.bringup.provision;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A file, or a device by its file. */
final class FileMedium implements Medium {
  /** What direct input asks of addresses and sizes; sectors have 512 or 4096 bytes. */
  private static final int BLOCK = 4096;

  private final FileChannel out;
  private final FileChannel in;

  private FileMedium(FileChannel out, FileChannel in) {
    this.out = out;
    this.in = in;
  }

  /** A file of {@code size} zeros, instead of what is there. */
  static FileMedium image(Path path, long size) throws IOException {
    FileMedium file =
        open(
            FileChannel.open(
                path,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING),
            path,
            StandardOpenOption.READ);
    try {
      file.write(size - 1, ByteBuffer.allocate(1));
      return file;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * A device. What is read comes from the device and not from this computer's memory of what was
   * written.
   */
  static FileMedium device(Path path) throws IOException {
    return open(
        FileChannel.open(path, StandardOpenOption.WRITE), path, StandardOpenOption.READ, direct());
  }

  /** O_DIRECT. Java has a name for it outside of its documented classes only. */
  private static OpenOption direct() {
    try {
      for (Object each : Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
        if (each instanceof OpenOption option && each.toString().equals("DIRECT")) {
          return option;
        }
      }
    } catch (ClassNotFoundException e) {
      throw withoutDirect(e);
    }
    throw withoutDirect(null);
  }

  private static BringupException withoutDirect(@Nullable Throwable cause) {
    return new BringupException(
        FailureKind.INFRASTRUCTURE,
        "this Java cannot read a device past the computer's own memory",
        "write an image, and copy that",
        cause);
  }

  private static FileMedium open(FileChannel out, Path path, OpenOption... how) throws IOException {
    try {
      return new FileMedium(out, FileChannel.open(path, how));
    } catch (IOException | RuntimeException e) {
      out.close();
      throw e;
    }
  }

  @Override
  public void write(long at, ByteBuffer bytes) throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      position += out.write(bytes, position);
    }
  }

  @Override
  public void force() throws IOException {
    out.force(true);
  }

  @Override
  public byte[] read(long at, int size) throws IOException {
    long first = at & -BLOCK;
    int whole = Math.toIntExact((at + size + BLOCK - 1 & -BLOCK) - first);
    ByteBuffer buffer = ByteBuffer.allocateDirect(whole + BLOCK).alignedSlice(BLOCK);
    buffer.limit(whole);
    int wanted = Math.toIntExact(at - first) + size;
    while (buffer.position() < wanted) {
      if (in.read(buffer, first + buffer.position()) < 0) {
        throw new EOFException("it ends at byte " + (first + buffer.position()));
      }
    }
    byte[] bytes = new byte[size];
    buffer.get(Math.toIntExact(at - first), bytes);
    return bytes;
  }

  @Override
  public void close() throws IOException {
    try (out) {
      in.close();
    }
  }
}
