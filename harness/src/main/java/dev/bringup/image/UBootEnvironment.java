package dev.bringup.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * U-Boot's environment as text ({@code env export -t}) and as the stored block with its checksum
 * (U-Boot, include/env_internal.h), for little-endian boards. Values are bytes, one character each.
 *
 * @param variables names and values in order
 */
public record UBootEnvironment(Map<String, String> variables) {
  private static final String TEXT = "environment text";
  private static final String BLOCK = "environment block";

  /** How a block is laid out. */
  public enum Layout {
    /** Checksum and data. */
    SINGLE(4),
    /** Checksum, a flag byte, and data: one of two copies. */
    REDUNDANT(5);

    private final int headerSize;

    Layout(int headerSize) {
      this.headerSize = headerSize;
    }
  }

  public UBootEnvironment {
    variables.forEach(UBootEnvironment::require);
    variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
  }

  /**
   * Reads lines {@code name=value}; blank lines and lines that begin with {@code #} are skipped, a
   * backslash in a value takes the next byte as it is, a zero byte ends the text, and LF and CR LF
   * both end a line. The last line of a name counts.
   *
   * @throws ImageFormatException at the first line that is neither
   */
  public static UBootEnvironment fromText(byte[] text) {
    return new UBootEnvironment(read(new ImageBytes(TEXT, text), 0, '\n'));
  }

  /** Lines {@code name=value}, each ended by LF, as {@code env export -t} without its last zero. */
  public byte[] toText() {
    return list('\n').toByteArray();
  }

  /**
   * Reads a stored block; its size is that of the array.
   *
   * @throws ImageFormatException if the checksum or the list is wrong
   */
  public static UBootEnvironment fromBlock(byte[] block, Layout layout) {
    ImageBytes in = new ImageBytes(BLOCK, block);
    in.need(0, layout.headerSize + 2L, "the header");
    int stated = in.le32(0, "");
    int crc = in.crc32(layout.headerSize, block.length - layout.headerSize, "");
    if (stated != crc) {
      throw in.wrong(0, "wrong checksum 0x%08x".formatted(stated), "0x%08x".formatted(crc));
    }
    return new UBootEnvironment(read(in, layout.headerSize, '\0'));
  }

  /**
   * The stored block.
   *
   * @param size of the whole block in bytes
   * @param padding what fills it: 0xff for erased flash, 0 as {@code env export -c} does
   * @param flag the flag byte of a redundant block, 1 is active; ignored for a single one
   * @throws IllegalArgumentException if the variables do not fit
   */
  public byte[] toBlock(int size, Layout layout, int padding, int flag) {
    ByteArrayOutputStream list = list('\0');
    if (variables.isEmpty()) {
      list.write(0);
    }
    list.write(0);
    if (list.size() > size - layout.headerSize) {
      throw new IllegalArgumentException(
          "the environment needs %d bytes, the block has room for %d"
              .formatted(list.size(), size - layout.headerSize));
    }
    ByteBuffer block = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.fill(block.array(), (byte) padding);
    if (layout == Layout.REDUNDANT) {
      block.put(4, (byte) flag);
    }
    block.put(layout.headerSize, list.toByteArray());
    int crc = ImageBytes.crc32(block.array(), layout.headerSize, size - layout.headerSize);
    return block.putInt(0, crc).array();
  }

  // In both forms a backslash takes the next byte as it is (U-Boot, lib/hashtable.c).
  private ByteArrayOutputStream list(char separator) {
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    String end = String.valueOf(separator);
    variables.forEach((name, value) -> {
      String escaped = value.replace("\\", "\\\\");
      if (separator == '\n') {
        escaped = escaped.replace("\n", "\\\n").replace("\r", "\\\r");
      }
      list.writeBytes((name + "=" + escaped + end).getBytes(StandardCharsets.ISO_8859_1));
    });
    return list;
  }

  private static Map<String, String> read(ImageBytes in, int start, char separator) {
    Map<String, String> variables = new LinkedHashMap<>();
    boolean text = separator == '\n';
    int at = start;
    while (true) {
      int lineStart = at;
      StringBuilder line = new StringBuilder();
      int equals = -1;
      int c = next(in, at++, text);
      while (c != separator && c != 0) {
        if (c == '=' && equals < 0) {
          equals = line.length();
        } else if (c == '\\' && equals >= 0 && next(in, at, text) != 0) {
          c = next(in, at++, text);
        } else if (c == '\r' && text && next(in, at, true) == '\n') {
          break;
        }
        line.append((char) c);
        c = next(in, at++, text);
      }
      if (c == '\r') {
        at++;
      }
      boolean skipped = text && (line.isEmpty() || line.charAt(0) == '#');
      if (!skipped && !line.isEmpty()) {
        if (equals < 1) {
          throw in.wrong(
              lineStart,
              "\"%s\" is not a variable"
                  .formatted(ImageBytes.printable(line.substring(0, Math.min(40, line.length())))),
              "name=value");
        }
        variables.put(line.substring(0, equals), line.substring(equals + 1));
      }
      boolean ended = text ? c == 0 : line.isEmpty();
      if (ended) {
        return variables;
      }
    }
  }

  /** A byte; a text ends at its last byte as if a zero followed, a block must have its zero. */
  private static int next(ImageBytes in, int at, boolean text) {
    return text && at >= in.length() ? 0 : in.u8(at, "the list of variables");
  }

  private static void require(String name, String value) {
    List<String> problems = new ArrayList<>();
    if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
      problems.add("name");
    }
    if (value.indexOf('\0') >= 0) {
      problems.add("value");
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "not an environment variable's " + String.join(" and ", problems) + ": " + name);
    }
  }
}
