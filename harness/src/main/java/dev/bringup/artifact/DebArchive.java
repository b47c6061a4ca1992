package dev.bringup.artifact;

import dev.bringup.verdict.BringupException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Reads a Debian binary package (deb(5)): an ar archive of {@code debian-binary}, {@code
 * control.tar} and {@code data.tar}, compressed by gzip or xz or not at all. Reads forwards only.
 * All failures are infrastructure errors that name the package.
 */
final class DebArchive {
  private static final String AR_MAGIC = "!<arch>\n";
  private static final int AR_HEADER = 60;
  private static final int LONGEST_CONTROL = 1 << 20;
  private static final int XZ_MEMORY_KIB = 256 * 1024; // xz -9 needs 64 MiB

  private DebArchive() {}

  /** Receives the content of a package. Its own failures pass through as they are. */
  interface Sink {
    /** A regular file, whose content {@code content} reads to the end. */
    void file(String path, int mode, TarReader content);

    /** The file {@code path} has the content of {@code earlier}, a file that came before. */
    void sameFile(String path, String earlier);

    /** A symbolic link. */
    void link(String path, String target);
  }

  /** Who the package says that it is. */
  static DebianPackage control(InputStream deb, String name) {
    try {
      TarReader tar = new TarReader(member(deb, "control.tar"));
      for (Optional<TarReader.Entry> e = tar.next(); e.isPresent(); e = tar.next()) {
        if (PackagePath.clean(e.get().name()).filter("control"::equals).isPresent()) {
          return fields(text(tar));
        }
      }
      throw new IOException("no control file in it");
    } catch (IOException | RuntimeException e) {
      throw damaged(name, e);
    }
  }

  /** Hands all files and links of the package to {@code sink}, with clean relative paths. */
  static void data(InputStream deb, String name, Sink sink) {
    try {
      TarReader tar = new TarReader(member(deb, "data.tar"));
      for (Optional<TarReader.Entry> e = tar.next(); e.isPresent(); e = tar.next()) {
        hand(e.get(), tar, sink);
      }
      tar.finish();
    } catch (BringupException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw damaged(name, e);
    }
  }

  private static void hand(TarReader.Entry entry, TarReader tar, Sink sink) throws IOException {
    String path = confined(entry.name());
    switch (entry.type()) {
      case FILE -> sink.file(path, entry.mode(), tar);
      case HARD_LINK -> sink.sameFile(path, confined(entry.target()));
      case SYMBOLIC_LINK -> {
        if (entry.target().isEmpty() || entry.target().chars().anyMatch(c -> c < ' ')) {
          throw new IOException("bad target of the link " + path);
        }
        sink.link(path, entry.target());
      }
      case FOLDER -> {}
      case OTHER -> throw new IOException("a device or the like: " + path);
    }
  }

  private static String confined(String name) throws IOException {
    return PackagePath.clean(name)
        .orElseThrow(() -> new IOException("a path that leads out of it: " + printable(name)));
  }

  private static String printable(String name) {
    String head = name.length() > 100 ? name.substring(0, 100) + "..." : name;
    return head.replaceAll("\\p{Cntrl}", "?");
  }

  private static InputStream member(InputStream deb, String wanted) throws IOException {
    if (!ascii(deb.readNBytes(AR_MAGIC.length())).equals(AR_MAGIC)) {
      throw new IOException("it does not begin as one");
    }
    boolean first = true;
    while (true) {
      String header = ascii(deb.readNBytes(AR_HEADER));
      if (header.length() < AR_HEADER) {
        throw new EOFException("no " + wanted + " in it");
      }
      String name = header.substring(0, 16).strip().replaceFirst("/$", "");
      if (first != name.equals("debian-binary") || !header.endsWith("`\n")) {
        throw new IOException("a wrong ar header");
      }
      first = false;
      long size = size(header);
      if (name.startsWith(wanted)) {
        return unpacked(new Limited(deb, size), name);
      }
      deb.skipNBytes(size + (size & 1));
    }
  }

  private static long size(String header) throws IOException {
    try {
      long size = Long.parseLong(header.substring(48, 58).strip());
      if (size >= 0) {
        return size;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new IOException("a wrong size in an ar header");
  }

  private static InputStream unpacked(InputStream in, String name) throws IOException {
    return switch (name.substring(name.indexOf(".tar"))) {
      case ".tar" -> in;
      case ".tar.gz" -> new GZIPInputStream(in, 1 << 16);
      case ".tar.xz" -> new XZInputStream(in, XZ_MEMORY_KIB);
      default ->
          throw new IOException(
              name + " is compressed in a way that is not read here (xz and gz are)");
    };
  }

  private static String text(TarReader tar) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[4096];
    for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
      out.write(buffer, 0, n);
      if (out.size() > LONGEST_CONTROL) {
        throw new IOException("a control file of more than " + LONGEST_CONTROL + " bytes");
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static DebianPackage fields(String control) throws IOException {
    return new DebianPackage(
        field(control, "Package"), field(control, "Version"), field(control, "Architecture"));
  }

  private static String field(String control, String name) throws IOException {
    return ControlText.field(control, name)
        .orElseThrow(() -> new IOException("its control file has no " + name));
  }

  private static String ascii(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static BringupException damaged(String name, Exception cause) {
    return BringupException.infrastructure(
        name + " is not an intact Debian package: " + cause.getMessage(),
        "remove it and fetch it again; dpkg-deb --info tells more",
        cause);
  }

  /** At most so many bytes of another stream. */
  private static final class Limited extends InputStream {
    private final InputStream in;
    private long left;

    Limited(InputStream in, long left) {
      this.in = in;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      if (left == 0) {
        return length == 0 ? 0 : -1;
      }
      int n = in.read(buffer, from, (int) Math.min(length, left));
      if (n < 0) {
        throw new EOFException("it ends too early");
      }
      left -= n;
      return n;
    }
  }
}
