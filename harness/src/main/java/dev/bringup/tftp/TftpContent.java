package dev.bringup.tftp;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of one file while it is being read by one client. Used by one thread at a time. */
public interface TftpContent extends AutoCloseable {
  /** Bytes in all, fixed when the content was opened. */
  long size();

  /**
   * Reads bytes from {@code position} on into {@code target}.
   *
   * @return how many were read, at least 1 unless {@code target} is full; -1 at the end
   */
  int read(long position, ByteBuffer target) throws IOException;

  /**
   * The SHA-256 of all bytes in lower-case hexadecimal. May take as long as reading them; callable
   * after {@link #close()}, from any thread.
   *
   * @throws IOException if it cannot be told, for example because the file changed since
   */
  String sha256() throws IOException;

  @Override
  void close();
}
