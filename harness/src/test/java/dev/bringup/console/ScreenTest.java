package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScreenTest {
  private static final String ESC = "\u001b";

  /** As cmd/bootmenu.c of U-Boot 2023.01 draws it. */
  private static final String BOOT_MENU =
      "^[[?25l^[[2J^[[1;1H^[[2K^[[2;3H*** U-Boot Boot Menu ***^[[K^[[3;1H^[[2K"
          + "^[[4;7HBoot Xen^[[5;7H^[[7mBoot Linux^[[0m^[[6;7HU-Boot console^[[7;1H^[[2K"
          + "^[[8;3HHit any key to stop autoboot: 10 ^[[K^[[9;1H^[[2K^[[10;3H"
          + "Press UP/DOWN to move, ENTER to select, ESC/CTRL+C to quit^[[K^[[11;1H^[[2K";

  private final List<String> answers = new ArrayList<>();
  private final Screen screen =
      new Screen(10, 4, answer -> answers.add(new String(answer, StandardCharsets.US_ASCII)));

  private Screen show(String text) {
    screen.feed(bytes(text));
    return screen;
  }

  private static byte[] bytes(String text) {
    return text.replace("^[", ESC).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] recorded(String name) throws IOException {
    try (InputStream in = ScreenTest.class.getResourceAsStream("/transcripts/" + name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    }
  }

  private String cursor() {
    return screen.cursorRow() + "," + screen.cursorColumn();
  }

  @Test
  void textWrapsAndScrolls() {
    assertThat(show("one\r\ntwo\r\n0123456789ab").lines())
        .containsExactly("one", "two", "0123456789", "ab");
    assertThat(show("\r\nlast").lines()).containsExactly("two", "0123456789", "ab", "last");
    assertThat(cursor()).isEqualTo("3,4");
  }

  @Test
  void theLastColumnHoldsTheCursorUntilTheNextCharacter() {
    show("0123456789");
    assertThat(cursor()).isEqualTo("0,9");
    assertThat(show("\r\nx").lines()).startsWith("0123456789", "x");
    assertThat(show("^[[?7l^[[3;1H0123456789AB").line(2)).isEqualTo("012345678B");
  }

  @Test
  void theCursorMovesWithinItsBounds() {
    show("^[[2;3H");
    assertThat(cursor()).isEqualTo("1,2");
    show("^[[A^[[9C");
    assertThat(cursor()).isEqualTo("0,9");
    show("^[[99B^[[2D");
    assertThat(cursor()).isEqualTo("3,7");
    show("^[[H");
    assertThat(cursor()).isEqualTo("0,0");
    show("^[[99;99H\b");
    assertThat(cursor()).isEqualTo("3,8");
    show("^[[5G^[[2d");
    assertThat(cursor()).isEqualTo("1,4");
    show("^[7^[[H^[8");
    assertThat(cursor()).isEqualTo("1,4");
    show("\r\t");
    assertThat(cursor()).isEqualTo("1,8");
  }

  @Test
  void partsOfLinesAndOfTheScreenAreErased() {
    show("0123456789^[[2;1H0123456789^[[3;1H0123456789^[[4;1H012345678");
    assertThat(show("^[[1;4H^[[K").line(0)).isEqualTo("012");
    assertThat(show("^[[2;4H^[[1K").line(1)).isEqualTo("    456789");
    assertThat(show("^[[3;4H^[[2X").line(2)).isEqualTo("012  56789");
    assertThat(show("^[[2;8H^[[J").lines()).containsExactly("012", "    456", "", "");
    assertThat(show("^[[1;2H^[[1J").line(0)).isEqualTo("  2");
    assertThat(show("^[[2J").text()).isEmpty();
    assertThat(cursor()).isEqualTo("0,1");
  }

  @Test
  void charactersAndLinesAreInsertedAndDeleted() {
    show("abcdef\r\n2\r\n3\r\n4");
    assertThat(show("^[[1;2H^[[2@").line(0)).isEqualTo("a  bcdef");
    assertThat(show("^[[3P").line(0)).isEqualTo("acdef");
    assertThat(show("^[[2;1H^[[L").lines()).containsExactly("acdef", "", "2", "3");
    assertThat(show("^[[1;1H^[[2M").lines()).containsExactly("2", "3", "", "");
    assertThat(show("^[[4hX^[[4lY").line(0)).isEqualTo("XY");
  }

  @Test
  void aRegionScrollsByItself() {
    show("1\r\n2\r\n3\r\n4^[[2;3r");
    assertThat(cursor()).isEqualTo("0,0");
    assertThat(show("^[[3;1H\nnew").lines()).containsExactly("1", "3", "new", "4");
    assertThat(show("^[[2;1H^[M").lines()).containsExactly("1", "", "3", "4");
    assertThat(show("^[[r^[[4;1H\n").lines()).containsExactly("", "3", "4", "");
    assertThat(show("^[[1;2r^[[?6h^[[9;1Hx").line(1)).isEqualTo("x");
  }

  @Test
  void questionsOfATerminalAreAnswered() {
    show("^[[2;3Hab^[[6n");
    show("^[[5n^[[c");
    assertThat(answers).containsExactly(ESC + "[2;5R", ESC + "[0n", ESC + "[?1;2c");
  }

  @Test
  void theSizeIsWhatAProgramMeasures() {
    show("^[7^[[r^[[999;999H^[[6n^[8");
    assertThat(answers).containsExactly(ESC + "[4;10R");
  }

  @Test
  void linesOfFramesAndUtf8AreCharacters() {
    assertThat(show("^[(0lqk^[(Bq\r\n│é€\r\n").lines()).startsWith("┌─┐q", "│é€");
    screen.feed(new byte[] {(byte) 0xe2, (byte) 0x94, 'x', (byte) 0xff});
    assertThat(screen.line(2)).isEqualTo("\ufffdx\ufffd");
  }

  @Test
  void whatATerminalDoesNotShowLeavesNoTrace() {
    show("a^[]0;title\u0007b^[P1;2|data^[\\c^[[?25l^[[>4;1md^[#8^[[1;2;3;4 qe\u0000\u0007");
    assertThat(screen.line(0)).isEqualTo("abcde");
    assertThat(show("^[[12\u0018f").line(0)).as("cancelled").isEqualTo("abcdef");
  }

  @Test
  void theOtherScreenComesAndGoes() {
    show("shell^[[?1049h^[[Hmenu");
    assertThat(screen.line(0)).isEqualTo("menu");
    assertThat(show("^[[?1049l").line(0)).isEqualTo("shell");
    assertThat(cursor()).isEqualTo("0,5");
  }

  @Test
  void aReverseEntryIsTheHighlightedOne() {
    var menu = new Screen();
    menu.feed(bytes(BOOT_MENU));
    assertThat(menu.highlighted()).contains("Boot Linux");
    menu.feed(bytes("^[[5;7HBoot Linux^[[6;7H^[[7mU-Boot console^[[0m"));
    assertThat(menu.highlighted()).contains("U-Boot console");
    assertThat(menu.text()).startsWith("\n  *** U-Boot Boot Menu ***\n\n      Boot Xen");
    menu.feed(bytes("^[[5;7H^[[7mBoot Linux^[[0m"));
    assertThat(menu.highlighted()).as("two").isEmpty();
    menu.feed(bytes("^[[2J"));
    assertThat(menu.highlighted()).as("none").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "grub-2.06-menu.raw, 11781, Debian GNU/Linux",
    "grub-2.06-menu.raw, 12217, Xen 4.17",
    "grub-2.06-menu.raw, 12471, Advanced options",
    "grub-2.06-menu.raw, 12725, Xen 4.17",
    "edk2-2022.11-setup.raw, 23814, Device Manager",
    "edk2-2022.11-setup.raw, 25477, Boot Manager"
  })
  void entriesThatRealMenusShowByColourAreFound(String name, int upTo, String entry)
      throws IOException {
    var menu = new Screen(80, 50, answer -> {});
    menu.feed(recorded(name), 0, upTo);
    assertThat(menu.highlighted()).contains(entry);
  }

  @Test
  void everyCutShowsTheSame() throws IOException {
    byte[] all = recorded("grub-2.06-menu.raw");
    var whole = new Screen(80, 50, answer -> {});
    whole.feed(all);
    for (int piece : new int[] {1, 2, 3, 7, 1000}) {
      var cut = new Screen(80, 50, answer -> {});
      for (int i = 0; i < all.length; i += piece) {
        cut.feed(Arrays.copyOfRange(all, i, Math.min(i + piece, all.length)));
      }
      assertThat(cut.lines()).isEqualTo(whole.lines());
      assertThat(cut.highlighted()).isEqualTo(whole.highlighted());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void anyBytesLeaveTheCursorOnTheScreenHoweverTheyAreCut(long seed) {
    var random = new Random(seed);
    String likely =
        "\u001b[]()?;:0123456789HABCDJKLMPSTXfhlmnrsu78cDEM\r\n\b\t\u00e2\u0094\u0080ab";
    for (int round = 0; round < 200; round++) {
      var all = new byte[random.nextInt(300)];
      for (int i = 0; i < all.length; i++) {
        all[i] =
            random.nextInt(8) == 0
                ? (byte) random.nextInt(256)
                : (byte) likely.charAt(random.nextInt(likely.length()));
      }
      var whole = new Screen(7, 5, answer -> {});
      whole.feed(all);
      var cut = new Screen(7, 5, answer -> {});
      for (byte b : all) {
        cut.feed(new byte[] {b});
        assertThat(cut.cursorRow()).isBetween(0, 4);
        assertThat(cut.cursorColumn()).isBetween(0, 6);
      }
      assertThat(cut.lines()).as("seed %d", seed).isEqualTo(whole.lines());
      assertThat(cut.highlighted()).isEqualTo(whole.highlighted());
    }
  }

  @Test
  void aScreenOfNoSizeIsRefused() {
    assertThatThrownBy(() -> new Screen(0, 24, answer -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
