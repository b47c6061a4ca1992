package dev.bringup.features;

import dev.bringup.board.BackendContractSuite;
import dev.bringup.board.Board;

/** The contract on an emulated board that is opened as a serial port. */
class LoopSerialContractTest extends BackendContractSuite {
  @Override
  protected Board open() {
    return RealParts.open("loop-serial");
  }

  @Override
  protected void assertNothingIsLeft() {
    RealParts.assertNothingIsLeft();
  }
}
