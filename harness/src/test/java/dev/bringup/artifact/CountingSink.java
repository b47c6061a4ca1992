package dev.bringup.artifact;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads all files to their ends and keeps nothing. */
final class CountingSink implements DebArchive.Sink {
  private final byte[] buffer = new byte[4096];
  private long bytes;

  @Override
  public void file(String path, int mode, TarReader content) {
    try {
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        bytes += n;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void sameFile(String path, String earlier) {}

  @Override
  public void link(String path, String target) {}

  long bytes() {
    return bytes;
  }
}
