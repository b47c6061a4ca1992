package dev.bringup.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

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
    var _ =
        readTo(
            0,
            (nameAt, entry) -> {
              try {
                archive.add(entry);
              } catch (IllegalArgumentException e) {
                throw in.wrong(
                    nameAt, ImageBytes.printable("" + e.getMessage()), "a name of its own");
              }
            });
    return archive;
  }

  /**
   * What Linux unpacks (init/initramfs.c): archive after archive with zeros between them, of which
   * each may have any name any number of times.
   *
   * @param entries of all archives
   * @param end of the last one, in bytes; the image's size if nothing but zeros follows
   */
  record Initramfs(List<CpioArchive.Entry> entries, int end) {
    Initramfs {
      entries = List.copyOf(entries);
    }
  }

  Initramfs readAll() {
    List<CpioArchive.Entry> entries = new ArrayList<>();
    long at = 0;
    do {
      at = readTo(at, (_, entry) -> entries.add(entry));
      while (at < in.length() && in.u8(at, "padding") == 0) {
        at++;
      }
    } while (at + CpioArchive.MAGIC.length() <= in.length()
        && text(in.slice(at, CpioArchive.MAGIC.length(), "")).equals(CpioArchive.MAGIC));
    return new Initramfs(entries, (int) Math.min(at, in.length()));
  }

  @FunctionalInterface
  private interface Target {
    void add(long nameAt, CpioArchive.Entry entry);
  }

  /** Reads the archive at {@code start}; returns what is behind its trailer. */
  private long readTo(long start, Target target) {
    for (long at = start; ; ) {
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
      long contentAt = aligned(nameAt + nameSize);
      if (name.equals(CpioArchive.TRAILER)) {
        return contentAt;
      }
      long size = field(at, 6);
      byte[] content = in.slice(contentAt, size, "the content of " + ImageBytes.printable(name));
      target.add(
          nameAt,
          new CpioArchive.Entry(
              name, (int) field(at, 1), content, (int) field(at, 9), (int) field(at, 10)));
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
