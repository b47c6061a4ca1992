package dev.bringup.emulator.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The physical half of the interrupt controller: distributor and CPU interfaces. */
class GicTest {
  private static final int UART = 33;

  private final GicBoard board = new GicBoard().on();

  @Test
  void aLevelInterruptComesAgainAfterItsEndWhileTheWireIsHigh() {
    board.enable(UART, 0xa0);
    InterruptLine wire = board.gic.sharedLine(1);
    wire.set(true);
    assertThat(board.irq[0]).isTrue();
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(UART);
    assertThat(board.irq[0]).isFalse();
    board.gicc(GicBoard.EOIR, UART);
    assertThat(board.irq[0]).isTrue();
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(UART);
    wire.set(false);
    board.gicc(GicBoard.EOIR, UART);
    assertThat(board.irq[0]).isFalse();
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(1023);
  }
}
