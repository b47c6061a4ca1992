package dev.bringup.console;

import java.util.List;

/**
 * Any of some patterns, compiled to be looked for in one pass over the bytes. Immutable; make it
 * once and use it often.
 */
public final class Expectation {
  private final PatternSet set;

  private Expectation(PatternSet set) {
    this.set = set;
  }

  /** Any of {@code patterns}; of two that are certain at the same byte the earlier one wins. */
  public static Expectation anyOf(List<ConsolePattern> patterns) {
    return new Expectation(new PatternSet(patterns));
  }

  /** Any of {@code patterns}. */
  public static Expectation of(ConsolePattern... patterns) {
    return anyOf(List.of(patterns));
  }

  public List<ConsolePattern> patterns() {
    return set.patterns;
  }

  PatternSet set() {
    return set;
  }

  /** The names of the patterns, for messages. */
  @Override
  public String toString() {
    return String.join(" or ", patterns().stream().map(p -> '"' + p.name() + '"').toList());
  }
}
