package dev.bringup.artifact;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tar that dpkg-deb writes (deb(5): old-style, ustar and GNU with long names, no pax),
 * one entry after the other. Memory is bounded whatever the archive claims.
 */
final class TarReader {
  private static final int BLOCK = 512;
  private static final int LONGEST_NAME = 4096;
  private static final int LONGEST_PADDING = 1 << 20;

  private final InputStream in;
  private long left; // of the current entry's content
  private int padding; // behind it

  TarReader(InputStream in) {
    this.in = in;
  }

  /** What an entry is. */
  enum Type {
    FILE,
    HARD_LINK,
    SYMBOLIC_LINK,
    FOLDER,
    OTHER
  }

  /**
   * One entry.
   *
   * @param name as written
   * @param mode permissions, 0 to 07777
   * @param target of a link, else ""
   */
  record Entry(Type type, String name, int mode, String target) {}

  /** The next entry, past whatever is unread of the one before; empty at the end. */
  Optional<Entry> next() throws IOException {
    String longName = null;
    String longTarget = null;
    while (true) {
      skip();
      byte[] header = in.readNBytes(BLOCK);
      if (header.length < BLOCK || allZero(header)) {
        if (header.length != 0 && header.length < BLOCK) {
          throw new EOFException("tar ends inside a header");
        }
        return Optional.empty();
      }
      checkSum(header);
      left = number(header, 124, 12);
      padding = (int) (-left & (BLOCK - 1));
      char type = (char) (header[156] & 0xff);
      switch (type) {
        case 'L' -> longName = longText();
        case 'K' -> longTarget = longText();
        case 'x', 'g' -> throw new IOException("tar with pax headers, which dpkg does not write");
        default -> {
          return Optional.of(entry(header, type, longName, longTarget));
        }
      }
    }
  }

  /** Reads what tar pads its end with, so that whoever unpacks sees check sums at the very end. */
  void finish() throws IOException {
    byte[] rest = in.readNBytes(LONGEST_PADDING + 1);
    if (rest.length > LONGEST_PADDING) {
      throw new IOException("tar with much behind its end");
    }
  }

  private Entry entry(
      byte[] header, char typeFlag, @Nullable String longName, @Nullable String longTarget) {
    Type type =
        switch (typeFlag) {
          case '0', '\0' -> Type.FILE;
          case '1' -> Type.HARD_LINK;
          case '2' -> Type.SYMBOLIC_LINK;
          case '5' -> Type.FOLDER;
          default -> Type.OTHER;
        };
    String name = longName == null ? shortName(header) : longName;
    String target = longTarget == null ? text(header, 157, 100) : longTarget;
    int mode = (int) numberOrZero(header, 100, 8) & 07777;
    if (type == Type.HARD_LINK || type == Type.SYMBOLIC_LINK) {
      left = 0; // some archives give links a size, but never content
      padding = 0;
    }
    return new Entry(type, name, mode, target);
  }

  /** Content of the current entry, up to its end. */
  int read(byte[] buffer) throws IOException {
    if (left == 0) {
      return -1;
    }
    int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
    if (n < 0) {
      throw new EOFException("tar ends inside a file");
    }
    left -= n;
    return n;
  }

  private void skip() throws IOException {
    in.skipNBytes(left);
    in.skipNBytes(padding);
    left = 0;
    padding = 0;
  }

  private String longText() throws IOException {
    if (left > LONGEST_NAME) {
      throw new IOException("tar with a name of " + left + " bytes");
    }
    byte[] bytes = in.readNBytes((int) left);
    if (bytes.length < left) {
      throw new EOFException("tar ends inside a name");
    }
    left = 0;
    return text(bytes, 0, bytes.length);
  }

  private static String shortName(byte[] header) {
    String name = text(header, 0, 100);
    // only POSIX ustar has a prefix here; GNU's magic is "ustar " and keeps times in its place
    boolean posix = text(header, 257, 6).equals("ustar");
    String prefix = posix ? text(header, 345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private static void checkSum(byte[] header) throws IOException {
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
    }
    if (sum != number(header, 148, 8)) {
      throw new IOException("tar header with a wrong check sum");
    }
  }

  private static boolean allZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static String text(byte[] bytes, int from, int length) {
    int end = from;
    while (end < from + length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, from, end - from, StandardCharsets.UTF_8);
  }

  private static long numberOrZero(byte[] header, int from, int length) {
    try {
      return number(header, from, length);
    } catch (IOException _) {
      return 0;
    }
  }

  /** Octal digits, or base 256 if the first byte is 0x80 (GNU, for sizes from 8 GiB). */
  private static long number(byte[] header, int from, int length) throws IOException {
    if ((header[from] & 0xff) == 0x80) {
      long value = 0;
      for (int i = from + 1; i < from + length; i++) {
        if (value >= 1L << 54) {
          throw new IOException("tar with a number that is too large");
        }
        value = (value << 8) | (header[i] & 0xff);
      }
      return value;
    }
    String digits = text(header, from, length).strip();
    try {
      return digits.isEmpty() ? 0 : Long.parseUnsignedLong(digits, 8) & Long.MAX_VALUE;
    } catch (NumberFormatException e) {
      throw new IOException("tar with a bad number \"" + digits + "\"", e);
    }
  }
}
