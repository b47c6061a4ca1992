package dev.bringup.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpioArchiveTest {
  @TempDir private Path dir;

  private static CpioArchive sample() {
    return new CpioArchive()
        .directory("dev", 0755)
        .characterDevice("dev/console", 0600, 5, 1)
        .blockDevice("dev/vda", 0660, 254, 0)
        .directory("bin", 0755)
        .file("bin/busybox", 0755, new byte[] {1, 2, 3, 4, 5})
        .symlink("bin/sh", "busybox")
        .file("init", 0755, "#!/bin/sh\necho hi\n".getBytes(UTF_8))
        .file("empty", 0644, new byte[0]);
  }

  @Test
  void theHeaderIsTheKernelsNewcByteForByte() {
    byte[] archive = new CpioArchive().file("a", 0644, new byte[] {'x'}).encode();

    assertThat(new String(archive, UTF_8))
        .isEqualTo(
            "07070100000001000081A400000000000000000000000100000000000000010000000000000000"
                + "00000000000000000000000200000000a\0x\0\0\0"
                + "0707010000000000000000000000000000000000000001000000000000000000000000"
                + "000000000000000000000000"
                + "0000000B00000000TRAILER!!!\0\0\0\0");
  }

  @Test
  void whatIsWrittenIsReadBackInOrder() {
    byte[] archive = sample().encode();
    CpioArchive read = CpioArchive.read(archive);

    assertThat(read.encode()).isEqualTo(archive).isEqualTo(sample().encode());
    assertThat(read.entries())
        .extracting(CpioArchive.Entry::name)
        .containsExactly(
            "dev", "dev/console", "dev/vda", "bin", "bin/busybox", "bin/sh", "init", "empty");
    CpioArchive.Entry console = read.entry("dev/console").orElseThrow();
    assertThat(console.mode()).isEqualTo(0020600);
    assertThat(console.major()).isEqualTo(5);
    assertThat(console.minor()).isEqualTo(1);
    assertThat(read.entry("bin/sh").orElseThrow().isSymlink()).isTrue();
    assertThat(read.entry("bin/sh").orElseThrow().content()).isEqualTo("busybox".getBytes(UTF_8));
  }

  @Test
  void everyCutIsRefused() {
    byte[] archive = sample().encode();
    // The padding behind the trailer may be missing.
    Damage.cutEverywhere(archive, archive.length - 3, CpioArchive::read);
  }

  @Test
  void randomChangesAreReadOrRefused() {
    Damage.changeAnywhere(sample().encode(), 20_000, CpioArchive::read);
  }

  @Test
  void aMalformedArchiveNamesTheOffset() {
    byte[] archive = sample().encode();
    byte[] oldFormat = archive.clone();
    oldFormat[5] = '7';
    assertThatThrownBy(() -> CpioArchive.read(oldFormat))
        .hasMessageContaining("offset 0x0: wrong magic \"070707\"; expected 070701 (newc)");
    byte[] badDigit = archive.clone();
    badDigit[6 + 54] = 'g';
    assertThatThrownBy(() -> CpioArchive.read(badDigit))
        .hasMessageContaining("offset 0x3c: not a hexadecimal digit");
  }

  @Test
  void namesThatNoArchiveCanHoldAreRefused() {
    CpioArchive archive = new CpioArchive().directory("bin", 0755);
    assertThatThrownBy(() -> archive.directory("bin", 0755)).hasMessageContaining("two entries");
    assertThatThrownBy(() -> archive.directory("/bin", 0755)).hasMessageContaining("relative");
    assertThatThrownBy(() -> archive.directory("", 0755)).hasMessageContaining("relative");
    assertThatThrownBy(() -> archive.file("TRAILER!!!", 0644, new byte[0]))
        .hasMessageContaining("ends an archive");
    assertThatThrownBy(() -> archive.file("x", 0100644, new byte[0]))
        .hasMessageContaining("permissions");
  }

  @Test
  void debiansCpioListsAndUnpacksIt() throws IOException, InterruptedException {
    Peer.require("cpio", "cpio");
    Path out = Files.createDirectory(dir.resolve("out"));
    Files.write(dir.resolve("a.cpio"), sample().encode());

    assertThat(Peer.run(dir, "cpio", "-itv", "-F", "a.cpio").replaceAll(" +", " "))
        .contains("drwxr-xr-x 2 root root 0 Jan 1 1970 dev\n")
        .contains("crw------- 1 root root 5, 1 Jan 1 1970 dev/console\n")
        .contains("brw-rw---- 1 root root 254, 0 Jan 1 1970 dev/vda\n")
        .contains("-rwxr-xr-x 1 root root 5 Jan 1 1970 bin/busybox\n")
        .contains("lrwxrwxrwx 1 root root 7 Jan 1 1970 bin/sh -> busybox\n");
    Peer.run(out, "cpio", "-id", "--no-preserve-owner", "-F", "../a.cpio", "bin*", "init");
    assertThat(Files.readAllBytes(out.resolve("bin/busybox"))).containsExactly(1, 2, 3, 4, 5);
    assertThat(Files.readSymbolicLink(out.resolve("bin/sh"))).isEqualTo(Path.of("busybox"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out.resolve("init"))))
        .startsWith("rwx");
  }

  @Test
  void whatDebiansCpioPacksIsRead() throws IOException, InterruptedException {
    Peer.require("cpio", "cpio");
    Files.createDirectories(dir.resolve("d"));
    Files.writeString(dir.resolve("d/f"), "text");
    Files.writeString(dir.resolve("list"), "d\nd/f\n");
    Peer.run(dir, "sh", "-c", "cpio -o -H newc < list > theirs.cpio");

    CpioArchive read = CpioArchive.read(Files.readAllBytes(dir.resolve("theirs.cpio")));
    assertThat(read.entry("d").orElseThrow().isDirectory()).isTrue();
    assertThat(read.entry("d/f").orElseThrow().content()).isEqualTo("text".getBytes(UTF_8));
  }
}
