package dev.bringup.console;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the chosen entry of a menu that shows it by colours: the text that looks like no other. */
final class MenuStyles {
  /** Entries may have an empty row between them. */
  private static final int FARTHEST = 2;

  /** Characters of one row that look alike, with at least one letter or digit. */
  private record Run(int row, int firstLetter, int style, String text) {
    int background() {
      return Style.background(style);
    }

    boolean isBeside(Run other) {
      int distance = Math.abs(row - other.row);
      return distance > 0 && distance <= FARTHEST && firstLetter == other.firstLetter;
    }
  }

  private MenuStyles() {}

  /**
   * The only text that has another background than all those near it that begin in the same column,
   * or, where backgrounds do not tell, that looks like no other one on the screen. Empty if there
   * is none or more than one.
   */
  static Optional<String> oddOne(int[][] glyphs, int[][] styles) {
    List<Run> runs = new ArrayList<>();
    for (int row = 0; row < glyphs.length; row++) {
      addRuns(runs, row, glyphs[row], styles[row]);
    }
    List<Run> entries = runs.stream().filter(run -> runs.stream().anyMatch(run::isBeside)).toList();
    List<Run> chosen = byBackground(entries);
    if (chosen.isEmpty()) {
      chosen = byStyle(entries, runs);
    }
    return chosen.size() == 1 ? Optional.of(chosen.getFirst().text()) : Optional.empty();
  }

  private static List<Run> byBackground(List<Run> entries) {
    Map<Integer, Integer> entriesOfBackground = new HashMap<>();
    entries.forEach(run -> entriesOfBackground.merge(run.background(), 1, Integer::sum));
    int most = entriesOfBackground.values().stream().max(Integer::compare).orElse(0);
    return entries.stream()
        .filter(run -> entriesOfBackground.getOrDefault(run.background(), 0) < most)
        .filter(run ->
            entries.stream()
                .filter(run::isBeside)
                .noneMatch(other -> other.background() == run.background()))
        .toList();
  }

  private static List<Run> byStyle(List<Run> entries, List<Run> runs) {
    Map<Integer, Integer> runsOfStyle = new HashMap<>();
    runs.forEach(run -> runsOfStyle.merge(run.style(), 1, Integer::sum));
    return entries.stream().filter(run -> runsOfStyle.getOrDefault(run.style(), 0) == 1).toList();
  }

  private static void addRuns(List<Run> runs, int row, int[] glyphs, int[] styles) {
    int from = 0;
    while (from < glyphs.length) {
      int to = from;
      int firstLetter = -1;
      var text = new StringBuilder();
      while (to < glyphs.length && styles[to] == styles[from]) {
        if (firstLetter < 0 && Character.isLetterOrDigit(glyphs[to])) {
          firstLetter = to;
        }
        if (!isFrame(glyphs[to])) {
          text.appendCodePoint(glyphs[to]);
        }
        to++;
      }
      if (firstLetter >= 0) {
        runs.add(new Run(row, firstLetter, styles[from], text.toString()));
      }
      from = to;
    }
  }

  private static boolean isFrame(int glyph) {
    return glyph == '|' || (glyph >= 0x2500 && glyph <= 0x257f);
  }
}
