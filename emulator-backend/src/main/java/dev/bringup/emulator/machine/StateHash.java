package dev.bringup.emulator.machine;

import dev.bringup.emulator.device.StateWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Makes one number of a machine's whole state: equal states have equal hashes (SHA-256). */
final class StateHash implements StateWriter {
  private final MessageDigest digest;
  private final ByteBuffer buffer = ByteBuffer.allocate(8 << 10);

  StateHash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void part(String name) {
    put(name.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void put(long value) {
    if (buffer.remaining() < Long.BYTES) {
      drain();
    }
    buffer.putLong(value);
  }

  @Override
  public void put(byte[] bytes) {
    put(bytes.length);
    drain();
    digest.update(bytes);
  }

  private void drain() {
    digest.update(buffer.flip());
    buffer.clear();
  }

  /** In lower-case hexadecimal. Ends the hash. */
  String hex() {
    drain();
    return HexFormat.of().formatHex(digest.digest());
  }
}
