package dev.bringup.image;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** gzip (RFC 1952) that depends on nothing but its input. */
public final class Gzip {
  private Gzip() {}

  /**
   * A stream that compresses into {@code out}: no name, time 0, operating system unknown, so that
   * equal input gives equal bytes. Closing it closes {@code out}.
   */
  public static OutputStream compressing(OutputStream out) throws IOException {
    // The JDK writes exactly that header; GzipTest fails should it ever change.
    return new GZIPOutputStream(out, 1 << 16);
  }

  /** The compressed bytes. */
  public static byte[] compress(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = compressing(out)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return out.toByteArray();
  }

  /**
   * The plain bytes.
   *
   * @param limit the most bytes to unpack, so that a small file cannot fill the memory
   * @throws ImageFormatException if it is not intact gzip or unpacks to more than {@code limit}
   */
  public static byte[] decompress(byte[] packed, int limit) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      byte[] plain = in.readNBytes(limit);
      if (in.read() >= 0) {
        throw new ImageFormatException(
            "gzip", 0, "unpacks to more than %d bytes".formatted(limit), "at most that many");
      }
      return plain;
    } catch (IOException e) {
      throw new ImageFormatException(
          "gzip", 0, "damaged: " + e.getMessage(), "an intact gzip file (gzip -t tells)");
    }
  }
}
