package dev.bringup.console;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks for the first match of a mark in a view that grows, without searching any of it twice. */
final class MarkFinder {
  /** No mark is longer. */
  private static final int LONGEST = 256;

  private final Matcher matcher;
  private final boolean atLineStart;
  private int from;
  private int searched;
  private boolean found;

  /**
   * @param atLineStart whether the mark must stand behind a line end, noise lines included
   * @param from the index in the view's text from which to search
   */
  MarkFinder(String regex, boolean atLineStart, int from) {
    this.matcher = Pattern.compile(regex).matcher("");
    this.atLineStart = atLineStart;
    this.from = from;
    this.searched = from;
  }

  boolean isIn(ConsoleView view) {
    if (!found) {
      matcher.reset(view.text());
      found = matcher.find(Math.max(from, searched - LONGEST));
      while (found && atLineStart && !view.startsLine(matcher.start())) {
        from = matcher.end();
        found = matcher.find(from);
      }
      searched = view.text().length();
    }
    return found;
  }

  int start() {
    return matcher.start();
  }

  int end() {
    return matcher.end();
  }

  String group(int group) {
    String text = matcher.group(group);
    return text == null ? "" : text;
  }

  /** A group as a number; -1 if it is none that fits. */
  int number(int group) {
    String digits = group(group);
    return digits.isEmpty() || digits.length() > 9 ? -1 : Integer.parseInt(digits);
  }
}
