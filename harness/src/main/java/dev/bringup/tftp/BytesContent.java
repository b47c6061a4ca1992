package dev.bringup.tftp;

import java.nio.ByteBuffer;

/** Bytes in memory being read. */
record BytesContent(ByteBuffer bytes, String sha256) implements TftpContent {
  static BytesContent of(byte[] bytes) {
    return new BytesContent(ByteBuffer.wrap(bytes.clone()).asReadOnlyBuffer(), Sha256.of(bytes));
  }

  @Override
  public long size() {
    return bytes.limit();
  }

  @Override
  public int read(long position, ByteBuffer target) {
    if (position >= bytes.limit()) {
      return -1;
    }
    int length = Math.min(target.remaining(), bytes.limit() - (int) position);
    target.put(bytes.slice((int) position, length));
    return length;
  }

  @Override
  public void close() {}
}
