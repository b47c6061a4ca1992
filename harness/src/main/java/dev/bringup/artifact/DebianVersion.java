package dev.bringup.artifact;

import java.util.Comparator;

/** The order of Debian version numbers (Debian Policy, section 5.6.12; deb-version(7)). */
final class DebianVersion {
  /** Sorts texts that are versions, oldest first. Any text is accepted. */
  static final Comparator<String> ORDER = DebianVersion::compare;

  private DebianVersion() {}

  private static int compare(String a, String b) {
    int epochs = compareNumbers(epoch(a), epoch(b));
    if (epochs != 0) {
      return epochs;
    }
    String left = a.substring(a.indexOf(':') + 1);
    String right = b.substring(b.indexOf(':') + 1);
    int upstream = comparePart(upstream(left), upstream(right));
    return upstream != 0 ? upstream : comparePart(revision(left), revision(right));
  }

  private static String epoch(String version) {
    int colon = version.indexOf(':');
    return colon < 0 ? "" : version.substring(0, colon);
  }

  private static String upstream(String version) {
    int dash = version.lastIndexOf('-');
    return dash < 0 ? version : version.substring(0, dash);
  }

  private static String revision(String version) {
    int dash = version.lastIndexOf('-');
    return dash < 0 ? "" : version.substring(dash + 1);
  }

  /** Runs of other characters and runs of digits take turns. */
  private static int comparePart(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() || j < b.length()) {
      while (otherAt(a, i) || otherAt(b, j)) {
        int difference = weight(a, i) - weight(b, j);
        if (difference != 0) {
          return difference;
        }
        i++;
        j++;
      }
      int endA = endOfDigits(a, i);
      int endB = endOfDigits(b, j);
      int difference = compareNumbers(a.substring(i, endA), b.substring(j, endB));
      if (difference != 0) {
        return difference;
      }
      i = endA;
      j = endB;
    }
    return 0;
  }

  /** A tilde sorts before the end, the end before letters, letters before all else. */
  private static int weight(String text, int at) {
    if (at >= text.length() || digit(text.charAt(at))) {
      return 0;
    }
    char c = text.charAt(at);
    if (c == '~') {
      return -1;
    }
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter ? c : c + 0x10000;
  }

  private static boolean otherAt(String text, int at) {
    return at < text.length() && !digit(text.charAt(at));
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  private static int endOfDigits(String text, int from) {
    int end = from;
    while (end < text.length() && digit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /** Numbers of any length, so without a numeric type. */
  private static int compareNumbers(String a, String b) {
    String left = withoutLeadingZeros(a);
    String right = withoutLeadingZeros(b);
    return left.length() != right.length()
        ? Integer.compare(left.length(), right.length())
        : left.compareTo(right);
  }

  private static String withoutLeadingZeros(String digits) {
    int start = 0;
    while (start < digits.length() && digits.charAt(start) == '0') {
      start++;
    }
    return digits.substring(start);
  }
}
