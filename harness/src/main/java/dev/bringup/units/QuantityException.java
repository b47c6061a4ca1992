package dev.bringup.units;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;

/**
 * A quantity that cannot be read. The message is one line: what was written, what would be right.
 */
public final class QuantityException extends BringupException {
  private static final long serialVersionUID = 1L;

  /** The longest text that a quantity may have; anything longer is refused unread. */
  static final int MAX_LENGTH = 64;

  private static final int SHOWN = 24;

  QuantityException(String text, String rule) {
    super(FailureKind.CONFIGURATION, quote(text) + " " + rule, null, null);
  }

  private static String quote(String text) {
    StringBuilder shown = new StringBuilder("\"");
    text.codePoints()
        .limit(SHOWN)
        .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '\uFFFD' : c));
    return shown.append(text.codePointCount(0, text.length()) > SHOWN ? "...\"" : "\"").toString();
  }
}
