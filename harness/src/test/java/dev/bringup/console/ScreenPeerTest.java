package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same bytes on our screen and on tmux's. */
class ScreenPeerTest {
  private static final int STEPS = 400;

  @ParameterizedTest
  @CsvSource({
    "grub-2.06-menu.raw, 12471",
    "grub-2.06-menu.raw, 17193",
    "edk2-2022.11-setup.raw, 5000",
    "edk2-2022.11-setup.raw, 25477"
  })
  void realMenusLookAsTheyDoInTmux(String name, int upTo, @TempDir Path folder)
      throws IOException, InterruptedException {
    try (InputStream in = ScreenPeerTest.class.getResourceAsStream("/transcripts/" + name)) {
      assertThat(in).as(name).isNotNull();
      compare(folder, 80, 50, Arrays.copyOf(in.readAllBytes(), upTo));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomDrawingsLookAsTheyDoInTmux(long seed, @TempDir Path folder)
      throws IOException, InterruptedException {
    compare(folder, 40, 12, drawing(new Random(seed)).getBytes(StandardCharsets.UTF_8));
  }

  private static void compare(Path folder, int columns, int rows, byte[] bytes)
      throws IOException, InterruptedException {
    var screen = new Screen(columns, rows, answer -> {});
    screen.feed(bytes);
    try (var tmux = new Tmux(folder, columns, rows, bytes)) {
      assertThat(screen.lines()).isEqualTo(tmux.lines());
      assertThat(screen.cursorColumn() + "," + screen.cursorRow()).isEqualTo(tmux.cursor());
      var again = new Screen(columns, rows, answer -> {});
      again.feed(
          tmux.coloured().stripTrailing().replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
      for (int row = 0; row < rows; row++) {
        String line = screen.line(row);
        for (int column = 0; column < line.length(); column++) {
          if (line.charAt(column) != ' ') {
            assertThat(screen.style(row, column))
                .as("style at %d,%d", row, column)
                .isEqualTo(again.style(row, column));
          }
        }
      }
    }
  }

  /** Sequences about which terminals agree: a cursor beyond the last column is placed anew. */
  private static String drawing(Random random) {
    var text = new StringBuilder();
    for (int step = 0; step < STEPS; step++) {
      int n = 1 + random.nextInt(6);
      text.append(place(random));
      switch (random.nextInt(16)) {
        case 0, 1, 2, 3 -> text.append("abcdefghij".repeat(1 + random.nextInt(6)));
        case 4 -> text.append("\u001b[").append(n).append("ABCDEFG".charAt(random.nextInt(7)));
        case 5 -> text.append("\u001b[").append(random.nextInt(3)).append('K');
        case 6 -> text.append("\u001b[").append(random.nextInt(2)).append('J');
        case 7 -> text.append("\u001b[").append(n).append("@PX".charAt(random.nextInt(3)));
        case 8 -> text.append("\u001b[").append(n).append('S');
        case 9 -> text.append("\u001b[").append(n).append(';').append(n + 4).append('r');
        case 10 -> // within the region only: outside of it, tmux moves lines, where a VT100 does
            // not
            text.append("\u001b[r\u001b[5;1H\u001b[")
                .append(n)
                .append(random.nextBoolean() ? 'L' : 'M');
        case 11 -> text.append("\n\n\n");
        case 12 -> text.append("\u001bM\u001bM");
        case 13 -> text.append("\u001b[0;").append(random.nextBoolean() ? 7 : 1).append('m');
        case 14 -> text.append("\u001b[").append(30 + 10 * random.nextInt(2) + n).append('m');
        default -> text.append("\r┌──┐\tx\ty");
      }
    }
    return text.append("\u001b[3;3H").toString();
  }

  private static String place(Random random) {
    return "\u001b[" + (1 + random.nextInt(12)) + ';' + (1 + random.nextInt(40)) + 'H';
  }
}
