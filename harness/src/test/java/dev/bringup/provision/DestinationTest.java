package dev.bringup.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bringup.artifact.FetchProgress;
import dev.bringup.image.BootDisk;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DestinationTest {
  private static final long SIZE = 8 << 20;
  private static final SortedMap<String, byte[]> FILES =
      new TreeMap<>(Map.of("config.txt", bytes("arm_64bit=1\n"), "u-boot.bin", new byte[300_000]));

  @TempDir private Path dir;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Destination to(Path path, boolean force) {
    return Destination.of(path, Optional.empty(), force, SIZE, BlockDevices.ofHost());
  }

  private static void write(Path path, boolean force) {
    to(path, force).write(FILES, FetchProgress.SILENT);
  }

  private static void refused(Runnable work, FailureKind kind, String... texts) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(BringupException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContainingAll(texts);
  }

  @Test
  void aFolderGetsTheFilesAndKeepsWhatElseIsThere() throws IOException {
    Files.writeString(dir.resolve("cmdline.txt"), "mine");
    write(dir, false);
    write(dir, false); // the same again harms nobody
    try (var files = Files.list(dir)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("cmdline.txt", "config.txt", "u-boot.bin");
    }
    assertThat(dir.resolve("u-boot.bin")).hasSize(300_000);
  }

  @Test
  void anotherFileOfTheSameNameInAFolderIsReplacedOnlyByForce() throws IOException {
    Path mine = Files.writeString(dir.resolve("config.txt"), "mine");
    refused(() -> write(dir, false), FailureKind.CONFIGURATION, "config.txt exists", "--force");
    assertThat(mine).hasContent("mine");
    assertThat(dir.resolve("u-boot.bin")).doesNotExist();
    write(dir, true);
    assertThat(mine).hasContent("arm_64bit=1\n");
  }

  @Test
  void anImageIsMadeAndReplacedOnlyByForce() throws IOException {
    Path image = dir.resolve("pi.img");
    write(image, false);
    byte[] content = BootDisk.of(FILES, SIZE).content();
    byte[] whole = Arrays.copyOf(content, (int) SIZE);
    assertThat(image).hasBinaryContent(whole);
    refused(() -> to(image, false), FailureKind.CONFIGURATION, "the file exists", "--force");
    Files.write(image, new byte[9 << 20]);
    write(image, true);
    assertThat(image).hasBinaryContent(whole);
  }

  @Test
  void anImageThatCannotBeWrittenIsAnInfrastructureError() {
    refused(
        () -> write(dir.resolve("none/pi.img"), false),
        FailureKind.INFRASTRUCTURE,
        "cannot write " + dir.resolve("none/pi.img") + ": there is no such folder");
  }

  @Test
  void yesEraseIsForDevicesAlone() {
    Path image = dir.resolve("pi.img");
    refused(
        () -> Destination.of(image, Optional.of(image), false, SIZE, BlockDevices.ofHost()),
        FailureKind.CONFIGURATION,
        "is no device");
    refused(() -> to(Path.of("/dev/null"), false), FailureKind.CONFIGURATION, "no block device");
  }

  /** A real block device of the kernel, with a real partition table of its own before. */
  @Test
  void aDeviceIsWrittenOnlyWhenItWasNamedTwiceAndIsReadBackFromTheDevice()
      throws IOException, InterruptedException {
    Path backing = Files.write(dir.resolve("card"), new byte[16 << 20]);
    Path loop = loop(backing);
    try {
      var devices = new BlockDevices(Path.of("/sys"), Path.of("/proc/self"), true);
      refused(
          () -> Destination.of(loop, Optional.empty(), true, SIZE, devices),
          FailureKind.CONFIGURATION,
          "would be lost",
          "--yes-erase " + loop);
      refused(
          () -> Destination.of(loop, Optional.of(Path.of("/dev/sdz")), true, SIZE, devices),
          FailureKind.CONFIGURATION,
          "would be lost");
      refused(
          () -> Destination.of(loop, Optional.of(loop), true, 32 << 20, devices),
          FailureKind.CONFIGURATION,
          "has 16 MiB, and 32 MiB are to be written");
      refused(
          () -> Destination.of(loop, Optional.of(loop), true, SIZE, BlockDevices.ofHost()),
          FailureKind.CONFIGURATION,
          "is not removable");
      Destination.of(loop, Optional.of(loop), false, SIZE, devices)
          .write(FILES, FetchProgress.SILENT);
    } finally {
      assertThat(exit("losetup", "-d", loop.toString())).isZero();
    }
    byte[] content = BootDisk.of(FILES, SIZE).content();
    assertThat(Arrays.copyOf(Files.readAllBytes(backing), content.length)).isEqualTo(content);
  }

  /** The next free loop device, on {@code backing}. */
  private Path loop(Path backing) throws IOException, InterruptedException {
    Path name = dir.resolve("name");
    Process losetup;
    try {
      losetup =
          new ProcessBuilder("losetup", "--find", "--show", backing.toString())
              .redirectOutput(name.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "there is no losetup");
      throw e;
    }
    assumeTrue(losetup.waitFor() == 0, "losetup may not make a loop device here");
    return Path.of(Files.readString(name).strip());
  }

  private static int exit(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
