package dev.bringup.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Disks with a FAT partition, as the tools of Debian see them. */
class BootDiskTest {
  private static final long MIB = 1 << 20;

  @TempDir private Path dir;

  private static SortedMap<String, byte[]> files() {
    var files = new TreeMap<String, byte[]>();
    var random = new Random(1);
    files.put("config.txt", "enable_uart=1\n".getBytes(StandardCharsets.UTF_8));
    files.put("empty", new byte[0]);
    files.put("BCM2711-rpi-4-b.dtb", bytes(random, 27_386));
    files.put("bcm2711-rpi-400.dtb", bytes(random, 512));
    files.put("bcm2711-rpi-cm4.dtb", bytes(random, 513));
    files.put("u-boot.bin", bytes(random, 620_328));
    files.put("a.name.with.dots.and.exactly39characters", bytes(random, 3));
    return files;
  }

  private static byte[] bytes(Random random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  /** The disk from byte {@code from} on as a file, with rubbish in its free space as on a card. */
  private Path file(BootDisk disk, long from) throws IOException {
    Path image = dir.resolve("disk.img");
    try (FileChannel out =
        FileChannel.open(image, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      byte[] rubbish = bytes(new Random(2), 4 << 20);
      var _ = out.write(ByteBuffer.wrap(new byte[1]), disk.size() - from - 1);
      var _ = out.write(ByteBuffer.wrap(rubbish), 0);
      byte[] content = disk.content();
      int first = Math.toIntExact(from);
      var _ = out.write(ByteBuffer.wrap(content, first, content.length - first), 0);
    }
    return image;
  }

  /** The sizes are those around which the kind and the size of clusters change. */
  @ParameterizedTest
  @CsvSource({"8,FAT16", "32,FAT16", "33,FAT16", "34,FAT32", "64,FAT32", "261,FAT32", "262,FAT32"})
  void everyToolFindsTheFiles(long mib, String kind) throws IOException, InterruptedException {
    Peer.require("mcopy", "mtools");
    SortedMap<String, byte[]> files = files();
    BootDisk disk = BootDisk.of(files, mib * MIB);
    assertThat(disk.kind()).isEqualTo(kind);
    Path image = file(disk, 0);
    Path out = Files.createDirectory(dir.resolve("out"));
    Peer.run(dir, "mcopy", "-i", image + "@@1M", "::*", out.toString());
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      assertThat(out.resolve(file.getKey())).hasBinaryContent(file.getValue());
    }
    try (var copied = Files.list(out)) {
      assertThat(copied).hasSize(files.size());
    }
  }

  @ParameterizedTest
  @CsvSource({"8,FAT (16 bit)", "33,FAT (16 bit)", "34,FAT (32 bit)", "262,FAT (32 bit)"})
  void fsckFindsNothingToMend(long mib, String words) throws IOException, InterruptedException {
    Peer.require("fsck.vfat", "dosfstools");
    Peer.require("file", "file");
    BootDisk disk = BootDisk.of(files(), mib * MIB);
    Path volume = file(disk, BootDisk.PARTITION);
    String checked = Peer.run(dir, "fsck.vfat", "-n", "-v", volume.toString());
    assertThat(checked).contains(files().size() + 1 + " files").doesNotContain("Dirty bit");
    assertThat(Peer.run(dir, "file", volume.toString())).contains(words).contains("BRINGUP");
  }

  @Test
  void thePartitionTableIsOneThatToolsTakeAndMarkedForUBoot()
      throws IOException, InterruptedException {
    Peer.require("sfdisk", "fdisk");
    Path image = file(BootDisk.of(files(), 64 * MIB), 0);
    Peer.run(dir, "sfdisk", "--verify", image.toString());
    assertThat(Peer.run(dir, "sfdisk", "--dump", image.toString()))
        .contains("label: dos")
        .containsPattern("start= +2048, size= +129024, type=c, bootable");
    assertThat(BootDisk.of(files(), 8 * MIB).content()[450]).isEqualTo((byte) 0x0e);
  }

  @Test
  void aFolderOfManyFilesGoesBeyondItsFirstCluster() throws IOException, InterruptedException {
    Peer.require("mdir", "mtools");
    var files = new TreeMap<String, byte[]>();
    for (int i = 0; i < 120; i++) {
      files.put("overlay-with-a-long-name-%03d.dtbo".formatted(i), new byte[] {(byte) i});
    }
    Path image = file(BootDisk.of(files, 40 * MIB), 0);
    assertThat(Peer.run(dir, "mdir", "-b", "-i", image + "@@1M", "::").lines())
        .containsExactlyElementsOf(files.keySet().stream().map(n -> "::/" + n).toList());
    // FAT16 has room for 512 entries, of which each of these files takes four.
    for (int i = 120; i < 130; i++) {
      files.put("overlay-with-a-long-name-%03d.dtbo".formatted(i), new byte[0]);
    }
    refused(() -> BootDisk.of(files, 8 * MIB), "130 files are too many");
  }

  @Test
  void equalFilesGiveEqualBytesAndOthersAnotherSerialNumber() {
    byte[] first = BootDisk.of(files(), 64 * MIB).content();
    assertThat(BootDisk.of(files(), 64 * MIB).content()).isEqualTo(first);
    SortedMap<String, byte[]> changed = files();
    changed.put("empty", new byte[] {1});
    byte[] second = BootDisk.of(changed, 64 * MIB).content();
    int serial = (int) BootDisk.PARTITION + 67;
    assertThat(Arrays.copyOfRange(second, serial, serial + 4))
        .isNotEqualTo(Arrays.copyOfRange(first, serial, serial + 4));
    assertThat(Arrays.copyOfRange(second, 440, 444))
        .isNotEqualTo(Arrays.copyOfRange(first, 440, 444));
  }

  @Test
  void whatCannotBeIsRefusedInWords() {
    refused(() -> BootDisk.of(files(), 7 * MIB), "right is a multiple of 1 MiB from 8 MiB");
    refused(() -> BootDisk.of(files(), 8 * MIB + 512), "right is a multiple of 1 MiB");
    refused(
        () -> BootDisk.of(new TreeMap<>(Map.of("big", new byte[8 << 20])), 8 * MIB),
        "the files need 8388608 bytes, and the volume has room for 7264768");
    for (String name :
        new String[] {"a/b", "a:b", "über", "ends.", ".hidden", "", "x".repeat(101)}) {
      refused(
          () -> BootDisk.of(new TreeMap<>(Map.of(name, new byte[1])), 8 * MIB),
          "1 to 100 letters, digits and ._-");
    }
    refused(
        () ->
            BootDisk.of(
                new TreeMap<>(Map.of("Boot.scr", new byte[1], "boot.scr", new byte[1])), 8 * MIB),
        "apart from capital letters");
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(BringupException.class).hasMessageContaining(message);
  }
}
