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
}
