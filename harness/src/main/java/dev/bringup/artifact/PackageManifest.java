package dev.bringup.artifact;

import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What an unpacked package must consist of: lines of fields parted by tabs, the last of which is
 * the SHA-256 of those above, so that damage to the manifest itself shows.
 *
 * @param of the package
 * @param archiveSha256 of the .deb file, lower-case hex
 * @param entries by path; folders are not listed
 */
record PackageManifest(DebianPackage of, String archiveSha256, SortedMap<String, Entry> entries) {
  /** The manifest's name in the package's folder. */
  static final String FILE = "manifest";

  private static final String MAGIC = "bringup package 1";
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  PackageManifest {
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }

  /** A file or a link of a package. */
  sealed interface Entry {}

  /**
   * A regular file.
   *
   * @param mode permissions, 0 to 07777
   * @param size in bytes
   * @param sha256 of the content, lower-case hex
   */
  record File(int mode, long size, String sha256) implements Entry {}

  /** A symbolic link, which exists only here: nothing on disk can lead out of the cache. */
  record Link(String target) implements Entry {}

  String encode() {
    StringBuilder text = new StringBuilder(MAGIC).append('\n');
    line(text, "package", of.name(), of.version(), of.architecture(), archiveSha256);
    for (Map.Entry<String, Entry> e : entries.entrySet()) {
      switch (e.getValue()) {
        case File f ->
            line(
                text,
                "file",
                e.getKey(),
                Integer.toOctalString(f.mode()),
                Long.toString(f.size()),
                f.sha256());
        case Link l -> line(text, "link", e.getKey(), l.target());
      }
    }
    return text + "end\t" + Sha256.of(text.toString()) + "\n";
  }

  private static void line(StringBuilder text, String... fields) {
    text.append(String.join("\t", fields)).append('\n');
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IOException if it is damaged in any way
   */
  static PackageManifest decode(String text) throws IOException {
    int end = text.lastIndexOf("end\t");
    if (end < 0
        || !text.substring(end).equals("end\t" + Sha256.of(text.substring(0, end)) + "\n")) {
      throw new IOException("its check sum is wrong");
    }
    String[] lines = text.substring(0, end).split("\n", -1);
    try {
      String[] head = fields(lines[1], "package", 5);
      SortedMap<String, Entry> entries = new TreeMap<>();
      for (int i = 2; i < lines.length - 1; i++) {
        boolean link = lines[i].startsWith("link\t");
        String[] f = link ? fields(lines[i], "link", 3) : fields(lines[i], "file", 5);
        if (PackagePath.clean(f[1]).filter(f[1]::equals).isEmpty()) {
          throw new IOException("bad path in line " + (i + 1));
        }
        entries.put(
            f[1],
            link
                ? new Link(f[2])
                : new File(Integer.parseInt(f[2], 8), Long.parseLong(f[3]), sha256(f[4])));
      }
      return new PackageManifest(
          new DebianPackage(head[1], head[2], head[3]), sha256(head[4]), entries);
    } catch (RuntimeException e) {
      throw new IOException("it is not a manifest: " + e.getMessage(), e);
    }
  }

  private static String[] fields(String line, String kind, int count) throws IOException {
    String[] fields = line.split("\t", -1);
    if (fields.length != count || !fields[0].equals(kind)) {
      throw new IOException("not a line of a manifest: " + line);
    }
    return fields;
  }

  private static String sha256(String text) throws IOException {
    if (!SHA256.matcher(text).matches()) {
      throw new IOException("not a SHA-256: " + text);
    }
    return text;
  }
}
