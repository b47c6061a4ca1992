package dev.bringup.tftp;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A file that a client is writing. It appears under its name when it is complete, not before. Used
 * by one thread at a time.
 */
public interface TftpUpload extends AutoCloseable {
  /** Appends all of {@code bytes}. */
  void write(ByteBuffer bytes) throws IOException;

  /**
   * Makes the complete file visible under its name.
   *
   * @throws TftpRefusedException if that name has been taken meanwhile
   */
  void commit() throws IOException, TftpRefusedException;

  /** The SHA-256 of the bytes written so far, in lower-case hexadecimal. */
  String sha256();

  /** Forgets what was not committed. */
  @Override
  void close();
}
