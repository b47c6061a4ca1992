package dev.bringup.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

  @Test
  void coloursAndTitlesOfATerminalAreTakenOut() {
    assertThat(
            Printable.text(
                "\u001b[1;31mred\u001b[0m \u001b]0;t\u0007a\u001b]0;t\u001b\\b\u001b[6n"))
        .isEqualTo("red ab");
  }

  @Test
  void anUnfinishedSequenceHidesNothing() {
    String sequence = "\u001b[1;31m";
    for (int cut = 1; cut < sequence.length(); cut++) {
      assertThat(Printable.text(sequence.substring(0, cut) + "\u0001panic"))
          .isEqualTo("␛" + sequence.substring(1, cut) + "␁panic");
    }
    assertThat(Printable.text("\u001b]0;panic without an end")).contains("panic");
  }

  @Test
  void otherControlCharactersBecomeVisible() {
    assertThat(Printable.text("a\u0000b\u0007c\u007fd\u0085e\u202ef"))
        .isEqualTo("a␀b␇c␡d⟨U+0085⟩e⟨U+202E⟩f");
  }

  @Test
  void lineEndsStayOneLineFeedAndALoneCarriageReturnIsSeen() {
    assertThat(Printable.text("a\r\nb\nc\rd\r")).isEqualTo("a\nb\nc␍d␍");
    assertThat(Printable.line("  a\r\nb\n\n\tc ")).isEqualTo("a b c");
  }

  @Test
  void whatIsNoCharacterIsReplaced() {
    assertThat(Printable.text("\ud800x\udc00\ufffe\uffff\ud83d\ude00"))
        .isEqualTo("�x���\ud83d\ude00");
  }

  @Test
  void aCutNeverSplitsACharacter() {
    assertThat(Printable.cut("ab\ud83d\ude00c", 4)).isEqualTo("ab…");
    assertThat(Printable.cut("abcd", 4)).isEqualTo("abcd");
    assertThat(Printable.cut("abcde", 4)).isEqualTo("abc…");
  }
}
