package dev.bringup.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.units.Address;
import dev.bringup.units.ByteSize;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ShippedBoardsTest {
  private static final Path BOARDS = Path.of(System.getProperty("bringup.root", ".."), "boards");

  @Test
  void allBoardsAndTypesOfTheTreeAreGood() {
    assertThat(BoardCatalog.load(BOARDS).problems()).isEmpty();
  }

  @Test
  void qemuVirtHasWhatItsTypeSays() {
    BoardFile board = BoardCatalog.load(BOARDS).board("qemu-virt");

    assertThat(board.type()).isEqualTo("virt-arm64");
    assertThat(board.memory()).isEqualTo(ByteSize.parse("2 GiB"));
    assertThat(board.memoryMap().load()).isEqualTo(new Address(0x40400000L));
    assertThat(board.labels()).containsEntry("emulated", "true");
    assertThat(board.stages().keySet())
        .containsExactly(
            BootStage.FIRMWARE,
            BootStage.BOOTLOADER,
            BootStage.HYPERVISOR,
            BootStage.DOM0,
            BootStage.GUEST,
            BootStage.KERNEL,
            BootStage.USERLAND);
    assertThat(board.stages().get(BootStage.BOOTLOADER))
        .isEqualTo(
            new BoardFile.Stage(BootStage.BOOTLOADER, new Mark.Prompt(), Duration.ofSeconds(30)));
    BoardFile.Machine machine = board.require(board.machine(), "machine");
    assertThat(machine.engine()).isEqualTo("qemu");
    assertThat(machine.settings().get("gic").integer()).isEqualTo(2);
    assertThat(board.require(board.deviceTree(), "device-tree").edits())
        .singleElement()
        .satisfies(edit -> assertThat(edit.path()).isEqualTo("/pl061@9030000"));
  }

  @Test
  void thePiOnTheDeskIsARealBoardAsTheArticleHasIt() {
    BoardFile board = BoardCatalog.load(BOARDS).board("rpi4-desk");

    assertThat(board.machine()).isNull();
    assertThat(board.drivers()).containsOnlyKeys("console", "power", "network");
    assertThat(board.memoryMap().ram()).isEqualTo(new Address(0));
    assertThat(board.memoryMap().script()).isEqualTo(new Address(0xc0_0000));
    assertThat(board.require(board.xen(), "xen").dtuart()).isEqualTo("serial1");
    assertThat(board.require(board.bootloader(), "bootloader").prompt()).isEqualTo("U-Boot> ");
    // Boards whose time is real have these, and emulated ones do not.
    assertThat(board.badPatterns())
        .extracting(BoardFile.BadPattern::name)
        .contains("linux soft lockup", "xen panic");
    BoardFile.Provision provision = board.require(board.provision(), "provision");
    assertThat(provision.texts().get("config.txt"))
        .contains("\nkernel=u-boot.bin\n", "\nenable_uart=1\n", "\narm_64bit=1\n");
    assertThat(provision.firmware()).containsExactly("start4.elf", "fixup4.dat");
  }
}
