package dev.bringup.emulator.machine;

import dev.bringup.emulator.device.StateReader;
import dev.bringup.verdict.BringupException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Reads what a {@link SnapshotWriter} wrote. */
final class SnapshotReader implements StateReader {
  private final DataInputStream in;
  private final String name;

  /**
   * @param name for messages
   */
  SnapshotReader(InputStream in, String name) {
    this.in = new DataInputStream(new BufferedInputStream(in));
    this.name = name;
  }

  @Override
  public void part(String expected) {
    String found;
    try {
      found = in.readUTF();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!found.equals(expected)) {
      throw BringupException.configuration(
          "the snapshot %s has a part \"%s\" where \"%s\" is expected: another version wrote it"
              .formatted(name, found, expected));
    }
  }

  @Override
  public long get() {
    try {
      return in.readLong();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public byte[] getBytes() {
    long length = get();
    if (length <= 0 && length >= -Integer.MAX_VALUE) {
      return new byte[(int) -length];
    }
    try {
      byte[] bytes = in.readNBytes(Math.toIntExact(length));
      if (bytes.length < length) {
        throw new EOFException();
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
