package dev.bringup.emulator.trace;

import dev.bringup.emulator.trace.Symbols.Symbol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The symbol table of an ELF file (System V ABI, chapter 4; 64-bit, little endian). */
final class ElfSymbols {
  private static final int MAGIC = 0x464c_457f;
  private static final int HEADER = 64;
  private static final int SECTION_HEADER = 64;
  private static final int SYMBOL = 24;
  private static final int LONGEST_NAME = 4096;

  private static final int SHT_SYMTAB = 2;
  private static final int STT_NOTYPE = 0;
  private static final int STT_FUNC = 2;

  /** Section numbers from here on mean something else; 0 is "not defined here". */
  private static final int SHN_LORESERVE = 0xff00;

  private final ByteBuffer file;

  private ElfSymbols(byte[] bytes) {
    file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static boolean isElf(byte[] file) {
    return file.length >= HEADER
        && ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(0) == MAGIC;
  }

  /**
   * Functions first, then labels of assembler; empty if the file is stripped.
   *
   * @throws IndexOutOfBoundsException or IllegalArgumentException if the file is damaged
   */
  static List<Symbol> read(byte[] bytes) {
    return new ElfSymbols(bytes).read();
  }

  private List<Symbol> read() {
    if (file.get(4) != 2 || file.get(5) != 1) {
      throw new IllegalArgumentException("it is of another kind");
    }
    long table = file.getLong(40);
    int count = file.getShort(60) & 0xffff;
    var functions = new ArrayList<Symbol>();
    var labels = new ArrayList<Symbol>();
    for (int n = 0; n < count; n++) {
      int section = index(table + (long) n * SECTION_HEADER);
      if (file.getInt(section + 4) == SHT_SYMTAB) {
        int link = file.getInt(section + 40);
        int strings = index(table + Integer.toUnsignedLong(link) * SECTION_HEADER);
        symbols(section, file.getLong(strings + 24), functions, labels);
      }
    }
    functions.addAll(labels);
    return functions;
  }

  private void symbols(int section, long strings, List<Symbol> functions, List<Symbol> labels) {
    int from = index(file.getLong(section + 24));
    long end = from + file.getLong(section + 32);
    for (int at = from; at + SYMBOL <= end; at += SYMBOL) {
      int type = file.get(at + 4) & 15;
      int place = file.getShort(at + 6) & 0xffff;
      boolean wanted = type == STT_FUNC || type == STT_NOTYPE;
      if (!wanted || place == 0 || place >= SHN_LORESERVE) {
        continue;
      }
      String name = text(strings + Integer.toUnsignedLong(file.getInt(at)));
      // Names with $ part code from data within a function (AAELF64, 5.5.4).
      if (!name.isEmpty() && !name.startsWith("$")) {
        (type == STT_FUNC ? functions : labels).add(new Symbol(file.getLong(at + 8), name));
      }
    }
  }

  private String text(long offset) {
    int from = index(offset);
    int end = from;
    while (file.get(end) != 0) {
      if (++end - from > LONGEST_NAME) {
        throw new IllegalArgumentException("a name in it is too long");
      }
    }
    return new String(file.array(), from, end - from, StandardCharsets.ISO_8859_1);
  }

  private int index(long offset) {
    if (offset < 0 || offset >= file.limit()) {
      throw new IndexOutOfBoundsException("offset " + offset + " lies outside of it");
    }
    return (int) offset;
  }
}
