package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * A console with notes of who said what: each line has a name, a bar and bytes with control
 * characters escaped as in Java. Behind a name with nothing else, {@code -}, stand the bytes that
 * belong to nobody. All bytes together are the console as it was recorded.
 */
final class SplitText {
  private SplitText() {}

  /** The file without lines that begin with {@code #}. */
  static String golden(String name) throws IOException {
    try (InputStream in = SplitText.class.getResourceAsStream("/transcripts/" + name)) {
      assertThat(in).as(name).isNotNull();
      var text = new StringBuilder();
      new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(line -> text.append(line).append('\n'));
      return text.toString();
    }
  }

  /** The bytes of the file as they were recorded. */
  static byte[] input(String name) throws IOException {
    var bytes = new ByteArrayOutputStream();
    golden(name)
        .lines()
        .map(line -> line.substring(line.indexOf('|') + 1).translateEscapes())
        .forEach(text -> bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1)));
    return bytes.toByteArray();
  }

  /** Who said what of {@code all}. */
  static String of(byte[] all) {
    var owners = new String[all.length];
    Arrays.fill(owners, "-");
    var splitter =
        new ConsoleSplitter(
            0,
            (console, offset, bytes, from, count) -> {
              for (int i = 0; i < count; i++) {
                assertThat(bytes[from + i]).isEqualTo(all[(int) offset + i]);
                owners[(int) offset + i] = name(console);
              }
            });
    splitter.feed(all, 0, all.length);
    splitter.finish();
    var text = new StringBuilder();
    for (int i = 0; i < all.length; i++) {
      if (i == 0 || all[i - 1] == '\n' || !owners[i].equals(owners[i - 1])) {
        text.append(i == 0 ? "" : "\n").append(owners[i]).append('|');
      }
      escape(text, (char) (all[i] & 0xff));
    }
    return text.append('\n').toString().replaceAll("(?m) $", "\\\\s");
  }

  private static String name(int console) {
    return switch (console) {
      case ConsoleSplitter.FIRMWARE -> "firmware";
      case ConsoleSplitter.XEN -> "xen";
      default -> "dom" + console;
    };
  }

  private static void escape(StringBuilder text, char c) {
    switch (c) {
      case '\r' -> text.append("\\r");
      case '\n' -> text.append("\\n");
      case '\t' -> text.append("\\t");
      case '\\' -> text.append("\\\\");
      default -> {
        if (c >= 0x20 && c < 0x7f) {
          text.append(c);
        } else {
          text.append(String.format(Locale.ROOT, "\\%03o", (int) c));
        }
      }
    }
  }
}
