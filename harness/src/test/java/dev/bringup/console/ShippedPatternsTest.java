package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.board.BoardCatalog;
import dev.bringup.board.BoardFile.BadPattern;
import dev.bringup.board.Mark;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ShippedPatternsTest {
  @Test
  void eachBadPatternHasATextToBeFoundBySoThatNotEveryLineIsMatched() {
    var boards = BoardCatalog.load(Path.of(System.getProperty("bringup.root", ".."), "boards"));
    for (BadPattern bad : boards.board("emu-virt").badPatterns()) {
      if (bad.mark() instanceof Mark.Regex(String regex)) {
        var compiled = (ConsolePattern.Regex) ConsolePattern.regex(regex);
        assertThat(LiteralFactor.of(compiled.compiled().pattern())).as(bad.name()).isNotEmpty();
      }
    }
  }
}
