package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.board.Board;
import dev.bringup.console.CommandResult;
import dev.bringup.console.ConsolePattern;
import dev.bringup.console.ConsoleWatcher;
import dev.bringup.console.Expectation;
import dev.bringup.console.FaultSweep;
import dev.bringup.console.FaultyConsole;
import dev.bringup.console.Keyboard;
import dev.bringup.console.MarkTokens;
import dev.bringup.console.Noise;
import dev.bringup.console.Recording;
import dev.bringup.console.Typing;
import dev.bringup.console.UBootPrompt;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Debian's U-Boot, of whose every command one byte is damaged on the wire. */
class UBootOverABadWireTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void aDamagedByteMakesNoWrongExitCodeAndNoSecondRun() {
    try (Board board = RealParts.open("emu-virt")) {
      board.power().on();
      stopAutoboot(board);
      var console = new FaultyConsole(board.console().recording(), board.console()::write);
      var watcher = new ConsoleWatcher(console.recording(), List.of(), 0);
      // The board's time is virtual, so nothing is late; the emulator has to live through it.
      var patience = Duration.ofMillis(300);
      var keyboard = new Keyboard(console, new Typing(16, Duration.ZERO, patience, 5));
      var tokens = new MarkTokens(new Random(7));
      var prompt = new UBootPrompt(keyboard, watcher, Noise.usual(), "=> ", tokens);
      assertThat(prompt.run("n=0", LIMIT).exitCode()).isZero();
      var outcomes =
          new FaultSweep(console, 12)
              .run(
                  _ -> prompt.run("setexpr n $n + 1; echo \"it is $n\"; itest 1 == 2", LIMIT),
                  1,
                  () -> Integer.parseInt(counted(prompt.run("echo $n", LIMIT)), 16),
                  "it is %x\n"::formatted);
      if (Boolean.getBoolean("bringup.every.fault")) {
        System.out.println("U-Boot: " + outcomes);
      }
    }
  }

  private static String counted(CommandResult result) {
    return result.output().strip();
  }

  private static void stopAutoboot(Board board) {
    Recording recording = board.console().recording();
    var watcher = new ConsoleWatcher(recording, List.of(), 0);
    var cursor = recording.cursor(0);
    long deadline = recording.clock().nanos() + LIMIT.toNanos();
    watcher.require(Expectation.of(ConsolePattern.literal("stop autoboot")), cursor, deadline);
    board.console().write(" ".getBytes(StandardCharsets.US_ASCII));
    watcher.require(Expectation.of(ConsolePattern.prompt("prompt", "=> ")), cursor, deadline);
  }
}
