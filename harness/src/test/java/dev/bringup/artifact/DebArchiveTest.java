package dev.bringup.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DebArchiveTest {
  private static final String SHA256 = "0".repeat(64);

  @TempDir Path folder;

  @Test
  void controlSaysWhichPackageItIs() {
    byte[] deb = new TestDeb("hello", "1:2.10-3", "all").bytes();
    assertThat(DebArchive.control(new ByteArrayInputStream(deb), "hello.deb"))
        .isEqualTo(new DebianPackage("hello", "1:2.10-3", "all"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "xz", "none"})
  void unpacksWhatDpkgDebPacked(String compression) throws IOException, InterruptedException {
    Tools.need("dpkg-deb", "dpkg");
    Path tree = folder.resolve("tree");
    String deep = "usr/share/" + "long-folder-name/".repeat(12) + "file";
    Map<String, String> files =
        Map.of("usr/bin/tool", "#!/bin/sh\n", deep, "deep\n", "etc/empty", "");
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = tree.resolve(file.getKey());
      Files.createDirectories(Disk.parent(path));
      Files.writeString(path, file.getValue());
    }
    Files.setPosixFilePermissions(
        tree.resolve("usr/bin/tool"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createLink(tree.resolve("usr/bin/same"), tree.resolve("usr/bin/tool"));
    Files.createSymbolicLink(tree.resolve("usr/bin/alias"), Path.of("tool"));
    Files.createSymbolicLink(tree.resolve("usr/lib"), Path.of("share"));
    Files.createDirectories(tree.resolve("DEBIAN"));
    Files.writeString(
        tree.resolve("DEBIAN/control"),
        "Package: tool\nVersion: 1\nArchitecture: arm64\nMaintainer: a <a@b.c>\nDescription: d\n");
    Path deb = folder.resolve("tool.deb");
    Tools.Result made =
        Tools.run("dpkg-deb", "-Z" + compression, "-b", tree.toString(), deb.toString());
    assertThat(made.exitCode()).as(made.output()).isZero();

    UnpackedPackage unpacked = unpack(deb);
    assertThat(unpacked.problems()).isEmpty();
    for (Map.Entry<String, String> file : files.entrySet()) {
      assertThat(text(unpacked, file.getKey())).isEqualTo(file.getValue());
    }
    assertThat(unpacked.file("usr/bin/alias")).contains("usr/bin/tool");
    assertThat(unpacked.file(deep.replace("usr/share", "usr/lib"))).contains(deep);
    assertThat(text(unpacked, "usr/bin/same")).isEqualTo("#!/bin/sh\n");
    assertThat(unpacked.entry("usr/bin/tool").mode()).isEqualTo(0755);
    assertThat(unpacked.matching("usr/bin/*"))
        .containsExactly("usr/bin/alias", "usr/bin/same", "usr/bin/tool");
  }

  @Test
  void linksNeverLeadOutOfThePackage() throws IOException {
    UnpackedPackage unpacked =
        unpack(
            TestDeb.arm64("p", "1")
                .file("./etc/passwd", "inside")
                .symlink("./up", "../../../../../etc/passwd")
                .symlink("./absolute", "/etc/passwd")
                .symlink("./loop", "loop")
                .writeTo(folder));
    assertThat(unpacked.file("up")).contains("etc/passwd");
    assertThat(unpacked.file("absolute")).contains("etc/passwd");
    assertThat(unpacked.file("loop")).isEmpty();
    try (Stream<Path> all = Files.walk(unpacked.folder())) {
      assertThat(all.filter(Files::isSymbolicLink)).isEmpty();
    }
  }

  @Test
  void pathsThatLeadOutAreRefusedAndNothingIsLeft() {
    refused(TestDeb.arm64("p", "1").file("./a/../../evil", "x"), "a path that leads out of it");
    refused(TestDeb.arm64("p", "1").file("/evil", "x"), "a path that leads out of it");
    refused(
        TestDeb.arm64("p", "1").file("./ok", "x").hardLink("./evil", "../ok"),
        "a path that leads out of it");
    refused(TestDeb.arm64("p", "1").hardLink("./evil", "./nothing"), "hard link to something");
    refused(
        TestDeb.arm64("p", "1").symlink("./d", "/tmp").file("./d/evil", "x"),
        "a file below something that is no folder");
    refused(TestDeb.arm64("p", "1").file("./twice", "x").file("./twice", "y"), "two entries");
    refused(TestDeb.arm64("p", "1").file("./f", "x").file("./f/below", "y"), "no folder");
    refused(TestDeb.arm64("p", "1").fifo("./fifo"), "a device or the like");
    refused(TestDeb.arm64("p", "1").symlink("./l", "a\nb"), "bad target");
  }

  private void refused(TestDeb deb, String why) {
    Path file = deb.writeTo(folder.resolve("bad"));
    assertThatThrownBy(() -> unpack(file))
        .isInstanceOf(BringupException.class)
        .hasMessageStartingWith("p_1.deb is not an intact Debian package")
        .hasMessageContaining(why);
    assertThat(folder.resolve("cache")).isEmptyDirectory();
  }

  @Test
  void zstdIsRefusedByName() {
    byte[] deb = TestDeb.arm64("p", "1").file("./f", "x").bytes("data.tar.zst");
    assertThatThrownBy(() -> data(deb))
        .hasMessageContaining("data.tar.zst is compressed in a way that is not read here");
  }

  @Test
  void aPackageCutAnywhereIsRefused() {
    byte[] deb = TestDeb.arm64("p", "1").file("./f", "content").symlink("./l", "f").bytes();
    for (int length = 0; length < deb.length - 1; length++) {
      byte[] cut = Arrays.copyOf(deb, length);
      assertThatThrownBy(() -> data(cut))
          .as("cut to %d bytes", length)
          .isInstanceOfSatisfying(
              BringupException.class,
              e -> assertThat(e.kind()).isEqualTo(FailureKind.INFRASTRUCTURE));
    }
  }

  private static void data(byte[] deb) {
    DebArchive.data(new ByteArrayInputStream(deb), "p.deb", new CountingSink());
  }

  private UnpackedPackage unpack(Path deb) throws IOException {
    Path target = Files.createDirectories(folder.resolve("cache")).resolve("p_1_arm64");
    DebUnpacking.into(target, deb, new DebianPackage("p", "1", "arm64"), SHA256);
    return UnpackedPackage.open(target);
  }

  private static String text(UnpackedPackage unpacked, String path) {
    return new String(unpacked.read(unpacked.file(path).orElseThrow()), StandardCharsets.UTF_8);
  }
}
