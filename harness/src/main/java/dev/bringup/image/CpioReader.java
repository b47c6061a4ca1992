package dev.bringup.image;

import java.nio.charset.StandardCharsets;

/** Reads one "newc" archive; what it keeps are parts of its input. */
final class CpioReader {
  private static final int HEADER_SIZE = 110;
  private static final int FIELD_SIZE = 8;

  /** Linux' own limit for a path. */
  private static final int MAX_NAME = 4096;

  private final ImageBytes in;

  CpioReader(byte[] archive) {
    this.in = new ImageBytes("cpio archive", archive);
  }

  CpioArchive read() {
    CpioArchive archive = new CpioArchive();
    for (long at = 0; ; ) {
      String magic = text(in.slice(at, 6, "the header of an entry"));
      if (!magic.equals(CpioArchive.MAGIC)) {
        throw in.wrong(
            at, "wrong magic \"%s\"".formatted(ImageBytes.printable(magic)), "070701 (newc)");
      }
      in.need(at, HEADER_SIZE, "the header of an entry");
      long nameSize = field(at, 11);
      if (nameSize < 2 || nameSize > MAX_NAME) {
        throw in.wrong(
            at + 6 + 11 * FIELD_SIZE,
            "a name of %d bytes".formatted(nameSize),
            "2 to %d with its ending zero".formatted(MAX_NAME));
      }
      long nameAt = at + HEADER_SIZE;
      byte[] rawName = in.slice(nameAt, nameSize, "a name");
      String name = new String(rawName, 0, rawName.length - 1, StandardCharsets.UTF_8);
      if (rawName[rawName.length - 1] != 0 || name.indexOf('\0') >= 0) {
        throw in.wrong(nameAt, "a name that does not end where it says", "one zero at its end");
      }
      if (name.equals(CpioArchive.TRAILER)) {
        return archive;
      }
      long contentAt = aligned(nameAt + nameSize);
      long size = field(at, 6);
      byte[] content = in.slice(contentAt, size, "the content of " + ImageBytes.printable(name));
      CpioArchive.Entry entry =
          new CpioArchive.Entry(
              name, (int) field(at, 1), content, (int) field(at, 9), (int) field(at, 10));
      try {
        archive.add(entry);
      } catch (IllegalArgumentException e) {
        throw in.wrong(nameAt, ImageBytes.printable("" + e.getMessage()), "a name of its own");
      }
      at = aligned(contentAt + size);
    }
  }

  private long field(long entry, int index) {
    long at = entry + 6 + (long) index * FIELD_SIZE;
    long value = 0;
    for (int i = 0; i < FIELD_SIZE; i++) {
      int digit = Character.digit(in.u8(at + i, "a field"), 16);
      if (digit < 0) {
        throw in.wrong(at + i, "not a hexadecimal digit", "8 digits");
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static long aligned(long offset) {
    return (offset + 3) & ~3L;
  }
}
