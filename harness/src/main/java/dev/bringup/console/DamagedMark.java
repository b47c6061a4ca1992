package dev.bringup.console;

/** Marks that the wire has damaged. */
final class DamagedMark {
  /** How much longer or shorter than the mark it may be. */
  private static final int SLACK = 4;

  /** How far from the end of a text a mark is looked for. */
  private static final int NEAR = 512;

  private DamagedMark() {}

  /** Whether one half of {@code token} is near the end of {@code text}, behind {@code from}. */
  static boolean isNear(CharSequence text, int from, String token) {
    int near = Math.max(from, text.length() - NEAR);
    String last = text.subSequence(near, text.length()).toString();
    int half = token.length() / 2;
    return last.contains(token.substring(0, half)) || last.contains(token.substring(half));
  }

  /**
   * Where a mark begins of which it is known what it should be.
   *
   * @return the index between {@code from} and {@code to} from which on {@code text} is most like
   *     {@code mark}; {@code to} if there is nothing like it
   */
  static int start(CharSequence text, int from, int to, String mark) {
    int end = to;
    while (end > from && (text.charAt(end - 1) == '\r' || text.charAt(end - 1) == '\n')) {
      end--;
    }
    int best = to;
    int most = mark.length() / 2;
    int first = Math.max(from, end - mark.length() - SLACK);
    for (int at = first; at <= Math.max(first, end - mark.length() + SLACK) && at <= end; at++) {
      int same = 0;
      while (at + same < end
          && same < mark.length()
          && text.charAt(at + same) == mark.charAt(same)) {
        same++;
      }
      int last = 0;
      while (last < mark.length() - same
          && end - 1 - last >= at + same
          && text.charAt(end - 1 - last) == mark.charAt(mark.length() - 1 - last)) {
        last++;
      }
      if (same + last >= most) {
        most = same + last;
        best = at;
      }
    }
    // Its first character may be there, with one bit flipped.
    boolean flipped =
        best > from
            && best < to
            && text.charAt(best) != mark.charAt(0)
            && Integer.bitCount(text.charAt(best - 1) ^ mark.charAt(0)) == 1;
    return flipped ? best - 1 : best;
  }
}
