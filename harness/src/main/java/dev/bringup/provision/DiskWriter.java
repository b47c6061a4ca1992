package dev.bringup.provision;

import dev.bringup.artifact.FetchProgress;
import dev.bringup.image.BootDisk;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Writes a disk so that one that is not whole cannot be taken for one that is: the old partition
 * table goes first, and the new one comes last.
 */
final class DiskWriter {
  private static final int TABLE = 512;
  private static final int PIECE = 1 << 20;

  private final Medium medium;
  private final String name;
  private final FetchProgress progress;

  /**
   * @param name of the medium, for messages
   */
  DiskWriter(Medium medium, String name, FetchProgress progress) {
    this.medium = medium;
    this.name = name;
    this.progress = progress;
  }

  /**
   * Writes {@code disk}, reads it back and compares.
   *
   * @throws BringupException (infrastructure) if the medium does not give back what was written; it
   *     is left without a partition table
   */
  void write(BootDisk disk) throws IOException {
    byte[] content = disk.content();
    removeTable();
    for (int at = TABLE; at < content.length; at += PIECE) {
      progress.update("writing " + name, at, content.length);
      medium.write(at, ByteBuffer.wrap(content, at, Math.min(PIECE, content.length - at)));
    }
    medium.force();
    medium.write(0, ByteBuffer.wrap(content, 0, TABLE));
    medium.force();
    verify(content);
  }

  private void removeTable() throws IOException {
    medium.write(0, ByteBuffer.allocate(TABLE));
    medium.force();
  }

  private void verify(byte[] content) throws IOException {
    MessageDigest read = sha256();
    long wrong = -1;
    for (int at = 0; at < content.length; at += PIECE) {
      progress.update("reading back " + name, at, content.length);
      int size = Math.min(PIECE, content.length - at);
      byte[] piece = medium.read(at, size);
      read.update(piece);
      int mismatch = Arrays.mismatch(piece, 0, size, content, at, at + size);
      if (mismatch >= 0 && wrong < 0) {
        wrong = (long) at + mismatch;
      }
    }
    if (!MessageDigest.isEqual(read.digest(), sha256().digest(content))) {
      removeTable();
      throw BringupException.infrastructure(
          "%s does not give back what was written: byte %d differs".formatted(name, wrong),
          "try another card or reader; this one is left without a partition table");
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
