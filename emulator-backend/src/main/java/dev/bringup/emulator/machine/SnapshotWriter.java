package dev.bringup.emulator.machine;

import dev.bringup.emulator.device.StateWriter;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * State as bytes: numbers of 64 bits, most significant byte first, arrays with their length before
 * them. The length of an array of zeros is negative, and the zeros are left out.
 */
final class SnapshotWriter implements StateWriter {
  private static final int BUFFER = 1 << 16;

  private final DataOutputStream out;

  SnapshotWriter(OutputStream out) {
    this.out = new DataOutputStream(new BufferedOutputStream(out, BUFFER));
  }

  @Override
  public void part(String name) {
    try {
      out.writeUTF(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void put(long value) {
    try {
      out.writeLong(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void put(byte[] bytes) {
    if (bytes.length > 0 && isZero(bytes)) {
      put(-(long) bytes.length);
      return;
    }
    put(bytes.length);
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isZero(byte[] bytes) {
    for (byte value : bytes) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  void flush() throws IOException {
    out.flush();
  }
}
