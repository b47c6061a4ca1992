package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.board.Board;
import dev.bringup.board.FaultInjection;
import dev.bringup.console.ConsolePattern;
import dev.bringup.console.ConsoleWatcher;
import dev.bringup.console.Expectation;
import dev.bringup.console.Recording;
import dev.bringup.fault.FaultPlan;
import dev.bringup.fault.LineFault;
import dev.bringup.fault.LineFault.Direction;
import dev.bringup.fault.Occurrence;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A board behind real wires has two lines: the emulated one inside, and the real one outside. */
class LoopFaultsTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** The firmware begins with two line ends and {@code U-Boot}. */
  @Test
  void faultsOfTheBoardsFileStrikeOnTheOuterLineAlone() {
    var fifth =
        new LineFault(
            Direction.FROM_BOARD,
            new Occurrence.At(5, Occurrence.Since.POWER_ON),
            new LineFault.Effect.Lost(1));
    var plan = new FaultPlan(1, List.of(fifth));
    try (Board board = RealParts.open("loop-serial", file -> file.with(plan))) {
      Recording recording = board.console().recording();
      board.power().on();
      var _ =
          new ConsoleWatcher(recording, List.of(), 0)
              .require(
                  Expectation.of(ConsolePattern.literal("Boot 20")),
                  recording.cursor(0),
                  board.clock().nanos() + LIMIT.toNanos());
      assertThat(recording.text(0, recording.end())).contains("\n-Boot 20");
      assertThat(board.capability(FaultInjection.class).orElseThrow().strikes())
          .extracting(FaultInjection.Strike::what)
          .containsExactly("1 byte from the board lost (console byte 5)");
    }
  }
}
