package dev.bringup.provision;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes at positions, such as those of a card. Belongs to one thread. */
interface Medium extends AutoCloseable {
  /** Writes all that remains of {@code bytes} from position {@code at} on. */
  void write(long at, ByteBuffer bytes) throws IOException;

  /** Returns once all that was written is on the medium itself. */
  void force() throws IOException;

  /** The {@code size} bytes from position {@code at} on, as the medium has them. */
  byte[] read(long at, int size) throws IOException;

  @Override
  void close() throws IOException;
}
