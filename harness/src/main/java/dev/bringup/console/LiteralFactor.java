package dev.bringup.console;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds texts of which every match of a regular expression contains at least one, so that the
 * expression need be tried only on lines that contain one. Conservative: whatever it does not
 * understand has no factor.
 */
final class LiteralFactor {
  /** Shorter texts are in too many lines to be worth looking for. */
  private static final int SHORTEST = 2;

  /** More alternatives than this are not worth their states. */
  private static final int MOST = 16;

  private final String syntax;
  private int at;
  private boolean understood = true;

  private LiteralFactor(String syntax) {
    this.syntax = syntax;
  }

  /** The texts, as chars below 256; empty if there are none. */
  static List<String> of(String syntax) {
    // Flags change what letters mean, quotations what everything means.
    if (syntax.contains("\\Q") || syntax.contains("(?i") || hasInlineFlags(syntax)) {
      return List.of();
    }
    var parser = new LiteralFactor(syntax);
    List<String> factors = parser.alternatives();
    return parser.understood && parser.at == syntax.length() ? factors : List.of();
  }

  private static boolean hasInlineFlags(String syntax) {
    for (int i = syntax.indexOf("(?"); i >= 0; i = syntax.indexOf("(?", i + 2)) {
      if (i + 2 < syntax.length() && ":=!<>".indexOf(syntax.charAt(i + 2)) < 0) {
        return true;
      }
    }
    return false;
  }

  /** Each alternative needs a factor, else there is none for all. */
  private List<String> alternatives() {
    List<String> all = sequence();
    boolean complete = !all.isEmpty();
    all = new ArrayList<>(all);
    while (at < syntax.length() && syntax.charAt(at) == '|') {
      at++;
      List<String> next = sequence();
      complete &= !next.isEmpty();
      all.addAll(next);
    }
    return complete && all.size() <= MOST ? all : List.of();
  }

  /** The best factor of a sequence: the one whose shortest text is longest. */
  private List<String> sequence() {
    List<String> best = List.of();
    var run = new StringBuilder();
    while (at < syntax.length() && syntax.charAt(at) != '|' && syntax.charAt(at) != ')') {
      char c = syntax.charAt(at);
      List<String> group = List.of();
      int literal = -1;
      switch (c) {
        case '(' -> group = group();
        case '[' -> skipClass();
        case '.', '^', '$' -> at++;
        case '\\' -> literal = escape();
        default -> {
          understood &= "{*+?".indexOf(c) < 0; // repeats nothing
          literal = c;
          at++;
        }
      }
      Repeat repeat = quantifier();
      if (literal >= 0 && repeat != Repeat.MAYBE_NONE) {
        run.append((char) literal);
      }
      if (literal < 0 || repeat != Repeat.ONCE) {
        best = better(best, run);
        run.setLength(0);
        if (repeat != Repeat.MAYBE_NONE && shortest(group) > shortest(best)) {
          best = group;
        }
      }
    }
    return better(best, run);
  }

  private static List<String> better(List<String> best, StringBuilder run) {
    return run.length() >= SHORTEST && run.length() > shortest(best)
        ? List.of(run.toString())
        : best;
  }

  private static int shortest(List<String> texts) {
    return texts.stream().mapToInt(String::length).min().orElse(0);
  }

  /** Reads a group; only plain, named and non-capturing ones must be there to match. */
  private List<String> group() {
    at++;
    boolean counts = true;
    if (syntax.startsWith("?:", at)) {
      at += 2;
    } else if (syntax.startsWith("?", at)) {
      int name = syntax.startsWith("?<", at) ? syntax.indexOf('>', at) : -1;
      boolean named = name > 0 && Character.isLetter(syntax.charAt(at + 2));
      counts = named || syntax.startsWith("?>", at);
      at = named ? name + 1 : at + 2;
      if (!counts && at < syntax.length() && syntax.charAt(at - 1) == '<') {
        at++; // look-behind: (?<= or (?<!
      }
    }
    List<String> factors = alternatives();
    if (at < syntax.length() && syntax.charAt(at) == ')') {
      at++;
    } else {
      understood = false;
    }
    return counts ? factors : List.of();
  }

  private void skipClass() {
    int depth = 0;
    while (at < syntax.length()) {
      char c = syntax.charAt(at++);
      if (c == '\\') {
        at++;
      } else if (c == '[') {
        depth++;
        if (at < syntax.length() && syntax.charAt(at) == '^') {
          at++;
        }
        if (at < syntax.length() && syntax.charAt(at) == ']') {
          understood = false; // dialects differ on a bracket in the first place
        }
      } else if (c == ']' && --depth == 0) {
        return;
      }
    }
    understood = false;
  }

  /** Reads an escape; the char that it stands for, or -1 if it stands for several or for none. */
  private int escape() {
    if (at + 1 >= syntax.length()) {
      understood = false;
      at = syntax.length();
      return -1;
    }
    char c = syntax.charAt(at + 1);
    at += 2;
    if (c < 0x80 && !Character.isLetterOrDigit(c)) {
      return c;
    }
    if ("dDwWsSbBhHvVRzZAG".indexOf(c) < 0) {
      understood = false; // code points, references, properties
    }
    return -1;
  }

  private enum Repeat {
    ONCE,
    AT_LEAST_ONCE,
    MAYBE_NONE
  }

  private Repeat quantifier() {
    if (at >= syntax.length()) {
      return Repeat.ONCE;
    }
    char c = syntax.charAt(at);
    Repeat repeat;
    switch (c) {
      case '?', '*' -> repeat = Repeat.MAYBE_NONE;
      case '+' -> repeat = Repeat.AT_LEAST_ONCE;
      case '{' -> {
        int close = syntax.indexOf('}', at);
        if (close < 0) {
          understood = false;
          at = syntax.length();
          return Repeat.MAYBE_NONE;
        }
        String least = syntax.substring(at + 1, close).split(",", 2)[0];
        boolean none = least.isEmpty() || least.chars().allMatch(d -> d == '0');
        repeat = none ? Repeat.MAYBE_NONE : Repeat.AT_LEAST_ONCE;
        at = close;
      }
      default -> {
        return Repeat.ONCE;
      }
    }
    at++;
    if (at < syntax.length() && (syntax.charAt(at) == '?' || syntax.charAt(at) == '+')) {
      at++; // reluctant or possessive
    }
    return repeat;
  }
}
