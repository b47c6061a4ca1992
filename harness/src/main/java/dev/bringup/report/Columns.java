package dev.bringup.report;

/** Counts columns of a terminal. */
final class Columns {
  private Columns() {}

  /** The longest beginning of {@code text} that fits, with an ellipsis if something is cut. */
  static String fit(String text, int columns) {
    int used = 0;
    int fits = 0; // end of the longest beginning that leaves room for the ellipsis
    for (int at = 0; at < text.length(); ) {
      int point = text.codePointAt(at);
      used += width(point);
      if (used > columns) {
        return text.substring(0, fits) + "…";
      }
      at += Character.charCount(point);
      if (used < columns) {
        fits = at;
      }
    }
    return text;
  }

  /** Columns of a printable character, after Unicode Standard Annex 11 in broad strokes. */
  static int width(int point) {
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(point) ? 2 : 1;
    };
  }

  private static boolean isWide(int point) {
    return point >= 0x1100
        && (point <= 0x115f
            || (point >= 0x2e80 && point <= 0xa4cf)
            || (point >= 0xac00 && point <= 0xd7a3)
            || (point >= 0xf900 && point <= 0xfaff)
            || (point >= 0xfe30 && point <= 0xfe6f)
            || (point >= 0xff00 && point <= 0xff60)
            || (point >= 0xffe0 && point <= 0xffe6)
            || (point >= 0x1f300 && point <= 0x1faff)
            || (point >= 0x20000 && point <= 0x3fffd));
  }
}
