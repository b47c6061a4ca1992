package dev.bringup.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.artifact.BootFiles;
import dev.bringup.artifact.BootFiles.BootFile;
import dev.bringup.artifact.BootSet;
import dev.bringup.artifact.BootSets;
import dev.bringup.artifact.DebianPackage;
import dev.bringup.board.BoardCatalog;
import dev.bringup.board.BoardFile;
import dev.bringup.config.ConfigurationException;
import dev.bringup.units.ByteSize;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The traps of "Xen on Raspberry Pi 4 adventures", said before anything boots. */
class BootRequirementsTest {
  private static final Path BOARDS = Path.of(System.getProperty("bringup.root", ".."), "boards");
  private static final BoardFile PI = BoardCatalog.load(BOARDS).board("rpi4-desk");
  private static final String SET = "xen-debian12-rpi4";
  private static final DebianPackage XEN = arm64("xen-hypervisor-4.17-arm64", "4.17.7+13-1");
  private static final DebianPackage LINUX = arm64("linux-image-6.1.0-56-arm64", "6.1.192-2");

  @TempDir private Path dir;

  private static DebianPackage arm64(String name, String version) {
    return new DebianPackage(name, version, "arm64");
  }

  /** The boot set with files of one sector, but for one, and what its packages are said to be. */
  private BootConfiguration boot(
      String name, DebianPackage xen, DebianPackage linux, long ramdisk) {
    BootSet set = new BootSets(BOARDS.resolve("boot-sets")).load(name);
    var files = new TreeMap<String, BootFile>();
    for (String file : set.staged()) {
      long size = file.equals("dom0.cpio.gz") ? ramdisk : 512;
      files.put(file, new BootFile(file, sparse(file, size), size, ""));
    }
    var plain = new BootFiles(set, files, List.of(xen, linux), Optional.empty());
    return BootConfiguration.of(plain);
  }

  private Path sparse(String name, long size) {
    Path file = dir.resolve(name);
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(size);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private static List<String> refusals(BootConfiguration boot) {
    var lines = new ArrayList<String>();
    assertThatThrownBy(() -> BootRequirements.check(PI, boot))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION);
              assertThat(e.kind().exitCode()).isEqualTo(2);
              e.problems().forEach(problem -> lines.add(problem.toString()));
            });
    assertThat(lines).allMatch(line -> line.startsWith(BOARDS + "/boot-sets/" + SET + ".yaml: "));
    return lines.stream().map(line -> line.substring(line.indexOf(": ") + 2)).toList();
  }

  @Test
  void theShippedBootSetIsFit() {
    BootConfiguration boot = boot(SET, XEN, LINUX, 8 << 20);
    assertThatCode(() -> BootRequirements.check(PI, boot)).doesNotThrowAnyException();
    String script = BootScripts.of(PI, boot).text();
    assertThat(script)
        .contains("console=dtuart dtuart=serial1 dom0_mem=1024M dom0_max_vcpus=1 sync_console")
        .contains("tftpboot 0x2800000 Image")
        .contains(" bcm2711-rpi-4-b.dtb; then");
  }

  @Test
  void xenBefore414IsRefused() {
    assertThat(refusals(boot(SET, arm64(XEN.name(), "4.11.4+107-gef32c7afa2-1"), LINUX, 512)))
        .containsExactly(
            "\"xen\" is from xen-hypervisor-4.17-arm64 4.11.4+107-gef32c7afa2-1 (arm64), and board"
                + " rpi4-desk needs Xen 4.14 or later: earlier ones give dom0 too little memory"
                + " below 1 GiB, and some devices of this board can do DMA only there");
    assertThat(refusals(boot(SET, arm64(XEN.name(), "1:4.13.3-1"), LINUX, 512))).hasSize(1);
    for (String fit : List.of("4.14", "4.14.0-1", "1:4.20.1-2", "5.0")) {
      BootConfiguration boot = boot(SET, arm64(XEN.name(), fit), LINUX, 512);
      assertThatCode(() -> BootRequirements.check(PI, boot)).doesNotThrowAnyException();
    }
  }

  @Test
  void linuxBefore59IsRefused() {
    assertThat(refusals(boot(SET, XEN, arm64(LINUX.name(), "5.8.14-1"), 512)))
        .singleElement()
        .asString()
        .startsWith("\"Image\" is from linux-image-6.1.0-56-arm64 5.8.14-1 (arm64), and board")
        .contains("needs Linux 5.9 or later: as dom0, earlier ones take physical addresses");
    BootConfiguration fit = boot(SET, XEN, arm64(LINUX.name(), "5.10.46-4"), 512);
    assertThatCode(() -> BootRequirements.check(PI, fit)).doesNotThrowAnyException();
  }

  @Test
  void dom0NeedsEnoughMemoryBelowOneGibibyte() {
    BootConfiguration boot = boot(SET, XEN, LINUX, 512);
    assertThat(refusals(boot.withDom0Memory(ByteSize.parse("128 MiB"))))
        .containsExactly(
            "dom0 gets 128 MiB, and board rpi4-desk needs 256 MiB of its memory below 0x40000000:"
                + " some devices of this board can do DMA only below 1 GiB");
    assertThatCode(() -> BootRequirements.check(PI, boot.withDom0Memory(ByteSize.parse("256 MiB"))))
        .doesNotThrowAnyException();
    assertThat(refusals(boot(SET, XEN, LINUX, 800L << 20)))
        .singleElement()
        .asString()
        .startsWith("the files of the boot reach up to 0x34")
        .contains("needs 256 MiB for dom0 below 0x40000000");
  }

  @Test
  void eachTrapHasItsOwnLine() {
    BootConfiguration boot =
        boot(SET, arm64(XEN.name(), "4.13.3-1"), arm64(LINUX.name(), "4.19.289-2"), 512);
    assertThat(refusals(boot.withDom0Memory(ByteSize.parse("64 MiB"))))
        .hasSize(3)
        .satisfiesExactly(
            line -> assertThat(line).contains("needs Xen 4.14 or later"),
            line -> assertThat(line).contains("needs Linux 5.9 or later"),
            line -> assertThat(line).contains("dom0 gets 64 MiB"));
  }

  @Test
  void otherBoardsAskForNothing() {
    BoardFile virt = BoardCatalog.load(BOARDS).board("emu-virt");
    BootConfiguration boot =
        boot("xen-debian12", arm64(XEN.name(), "4.9"), arm64(LINUX.name(), "4.9"), 512)
            .withDom0Memory(ByteSize.parse("8 MiB"));
    assertThatCode(() -> BootRequirements.check(virt, boot)).doesNotThrowAnyException();
  }

  @Test
  void aBootSetWithoutTheBoardsDeviceTreeIsRefused() {
    for (String name : List.of("xen-debian12", "linux-debian12")) {
      BootConfiguration boot = boot(name, XEN, LINUX, 512);
      assertThatThrownBy(() -> BootRequirements.check(PI, boot))
          .hasMessageContaining(
              "board rpi4-desk boots with the device tree \"bcm2711-rpi-4-b.dtb\"")
          .hasMessageEndingWith("not among the files of boot set " + name);
    }
  }
}
