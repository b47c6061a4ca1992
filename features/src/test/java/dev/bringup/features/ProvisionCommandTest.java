package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./bringup provision}, and what {@code boot} says of the Raspberry Pi 4 without one. */
class ProvisionCommandTest {
  private static final String BOARD = "rpi4-desk";

  @TempDir private Path folder;
  private Launcher bringup;

  @BeforeEach
  void launcher() {
    bringup = new Launcher(folder);
  }

  private void needsTheFiles() {
    RealParts.files("u-boot-rpi4-debian12");
  }

  @Test
  void theBoardIsListed() {
    Launcher.Ended listed = bringup.run("boards").tells(0);
    assertThat(listed.out())
        .contains(
            """
            rpi4-desk  Raspberry Pi 4 on the desk, switched by hand
              type          rpi4
              architecture  arm64
              cpus          4
              memory        4 GiB
              labels        u-boot=true, linux=true, xen=true
              stages        firmware, bootloader, hypervisor, dom0, guest, kernel, userland
            """);
  }

  @Test
  void aFolderGetsTheFilesAndTheUserHearsWhatIsMissing() throws IOException {
    needsTheFiles();
    Path card = Files.createDirectory(folder.resolve("card"));
    Launcher.Ended ended = bringup.run("provision", BOARD, "--to", "card");
    ended.tells(0, "wrote folder card", "start4.elf, fixup4.dat", "--firmware DIR");
    assertThat(ended.err().lines().filter(line -> line.contains("firmware"))).hasSize(1);
    assertThat(ended.out().lines().map(line -> line.split(" ")[0]))
        .containsExactly("bcm2711-rpi-4-b.dtb", "boot.scr", "config.txt", "u-boot.bin");
    assertThat(card.resolve("config.txt"))
        .content()
        .contains("kernel=u-boot.bin\nenable_uart=1\narm_64bit=1\n");
  }

  @Test
  void firmwareComesFromAFolderAndGoesToAnImage() throws IOException {
    needsTheFiles();
    Path firmware = Files.createDirectory(folder.resolve("firmware"));
    Files.writeString(firmware.resolve("start4.elf"), "firmware");
    String[] words = {"provision", BOARD, "--to", "pi.img", "--firmware", "firmware", "--json"};
    bringup.run(words).tells(2, "there is no file fixup4.dat in it", "raspi-firmware");
    assertThat(folder.resolve("pi.img")).doesNotExist();

    Files.writeString(firmware.resolve("fixup4.dat"), "fixup");
    Launcher.Ended ended = bringup.run(words).tells(0);
    JsonNode said = JsonMapper.builder().build().readTree(ended.out());
    assertThat(said.get("kind").asString()).isEqualTo("image");
    assertThat(said.get("files").get("start4.elf").asInt()).isEqualTo(8);
    assertThat(said.get("missing").isEmpty()).isTrue();
    assertThat(ended.err()).doesNotContain("without firmware");
    assertThat(folder.resolve("pi.img")).hasSize(64 << 20);
    bringup.run(words).tells(2, "the file exists", "--force");
  }

  @Test
  void whatMustNotBeWrittenIsNamed() {
    bringup.run("provision", BOARD, "--to", "/dev/null").tells(2, "it is no block device");
    bringup.run("provision", BOARD, "--to", "x.img", "--size", "7").tells(2, "8 MiB");
    bringup.run("provision", "emu-virt", "--to", "x.img").tells(2, "has no \"provision\"");
    assertThat(folder.resolve("x.img")).doesNotExist();
  }

  @Test
  void aBootThatCannotGoWellIsRefusedBeforeAnyWireIsLookedFor() throws IOException {
    RealParts.files("xen-debian12-rpi4");
    copy(RealParts.root().resolve("boards").toRealPath(), folder.resolve("boards"));
    Files.writeString(
        folder.resolve("boards/boot-sets/small.yaml"),
        "extends: xen-debian12-rpi4\nxen: {dom0: {memory: 64 MiB}}\n");
    bringup
        .run("boot", BOARD, "--to", "dom0", "--boot-set", "small")
        .tells(2, "small.yaml: dom0 gets 64 MiB, and board rpi4-desk needs 256 MiB of its memory");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
    }
  }
}
