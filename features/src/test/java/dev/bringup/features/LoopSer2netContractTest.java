package dev.bringup.features;

import dev.bringup.board.BackendContractSuite;
import dev.bringup.board.Board;

/** The contract on an emulated board behind ser2net. */
class LoopSer2netContractTest extends BackendContractSuite {
  @Override
  protected Board open() {
    return RealParts.open("loop-ser2net");
  }

  @Override
  protected void assertNothingIsLeft() {
    RealParts.assertNothingIsLeft();
  }
}
