package dev.bringup.console;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks for the first match of a mark in a text that grows, without searching any of it twice. */
final class MarkFinder {
  /** No mark is longer. */
  private static final int LONGEST = 256;

  private final Matcher matcher;
  private final int from;
  private int searched;
  private boolean found;

  MarkFinder(String regex, int from) {
    this.matcher = Pattern.compile(regex).matcher("");
    this.from = from;
    this.searched = from;
  }

  boolean isIn(CharSequence text) {
    if (!found) {
      matcher.reset(text);
      found = matcher.find(Math.max(from, searched - LONGEST));
      searched = text.length();
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
