package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.board.BackendContractSuite;
import dev.bringup.board.Board;

/** The contract on the built-in machine with Debian's U-Boot. */
class BuiltinContractTest extends BackendContractSuite {
  private static final String BOARD = "emu-virt";

  @Override
  protected Board open() {
    return RealParts.open(BOARD);
  }

  @Override
  protected void assertNothingIsLeft() {
    assertThat(Thread.getAllStackTraces().keySet())
        .as("threads")
        .noneMatch(thread -> thread.getName().equals("machine " + BOARD));
    RealParts.assertNoFolderIsLeft();
  }
}
