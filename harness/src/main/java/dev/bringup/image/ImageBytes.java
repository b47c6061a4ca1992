package dev.bringup.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/** An image's bytes, readable only inside their bounds; all readers share its one complaint. */
final class ImageBytes {
  private final String format;
  private final byte[] bytes;
  private final ByteBuffer big;
  private final ByteBuffer little;

  ImageBytes(String format, byte[] bytes) {
    this.format = format;
    this.bytes = bytes;
    this.big = ByteBuffer.wrap(bytes);
    this.little = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  int length() {
    return bytes.length;
  }

  ImageFormatException wrong(long offset, String problem, String expected) {
    return new ImageFormatException(format, offset, problem, expected);
  }

  /** Fails unless {@code size} bytes called {@code what} lie at {@code offset}. */
  void need(long offset, long size, String what) {
    if (offset < 0 || size < 0 || offset > bytes.length || size > bytes.length - offset) {
      throw wrong(
          Math.clamp(offset, 0, bytes.length),
          "%s is cut off or points outside the image".formatted(what),
          "%d bytes from 0x%x in an image of %d".formatted(size, offset, bytes.length));
    }
  }

  int u8(long offset, String what) {
    need(offset, 1, what);
    return bytes[(int) offset] & 0xff;
  }

  int be32(long offset, String what) {
    need(offset, 4, what);
    return big.getInt((int) offset);
  }

  long be64(long offset, String what) {
    need(offset, 8, what);
    return big.getLong((int) offset);
  }

  int le32(long offset, String what) {
    need(offset, 4, what);
    return little.getInt((int) offset);
  }

  long le64(long offset, String what) {
    need(offset, 8, what);
    return little.getLong((int) offset);
  }

  byte[] slice(long offset, long size, String what) {
    need(offset, size, what);
    return Arrays.copyOfRange(bytes, (int) offset, (int) (offset + size));
  }

  int crc32(long offset, long size, String what) {
    need(offset, size, what);
    return crc32(bytes, (int) offset, (int) size);
  }

  static int crc32(byte[] bytes, int offset, int size) {
    CRC32 crc = new CRC32();
    crc.update(bytes, offset, size);
    return (int) crc.getValue();
  }

  /** Text up to the first zero byte, or all of it. One byte is one character. */
  static String zeroEnded(byte[] field) {
    int end = 0;
    while (end < field.length && field[end] != 0) {
      end++;
    }
    return new String(field, 0, end, StandardCharsets.ISO_8859_1);
  }

  /** Bytes of a foreign text made fit for one line of a terminal or a report. */
  static String printable(String text) {
    StringBuilder out = new StringBuilder(text);
    for (int i = 0; i < out.length(); i++) {
      if (out.charAt(i) < ' ' || out.charAt(i) > '~') {
        out.setCharAt(i, '?');
      }
    }
    return out.toString();
  }
}
