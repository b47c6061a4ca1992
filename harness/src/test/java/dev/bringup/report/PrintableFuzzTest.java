package dev.bringup.report;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

class PrintableFuzzTest {

  @FuzzTest
  void whateverABoardPrintsBecomesLegalAndStill(FuzzedDataProvider data) {
    String raw = data.consumeRemainingAsString();
    String text = Printable.text(raw);
    if (text.length() > raw.length() * 8L) {
      throw new AssertionError("grew from " + raw.length() + " to " + text.length());
    }
    text.codePoints()
        .forEach(c -> {
          boolean moves = c < ' ' && c != '\n' && c != '\t';
          boolean illegal = (c >= 0xd800 && c < 0xe000) || (c & 0xfffe) == 0xfffe;
          if (moves || illegal || (c >= 0x7f && c < 0xa0)) {
            throw new AssertionError("U+%04X is left in %s".formatted(c, text));
          }
        });
    if (!Printable.text(text).equals(text)) {
      throw new AssertionError("a second pass changes " + text);
    }
    String line = Printable.line(raw);
    if (line.indexOf('\n') >= 0
        || Columns.fit(line, 20).codePoints().map(Columns::width).sum() > 20) {
      throw new AssertionError("does not fit: " + line);
    }
  }
}
