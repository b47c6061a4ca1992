package dev.bringup.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A cpio archive in the "newc" format that Linux unpacks as an initramfs (Linux,
 * Documentation/driver-api/early-userspace/buffer-format.rst). Entries keep the order in which they
 * were added; owner, group and time are 0 and inode numbers count from 1, so that equal content
 * gives equal bytes. No hard links.
 *
 * <p>The kernel makes no parent directories: add each directory before what lies in it.
 */
public final class CpioArchive {
  static final String MAGIC = "070701";
  static final String TRAILER = "TRAILER!!!";
  static final int DIRECTORY = 0040000;
  static final int FILE = 0100000;
  static final int SYMLINK = 0120000;
  static final int CHARACTER_DEVICE = 0020000;
  static final int BLOCK_DEVICE = 0060000;
  static final int TYPE_MASK = 0170000;

  /**
   * One entry.
   *
   * <p>{@code mode} holds type and permissions as in {@code stat(2)}; {@code major} and {@code
   * minor} are the numbers of a device node and 0 otherwise.
   */
  public static final class Entry {
    private final String name;
    private final int mode;
    private final byte[] content;
    private final int major;
    private final int minor;

    Entry(String name, int mode, byte[] content, int major, int minor) {
      this.name = name;
      this.mode = mode;
      this.content = content;
      this.major = major;
      this.minor = minor;
    }

    /** Path without leading slash. */
    public String name() {
      return name;
    }

    public int mode() {
      return mode;
    }

    /** A copy of a file's bytes; a symbolic link's target; empty for all else. */
    public byte[] content() {
      return content.clone();
    }

    /** Size of the content in bytes. */
    public int size() {
      return content.length;
    }

    public int major() {
      return major;
    }

    public int minor() {
      return minor;
    }

    public boolean isDirectory() {
      return (mode & TYPE_MASK) == DIRECTORY;
    }

    public boolean isFile() {
      return (mode & TYPE_MASK) == FILE;
    }

    public boolean isSymlink() {
      return (mode & TYPE_MASK) == SYMLINK;
    }

    byte[] rawContent() {
      return content;
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  /**
   * Reads an archive up to its trailer; what follows (padding, a further archive) is ignored.
   *
   * @throws ImageFormatException if it is malformed in any way
   */
  public static CpioArchive read(byte[] archive) {
    return new CpioReader(archive).read();
  }

  /** A directory with permissions such as {@code 0755}. */
  public CpioArchive directory(String name, int permissions) {
    return add(new Entry(name, DIRECTORY | permissions(permissions), new byte[0], 0, 0));
  }

  /** A regular file with permissions such as {@code 0644}. */
  public CpioArchive file(String name, int permissions, byte[] content) {
    return add(new Entry(name, FILE | permissions(permissions), content.clone(), 0, 0));
  }

  /** A symbolic link. */
  public CpioArchive symlink(String name, String target) {
    return add(new Entry(name, SYMLINK | 0777, target.getBytes(StandardCharsets.UTF_8), 0, 0));
  }

  /** A character device such as {@code dev/console} (5, 1). */
  public CpioArchive characterDevice(String name, int permissions, int major, int minor) {
    return add(
        new Entry(name, CHARACTER_DEVICE | permissions(permissions), new byte[0], major, minor));
  }

  /** A block device. */
  public CpioArchive blockDevice(String name, int permissions, int major, int minor) {
    return add(new Entry(name, BLOCK_DEVICE | permissions(permissions), new byte[0], major, minor));
  }

  private static int permissions(int permissions) {
    if ((permissions & ~07777) != 0) {
      throw new IllegalArgumentException("permissions are octal 0 to 07777: " + permissions);
    }
    return permissions;
  }

  CpioArchive add(Entry entry) {
    String name = entry.name();
    if (name.isEmpty() || name.startsWith("/") || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("not a relative path: \"" + name + "\"");
    }
    if (name.equals(TRAILER)) {
      throw new IllegalArgumentException("this name ends an archive: " + name);
    }
    if (!names.add(name)) {
      throw new IllegalArgumentException("two entries named " + name);
    }
    entries.add(entry);
    return this;
  }

  /** All entries in order. */
  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  public Optional<Entry> entry(String name) {
    return entries.stream().filter(e -> e.name().equals(name)).findFirst();
  }

  /** Writes the archive; does not close the stream. */
  public void writeTo(OutputStream out) throws IOException {
    int inode = 0;
    for (Entry entry : entries) {
      write(out, ++inode, entry);
    }
    write(out, 0, new Entry(TRAILER, 0, new byte[0], 0, 0));
  }

  private static void write(OutputStream out, int inode, Entry entry) throws IOException {
    byte[] name = (entry.name() + "\0").getBytes(StandardCharsets.UTF_8);
    byte[] content = entry.rawContent();
    int links = entry.isDirectory() ? 2 : 1;
    int[] fields = {
      inode,
      entry.mode(),
      0,
      0,
      links,
      0,
      content.length,
      0,
      0,
      entry.major(),
      entry.minor(),
      name.length,
      0
    };
    StringBuilder header = new StringBuilder(MAGIC);
    for (int field : fields) {
      header.append("%08X".formatted(field));
    }
    out.write(header.toString().getBytes(StandardCharsets.US_ASCII));
    out.write(name);
    pad(out, header.length() + name.length);
    out.write(content);
    pad(out, content.length);
  }

  private static void pad(OutputStream out, int written) throws IOException {
    out.write(new byte[-written & 3]);
  }

  /** The archive as bytes. */
  public byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return out.toByteArray();
  }
}
