package dev.bringup.artifact;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Makes small Debian packages with Commons Compress. */
final class TestDeb {
  private final String name;
  private final String version;
  private final String architecture;
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar = new TarArchiveOutputStream(data);

  TestDeb(String name, String version, String architecture) {
    this.name = name;
    this.version = version;
    this.architecture = architecture;
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
  }

  static TestDeb arm64(String name, String version) {
    return new TestDeb(name, version, "arm64");
  }

  TestDeb file(String path, String content) {
    return file(path, 0644, content.getBytes(StandardCharsets.UTF_8));
  }

  TestDeb file(String path, int mode, byte[] content) {
    TarArchiveEntry entry = new TarArchiveEntry(path, true);
    entry.setMode(mode);
    entry.setSize(content.length);
    return put(entry, content);
  }

  TestDeb folder(String path) {
    return put(new TarArchiveEntry(path + "/", true), new byte[0]);
  }

  TestDeb symlink(String path, String target) {
    return link(path, target, TarConstants.LF_SYMLINK);
  }

  TestDeb hardLink(String path, String target) {
    return link(path, target, TarConstants.LF_LINK);
  }

  TestDeb fifo(String path) {
    return put(new TarArchiveEntry(path, TarConstants.LF_FIFO), new byte[0]);
  }

  private TestDeb link(String path, String target, byte type) {
    TarArchiveEntry entry = new TarArchiveEntry(path, type, true);
    entry.setLinkName(target);
    return put(entry, new byte[0]);
  }

  private TestDeb put(TarArchiveEntry entry, byte[] content) {
    try {
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  byte[] bytes() {
    return bytes("data.tar.gz");
  }

  /** The package with its data under another member name, compressed by gzip all the same. */
  byte[] bytes(String dataName) {
    try {
      tar.finish();
      TarBytes control = new TarBytes();
      control.add(
          "./control",
          "Package: %s\nVersion: %s\nArchitecture: %s\nDescription: a test\n"
              .formatted(name, version, architecture));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (ArArchiveOutputStream ar = new ArArchiveOutputStream(out)) {
        member(ar, "debian-binary", "2.0\n".getBytes(StandardCharsets.US_ASCII));
        member(ar, "control.tar.gz", gzip(control.bytes()));
        member(ar, dataName, gzip(data.toByteArray()));
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path writeTo(Path folder) {
    try {
      Files.createDirectories(folder);
      return Files.write(
          folder.resolve(name + "_" + version.replace(":", "%3a") + ".deb"), bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void member(ArArchiveOutputStream ar, String name, byte[] content)
      throws IOException {
    ar.putArchiveEntry(new ArArchiveEntry(name, content.length, 0, 0, 0100644, 0));
    ar.write(content);
    ar.closeArchiveEntry();
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }

  /** A tar in memory. */
  private static final class TarBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(out);

    void add(String path, String content) throws IOException {
      byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
      TarArchiveEntry entry = new TarArchiveEntry(path);
      entry.setSize(bytes.length);
      tar.putArchiveEntry(entry);
      tar.write(bytes);
      tar.closeArchiveEntry();
    }

    byte[] bytes() throws IOException {
      tar.finish();
      return out.toByteArray();
    }
  }
}
