package dev.bringup.image;

import dev.bringup.verdict.BringupException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The entries of a FAT volume's root folder (Microsoft, FAT32 File System Specification 1.03, "FAT
 * Directory Structure" and "FAT Long Directory Entries").
 */
final class FatFolder {
  /** Size of an entry in bytes. */
  static final int ENTRY = 32;

  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,98}[A-Za-z0-9_-]|[A-Za-z0-9_]");
  private static final Pattern SHORT =
      Pattern.compile("([a-z0-9_-]{1,8})(?:\\.([a-z0-9_-]{1,3}))?");
  private static final int LONG_PIECE = 13;

  /** Offsets of the characters of a long entry. */
  private static final int[] LONG_PLACES = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};

  private static final byte LABEL = 0x08;
  private static final byte LONG = 0x0f;
  private static final byte ARCHIVE = 0x20;
  private static final short FIRST_DAY = 0x21; // 1980-01-01
  private static final byte LOWER_CASE = 0x18; // name and extension, as Windows NT writes it

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Set<String> aliases = new HashSet<>();
  private final Set<String> names = new HashSet<>();

  /** An empty folder but for the volume's label. */
  FatFolder(String label) {
    out.writeBytes(entry(padded(label, 11), LABEL, (byte) 0, 0, 0));
  }

  /** The size in bytes of a folder with a label and these files. */
  static long size(Collection<String> names) {
    long entries = 1;
    for (String name : names) {
      entries += 1 + (isShort(name) ? 0 : pieces(name));
    }
    return entries * ENTRY;
  }

  /** Adds a file that lies from {@code cluster} on. */
  void add(String name, long cluster, int size) {
    if (!NAME.matcher(name).matches()) {
      throw BringupException.configuration(
          "file \"%s\": a FAT volume gets names of 1 to 100 letters, digits and ._-"
              .formatted(ImageBytes.printable(name)));
    }
    if (!names.add(name.toLowerCase(Locale.ROOT))) {
      throw BringupException.configuration(
          "two files are named %s, apart from capital letters".formatted(name));
    }
    var form = SHORT.matcher(name);
    if (form.matches()) {
      String extension = form.group(2) == null ? "" : form.group(2);
      String both = padded(form.group(1), 8) + padded(extension, 3);
      out.writeBytes(entry(both.toUpperCase(Locale.ROOT), ARCHIVE, LOWER_CASE, cluster, size));
      return;
    }
    String alias = alias(name);
    writeLong(name, checksum(alias));
    out.writeBytes(entry(alias, ARCHIVE, (byte) 0, cluster, size));
  }

  /** Whether the name needs no long entries. Only lower case is looked for: it is what we have. */
  private static boolean isShort(String name) {
    return SHORT.matcher(name).matches();
  }

  private static int pieces(String name) {
    return (name.length() + LONG_PIECE - 1) / LONG_PIECE;
  }

  /** A short name that no other file has: their own names have no tilde. */
  private String alias(String name) {
    int dot = name.lastIndexOf('.');
    String base = (dot < 0 ? name : name.substring(0, dot)).replace(".", "");
    String extension = dot < 0 ? "" : name.substring(dot + 1);
    for (int number = 1; ; number++) {
      String tail = "~" + number;
      String head = base.substring(0, Math.min(base.length(), 8 - tail.length()));
      String alias =
          padded(head + tail, 8)
              + padded(extension.substring(0, Math.min(3, extension.length())), 3);
      if (aliases.add(alias.toUpperCase(Locale.ROOT))) {
        return alias.toUpperCase(Locale.ROOT);
      }
    }
  }

  private void writeLong(String name, byte checksum) {
    int pieces = pieces(name);
    for (int piece = pieces; piece >= 1; piece--) {
      ByteBuffer entry = ByteBuffer.allocate(ENTRY).order(ByteOrder.LITTLE_ENDIAN);
      entry.put(0, (byte) (piece == pieces ? 0x40 | piece : piece));
      entry.put(11, LONG).put(13, checksum);
      for (int i = 0; i < LONG_PIECE; i++) {
        int at = (piece - 1) * LONG_PIECE + i;
        // The name ends with a zero, and what is behind that is filled with ones.
        char c = at < name.length() ? name.charAt(at) : at == name.length() ? '\0' : '\uffff';
        entry.putChar(LONG_PLACES[i], c);
      }
      out.writeBytes(entry.array());
    }
  }

  private static byte checksum(String shortName) {
    int sum = 0;
    for (byte b : shortName.getBytes(StandardCharsets.US_ASCII)) {
      sum = ((sum & 1) << 7 | sum >> 1) + (b & 0xff) & 0xff;
    }
    return (byte) sum;
  }

  private static byte[] entry(
      String shortName, byte attributes, byte cases, long cluster, int size) {
    return ByteBuffer.allocate(ENTRY)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(shortName.getBytes(StandardCharsets.US_ASCII))
        .put(attributes)
        .put(cases)
        .putShort(16, FIRST_DAY) // created
        .putShort(18, FIRST_DAY) // read
        .putShort(20, (short) (cluster >> 16))
        .putShort(24, FIRST_DAY) // written
        .putShort(26, (short) cluster)
        .putInt(28, size)
        .array();
  }

  private static String padded(String text, int size) {
    return text + " ".repeat(size - text.length());
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
