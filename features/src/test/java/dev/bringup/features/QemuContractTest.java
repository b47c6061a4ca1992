package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.board.BackendContractSuite;
import dev.bringup.board.Board;
import org.junit.jupiter.api.BeforeAll;

/** The contract on QEMU with Debian's U-Boot. */
class QemuContractTest extends BackendContractSuite {
  @BeforeAll
  static void theRealPartsAreHere() {
    RealParts.assumeQemu();
  }

  @Override
  protected Board open() {
    return RealParts.open("qemu-virt");
  }

  @Override
  protected void assertNothingIsLeft() {
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
        .as("child processes")
        .isEmpty();
    RealParts.assertNoFolderIsLeft();
  }
}
