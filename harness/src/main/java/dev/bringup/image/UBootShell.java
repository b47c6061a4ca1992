package dev.bringup.image;

import dev.bringup.verdict.BringupException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Words for U-Boot's shell (hush) and arguments for its {@code fdt} command, as U-Boot 2023.01 was
 * seen to read them.
 */
final class UBootShell {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:,@+-]+");

  /**
   * The command copies a value into a buffer of so many bytes and does not look whether it fits
   * (U-Boot, cmd/fdt.c, SCRATCHPAD); more of them crash the boot loader.
   */
  static final int MAX_VALUE = 1024;

  private UBootShell() {}

  /**
   * Text as one word that the shell passes on unchanged.
   *
   * @param what the text is, for the message
   * @throws BringupException of kind CONFIGURATION if it cannot be written
   */
  static String word(String what, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        throw BringupException.configuration(
            "%s: character %d (U+%04X) cannot be written in a U-Boot script; use printable ASCII"
                .formatted(ImageBytes.printable(what), i + 1, (int) c));
      }
    }
    if (PLAIN.matcher(text).matches()) {
      return text;
    }
    // A backslash escapes even between single quotes, but not a single quote there.
    return "'" + text.replace("\\", "\\\\").replace("'", "'\\''") + "'";
  }

  /** Arguments of {@code fdt set} that make a list of strings, each with a blank before it. */
  static String strings(String what, List<String> strings) {
    int size = strings.stream().mapToInt(s -> s.length() + 1).sum();
    if (strings.isEmpty() || size > MAX_VALUE) {
      throw BringupException.configuration(
          "%s: %d bytes; U-Boot's fdt command takes 1 to %d with their ending zeros"
              .formatted(ImageBytes.printable(what), size, MAX_VALUE));
    }
    if (strings.getFirst().startsWith("<") || strings.getFirst().startsWith("[")) {
      throw BringupException.configuration(
          "%s: U-Boot's fdt command cannot write a text that begins with < or ["
              .formatted(ImageBytes.printable(what)));
    }
    return strings.stream().map(s -> " " + word(what, s)).collect(Collectors.joining());
  }

  /** Arguments of {@code fdt set} that make a list of cells; nothing for an empty list. */
  static String cells(List<Integer> cells) {
    if (cells.isEmpty()) {
      return "";
    }
    if (cells.size() > MAX_VALUE / 4) {
      throw BringupException.configuration(
          "%d cells; U-Boot's fdt command takes at most %d".formatted(cells.size(), MAX_VALUE / 4));
    }
    // One quoted word: the number of words of a command is limited.
    return cells.stream()
        .map(cell -> "0x" + Integer.toHexString(cell))
        .collect(Collectors.joining(" ", " '<", ">'"));
  }

  /** Two cells for each 64-bit number. */
  static String longs(long... values) {
    return cells(
        LongStream.of(values)
            .boxed()
            .flatMap(v -> Stream.of((int) (v >>> 32), v.intValue()))
            .toList());
  }
}
