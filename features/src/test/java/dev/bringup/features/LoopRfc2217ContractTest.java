package dev.bringup.features;

import dev.bringup.board.BackendContractSuite;
import dev.bringup.board.Board;

/** The contract on an emulated board behind this project's own RFC 2217 server. */
class LoopRfc2217ContractTest extends BackendContractSuite {
  @Override
  protected Board open() {
    return RealParts.open("loop-rfc2217");
  }

  @Override
  protected void assertNothingIsLeft() {
    RealParts.assertNothingIsLeft();
  }
}
