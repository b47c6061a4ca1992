package dev.bringup.boot;

import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardFile.BadPattern;
import dev.bringup.board.BootStage;
import dev.bringup.board.Mark;
import dev.bringup.console.ConsolePattern;
import dev.bringup.verdict.Verdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** The bad patterns of a board as the console engine looks for them. */
final class BadPatterns {
  private static final String RESET = "unexpected reset";

  private final List<BadPattern> all;

  BadPatterns(BoardFile board) {
    all = new ArrayList<>(board.badPatterns());
    BoardFile.Stage firmware = board.stages().get(BootStage.FIRMWARE);
    if (firmware != null && firmware.mark() instanceof Mark.InText banner) {
      all.add(
          new BadPattern(
              RESET,
              banner,
              Verdict.PRODUCT_FAILURE,
              "the board reset itself: its firmware's banner came again",
              EnumSet.complementOf(
                  EnumSet.of(
                      BootStage.OFF, BootStage.ROM, BootStage.FIRMWARE, BootStage.BOOTLOADER))));
    }
  }

  /** Those that count in {@code stage}. */
  List<ConsolePattern> in(BootStage stage) {
    return all.stream()
        .filter(bad -> bad.during().contains(stage))
        .map(bad -> pattern(bad.name(), bad.mark()))
        .toList();
  }

  /** What the board file says about the pattern of that name. */
  BadPattern named(String name) {
    return all.stream().filter(bad -> bad.name().equals(name)).findFirst().orElseThrow();
  }

  static ConsolePattern pattern(String name, Mark.InText mark) {
    return switch (mark) {
      case Mark.Literal(String text) -> ConsolePattern.literal(name, text);
      case Mark.Regex(String regex) -> ConsolePattern.regex(name, regex);
    };
  }
}
