package dev.bringup.config;

import java.util.Collection;
import java.util.Optional;

/** How problems quote what people wrote, and guess what they meant. */
public final class Words {
  private static final int LONGEST_SHOWN = 60;
  private static final int LONGEST_COMPARED = 64;
  private static final int MOST_LISTED = 12;

  private Words() {}

  /** {@code text} in quotes, on one line, shortened. */
  public static String quote(String text) {
    return quote(text, LONGEST_SHOWN);
  }

  /** {@code text} in quotes, on one line, at most {@code longest} characters of it. */
  public static String quote(String text, int longest) {
    StringBuilder shown = new StringBuilder("\"");
    text.codePoints().limit(longest).forEach(c -> append(shown, c));
    if (text.codePointCount(0, text.length()) > longest) {
      shown.append("...");
    }
    return shown.append('"').toString();
  }

  private static void append(StringBuilder shown, int c) {
    switch (c) {
      case '\n' -> shown.append("\\n");
      case '\t' -> shown.append("\\t");
      case '\r' -> shown.append("\\r");
      default -> {
        // line and paragraph separators and direction marks would break or turn the line
        boolean plain =
            switch (Character.getType(c)) {
              case Character.CONTROL,
                  Character.FORMAT,
                  Character.SURROGATE,
                  Character.LINE_SEPARATOR,
                  Character.PARAGRAPH_SEPARATOR ->
                  false;
              default -> true;
            };
        if (plain) {
          shown.appendCodePoint(c);
        } else {
          shown.append("\\u%04x".formatted(c));
        }
      }
    }
  }

  /**
   * The rest of an "unknown ..." message: {@code ; did you mean "baud"?} if one of {@code known} is
   * near, else {@code ; } + {@code listing} + what is known.
   */
  public static String suggestion(String word, Collection<String> known, String listing) {
    return nearest(word, known)
        .map(near -> "; did you mean \"" + near + "\"?")
        .orElseGet(() -> known.isEmpty() ? "" : "; " + listing + " " + list(known));
  }

  private static String list(Collection<String> known) {
    String all = String.join(", ", known.stream().limit(MOST_LISTED).toList());
    return known.size() > MOST_LISTED ? all + ", ..." : all;
  }

  /**
   * The word of {@code known} that {@code word} is most likely a slip of, if any is near enough.
   */
  public static Optional<String> nearest(String word, Collection<String> known) {
    if (word.length() > LONGEST_COMPARED) {
      return Optional.empty();
    }
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String candidate : known) {
      int distance = distance(normal(word), normal(candidate));
      if (distance <= Math.max(1, candidate.length() / 3) && distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  // "memoryMap", "memory_map" and "Memory-Map" are all slips of "memory-map"
  private static String normal(String word) {
    StringBuilder plain = new StringBuilder();
    word.chars()
        .filter(c -> c != '-' && c != '_' && c != ' ')
        .forEach(c -> plain.append((char) Character.toLowerCase(c)));
    return plain.toString();
  }

  /** Damerau-Levenshtein: insertions, deletions, replacements and swaps of neighbours. */
  static int distance(String a, String b) {
    int[] beforePrevious = new int[b.length() + 1];
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(previous[j], row[j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforePrevious[j - 2] + 1);
        }
      }
      beforePrevious = previous;
      previous = row;
    }
    return previous[b.length()];
  }
}
