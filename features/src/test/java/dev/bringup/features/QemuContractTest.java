package dev.bringup.features;

import dev.bringup.board.BackendContractSuite;
import dev.bringup.board.Board;

/** The contract on QEMU with Debian's U-Boot. */
class QemuContractTest extends BackendContractSuite {
  @Override
  protected Board open() {
    return RealParts.open("qemu-virt");
  }

  @Override
  protected void assertNothingIsLeft() {
    RealParts.assertNothingIsLeft();
  }
}
