package dev.bringup.artifact;

import dev.bringup.verdict.BringupException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a program, library or kernel module needs, read from its ELF file (System V ABI; 64-bit,
 * little endian, as all of arm64 Linux is).
 *
 * @param interpreter the program loader's absolute path, for programs
 * @param libraries names of the shared libraries, in the file's order
 * @param modules names of the modules that a kernel module needs
 */
record ElfFile(Optional<String> interpreter, List<String> libraries, List<String> modules) {
  private static final int LONGEST_NAME = 255;
  private static final int HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int SECTION_HEADER = 64;
  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_INTERP = 3;
  private static final long DT_NEEDED = 1;
  private static final long DT_STRTAB = 5;

  ElfFile {
    libraries = List.copyOf(libraries);
    modules = List.copyOf(modules);
  }

  /**
   * Reads a whole file.
   *
   * @param name for the message
   * @throws BringupException of kind CONFIGURATION if it is not such a file or is damaged
   */
  static ElfFile parse(byte[] file, String name) {
    try {
      return new Reader(file).read();
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw BringupException.configuration(
          name + " is not an intact 64-bit little-endian ELF file: " + e.getMessage());
    }
  }

  private record Segment(int type, long offset, long address, long size) {}

  private static final class Reader {
    private final ByteBuffer bytes;

    Reader(byte[] file) {
      bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    ElfFile read() {
      if (bytes.limit() < HEADER
          || bytes.order(ByteOrder.BIG_ENDIAN).getInt(0) != 0x7f454c46
          || bytes.get(4) != 2
          || bytes.get(5) != 1) {
        throw new IllegalArgumentException("it does not begin as one");
      }
      bytes.order(ByteOrder.LITTLE_ENDIAN);
      List<Segment> segments = segments();
      return new ElfFile(
          segments.stream()
              .filter(s -> s.type() == PT_INTERP)
              .findFirst()
              .map(s -> text(s.offset())),
          libraries(segments),
          modules());
    }

    private List<Segment> segments() {
      List<Segment> segments = new ArrayList<>();
      long table = bytes.getLong(32);
      int count = bytes.getShort(56) & 0xffff;
      for (int i = 0; i < count; i++) {
        int at = index(table + (long) i * PROGRAM_HEADER);
        segments.add(
            new Segment(
                bytes.getInt(at),
                bytes.getLong(at + 8),
                bytes.getLong(at + 16),
                bytes.getLong(at + 32)));
      }
      return segments;
    }

    private List<String> libraries(List<Segment> segments) {
      List<Long> names = new ArrayList<>();
      long strings = 0;
      for (Segment dynamic : segments) {
        if (dynamic.type() == PT_DYNAMIC) {
          int end = index(dynamic.offset() + dynamic.size());
          for (int at = index(dynamic.offset()); at + 16 <= end; at += 16) {
            long tag = bytes.getLong(at);
            if (tag == 0) {
              break;
            }
            long value = bytes.getLong(at + 8);
            if (tag == DT_NEEDED) {
              names.add(value);
            } else if (tag == DT_STRTAB) {
              strings = offsetOf(value, segments);
            }
          }
        }
      }
      long table = strings;
      return names.stream().map(n -> text(table + n)).toList();
    }

    private static long offsetOf(long address, List<Segment> segments) {
      return segments.stream()
          .filter(s -> s.type() == PT_LOAD)
          .filter(s -> address >= s.address() && address - s.address() < s.size())
          .mapToLong(s -> s.offset() + address - s.address())
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no segment has its string table"));
    }

    /** The entry {@code depends=a,b} of a kernel module's section .modinfo. */
    private List<String> modules() {
      int count = bytes.getShort(60) & 0xffff;
      if (count == 0) {
        return List.of();
      }
      long table = bytes.getLong(40);
      int names = index(table + (long) (bytes.getShort(62) & 0xffff) * SECTION_HEADER);
      long nameTable = bytes.getLong(names + 24);
      for (int i = 0; i < count; i++) {
        int at = index(table + (long) i * SECTION_HEADER);
        if (text(nameTable + Integer.toUnsignedLong(bytes.getInt(at))).equals(".modinfo")) {
          return dependencies(bytes.getLong(at + 24), bytes.getLong(at + 32));
        }
      }
      return List.of();
    }

    private List<String> dependencies(long offset, long size) {
      int from = index(offset);
      byte[] section = new byte[index(offset + size) - from];
      bytes.get(from, section);
      for (String entry : new String(section, StandardCharsets.ISO_8859_1).split("\0", -1)) {
        if (entry.startsWith("depends=") && entry.length() > "depends=".length()) {
          return List.of(entry.substring("depends=".length()).split(",", -1));
        }
      }
      return List.of();
    }

    private String text(long offset) {
      int from = index(offset);
      int end = from;
      while (bytes.get(end) != 0) {
        if (++end - from > LONGEST_NAME) {
          throw new IllegalArgumentException("a name in it is too long");
        }
      }
      byte[] text = new byte[end - from];
      bytes.get(from, text);
      return new String(text, StandardCharsets.ISO_8859_1);
    }

    private int index(long offset) {
      if (offset < 0 || offset > bytes.limit()) {
        throw new IndexOutOfBoundsException("offset " + offset + " lies outside of it");
      }
      return (int) offset;
    }
  }
}
