package dev.bringup.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the step that somebody who mistyped one probably meant. */
final class StepSuggestions {
  private final List<String> patterns = new ArrayList<>();

  void add(String pattern) {
    patterns.add(pattern);
  }

  /** The known step whose words come nearest to {@code text}, if most of them do. */
  Optional<String> nearest(String text) {
    String[] words = text.split("\\s+");
    String best = null;
    double bestScore = 0.5;
    for (String pattern : patterns) {
      double score = likeness(words, pattern.split("\\s+"));
      if (score > bestScore) {
        bestScore = score;
        best = pattern;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Twice the longest common subsequence of words, by the words of both; 0 to 1. */
  private static double likeness(String[] text, String[] pattern) {
    int[][] common = new int[text.length + 1][pattern.length + 1];
    for (int i = 0; i < text.length; i++) {
      for (int j = 0; j < pattern.length; j++) {
        common[i + 1][j + 1] =
            text[i].equals(pattern[j])
                ? common[i][j] + 1
                : Math.max(common[i][j + 1], common[i + 1][j]);
      }
    }
    return 2.0 * common[text.length][pattern.length] / (text.length + pattern.length);
  }
}
