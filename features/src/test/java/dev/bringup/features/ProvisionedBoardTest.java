package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.artifact.BootFiles;
import dev.bringup.artifact.FetchProgress;
import dev.bringup.board.Board;
import dev.bringup.board.BoardCatalog;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardNetwork;
import dev.bringup.board.BootStage;
import dev.bringup.boot.BootSession;
import dev.bringup.console.CommandResult;
import dev.bringup.emulator.builtin.FileDisk;
import dev.bringup.emulator.device.VirtioBlock;
import dev.bringup.image.Arm64Image;
import dev.bringup.image.BootFile;
import dev.bringup.image.DeviceTree;
import dev.bringup.image.DeviceTreeNode;
import dev.bringup.image.FetchScript;
import dev.bringup.image.LinuxBootScript;
import dev.bringup.image.MemoryMap;
import dev.bringup.image.TreeSource;
import dev.bringup.image.UImage;
import dev.bringup.provision.BlockDevices;
import dev.bringup.provision.BootMedium;
import dev.bringup.provision.Destination;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is written for the Raspberry Pi 4, as far as it can be seen to work without one: Debian's
 * U-Boot on the built-in machine reads the card and runs its script.
 */
class ProvisionedBoardTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private static BoardFile pi() {
    return BoardCatalog.load(RealParts.root().resolve("boards")).board("rpi4-desk");
  }

  private static SortedMap<String, byte[]> filesOfTheCard() {
    return BootMedium.of(pi(), Optional.empty(), RealParts::files).files();
  }

  private Path card(SortedMap<String, byte[]> files) {
    Path image = folder.resolve("card.img");
    Destination.of(image, Optional.empty(), false, 64 << 20, BlockDevices.ofHost())
        .write(files, FetchProgress.SILENT);
    return image;
  }

  @Test
  void uBootStartsTheScriptOfTheCardByItselfAndReadsItsFiles() throws IOException {
    SortedMap<String, byte[]> files = filesOfTheCard();
    try (FileDisk disk = FileDisk.open(card(files), false);
        EmulatedMachine machine = EmulatedMachine.uBoot(false, new VirtioBlock(disk, "card"))) {
      // Nobody touches a key. There is no network, and the script says so.
      String said = machine.await("BRINGUP: stopped", 0);
      assertThat(said)
          .contains("Found U-Boot script /boot.scr")
          .contains("BRINGUP: DHCP gave no address")
          .doesNotContain("BRINGUP: load of");
      machine.type("\u0003\u0003");
      machine.await("\n=> ", said.length());
      files.forEach((name, content) -> {
        var crc = new CRC32();
        crc.update(content);
        assertThat(
                run(machine, "load virtio 0:1 50000000 " + name + " && crc32 50000000 $filesize"))
            .as(name)
            .contains(content.length + " bytes read")
            .contains("==> %08x".formatted(crc.getValue()));
      });
    }
  }

  private static String run(EmulatedMachine machine, String command) {
    int before = machine.screen().length();
    machine.type(command + "\r");
    return machine.await("\n=> ", before).substring(before);
  }

  /** The script as {@code provision} makes it, but for the addresses of the machine. */
  @Test
  void theScriptFetchesTheOtherOneByTftpAndRunsIt() {
    try (Board board = RealParts.open("emu-virt");
        var session = new BootSession(board, _ -> {})) {
      session.bootTo(BootStage.BOOTLOADER, Optional.empty(), Optional.empty());
      BoardNetwork network = board.capability(BoardNetwork.class).orElseThrow();
      BoardFile file = board.file();
      long address = file.memoryMap().script().value();
      String script =
          FetchScript.write(
              new FetchScript.Plan(network.serverAddress(), "tftpboot", address, "boot2.scr"));
      network.stage("card.scr", image(script));
      network.stage("boot2.scr", image("echo SECOND from ${serverip} to ${ipaddr}"));
      run(session, "setenv autoload no; dhcp; tftpboot 0x50000000 card.scr");

      assertThat(run(session, "source 0x50000000").output())
          .containsSubsequence(
              "DHCP client bound to address " + network.boardAddress(),
              "BRINGUP: running boot2.scr",
              "SECOND from %s to %s".formatted(network.serverAddress(), network.boardAddress()),
              "BRINGUP: stopped")
          .doesNotContain("failed");

      // One of our own, which uses the same words and variables, and stops.
      BootFile kernel = BootFile.plain("Image", 100);
      MemoryMap memory = new MemoryMap(0x4000_0000L, 2L << 30, address, 0x5020_0000L);
      TreeSource tree = new TreeSource.Staged(BootFile.plain("board.dtb", 100));
      var plan = new LinuxBootScript.Plan(memory, tree, List.of(), "tftpboot", kernel, null, null);
      network.stage("boot2.scr", image(LinuxBootScript.write(plan).text()));
      CommandResult stopped = run(session, "source 0x50000000");
      assertThat(stopped.output())
          .containsSubsequence(
              "BRINGUP: running boot2.scr",
              "BRINGUP: load of Image failed",
              "BRINGUP: stopped",
              "BRINGUP: boot2.scr failed",
              "BRINGUP: stopped");
      assertThat(stopped.exitCode()).isNotZero();

      network.unstage("boot2.scr");
      CommandResult missing = run(session, "source 0x50000000");
      assertThat(missing.output())
          .containsSubsequence(
              "BRINGUP: load of boot2.scr from " + network.serverAddress() + " failed",
              "BRINGUP: stopped")
          .doesNotContain("running");
      assertThat(missing.exitCode()).isNotZero();
    }
  }

  private static byte[] image(String script) {
    return UImage.script(script, Instant.EPOCH).encode();
  }

  private static CommandResult run(BootSession session, String command) {
    return session.runInBootloader(command, LIMIT);
  }

  @Test
  void debiansFilesAreWhatTheBoardTypeSays() throws IOException {
    BoardFile pi = pi();
    byte[] uBoot = Files.readAllBytes(RealParts.file("u-boot-rpi4-debian12", "u-boot.bin"));
    String texts = new String(uBoot, StandardCharsets.ISO_8859_1);
    BoardFile.Bootloader bootloader = pi.require(pi.bootloader(), "bootloader");
    BoardFile.Autoboot autoboot = pi.require(bootloader.autoboot(), "autoboot");
    assertThat(texts)
        .contains("\0" + bootloader.prompt() + "\0", autoboot.mark(), "scriptaddr=0x02400000\0");
    assertThat(pi.memoryMap().script().value()).isLessThan(0x0240_0000);
    assertThat(pi.memoryMap().load().value()).isGreaterThan(0x0240_0000);

    BootFiles xen = RealParts.files("xen-debian12-rpi4");
    DeviceTree tree = DeviceTree.read(Files.readAllBytes(xen.file("bcm2711-rpi-4-b.dtb").path()));
    assertThat(tree.find(pi.require(pi.xen(), "xen").dtuart()).map(DeviceTreeNode::name))
        .contains("serial@7e215040");
    assertThat(Arm64Image.read(Files.readAllBytes(xen.file("Image").path())).program())
        .isEqualTo(Arm64Image.Program.LINUX);
    assertThat(xen.kernelRelease().orElseThrow()).doesNotContain("cloud");
  }
}
