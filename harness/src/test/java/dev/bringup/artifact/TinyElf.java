package dev.bringup.artifact;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the least of an ELF file that says what a program, library or module needs. */
final class TinyElf {
  private static final int BASE = 0x10000; // addresses differ from offsets, as in real files

  private TinyElf() {}

  static byte[] program(@Nullable String interpreter, String... libraries) {
    StringBuilder strings = new StringBuilder("\0");
    List<Integer> names = new ArrayList<>();
    for (String library : libraries) {
      names.add(strings.length());
      strings.append(library).append('\0');
    }
    int interpreterAt = strings.length();
    if (interpreter != null) {
      strings.append(interpreter).append('\0');
    }
    int segments = interpreter == null ? 2 : 3;
    int dynamicAt = 64 + segments * 56;
    int dynamicSize = (libraries.length + 2) * 16;
    int stringsAt = dynamicAt + dynamicSize;
    byte[] file = new byte[stringsAt + strings.length()];
    ByteBuffer elf = header(file);
    elf.putLong(32, 64).putShort(56, (short) segments);
    segment(elf, 64, 1, 0, file.length);
    segment(elf, 64 + 56, 2, dynamicAt, dynamicSize);
    if (interpreter != null) {
      segment(elf, 64 + 112, 3, stringsAt + interpreterAt, interpreter.length() + 1);
    }
    elf.position(dynamicAt);
    names.forEach(name -> elf.putLong(1).putLong(name));
    elf.putLong(5).putLong(BASE + stringsAt).putLong(0).putLong(0);
    elf.put(strings.toString().getBytes(StandardCharsets.ISO_8859_1));
    return file;
  }

  static byte[] module(String name, String... depends) {
    byte[] info =
        ("license=GPL\0depends=" + String.join(",", depends) + "\0name=" + name + "\0")
            .getBytes(StandardCharsets.ISO_8859_1);
    byte[] names = "\0.modinfo\0.shstrtab\0".getBytes(StandardCharsets.ISO_8859_1);
    int table = 64 + info.length + names.length;
    byte[] file = new byte[table + 3 * 64];
    ByteBuffer elf = header(file);
    elf.putLong(40, table).putShort(60, (short) 3).putShort(62, (short) 2);
    elf.position(64).put(info).put(names);
    section(elf, table + 64, 1, 64, info.length);
    section(elf, table + 128, 10, 64 + info.length, names.length);
    return file;
  }

  private static ByteBuffer header(byte[] file) {
    ByteBuffer elf = ByteBuffer.wrap(file);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
    return elf.order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void segment(ByteBuffer elf, int at, int type, int offset, int size) {
    elf.putInt(at, type).putLong(at + 8, offset).putLong(at + 16, BASE + offset);
    elf.putLong(at + 32, size).putLong(at + 40, size);
  }

  private static void section(ByteBuffer elf, int at, int name, int offset, int size) {
    elf.putInt(at, name).putLong(at + 24, offset).putLong(at + 32, size);
  }
}
