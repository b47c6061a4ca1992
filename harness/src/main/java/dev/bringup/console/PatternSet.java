package dev.bringup.console;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Patterns compiled to be looked for together, in one pass. Immutable. */
final class PatternSet {
  final List<ConsolePattern> patterns;
  final Automaton automaton;

  /** For each text of the automaton, the pattern that it belongs to. */
  private final int[] owners;

  /** Whether some regular expression has no factor and must be tried on each line. */
  final boolean[] everyLine;

  final boolean anyEveryLine;

  PatternSet(List<ConsolePattern> patterns) {
    this.patterns = List.copyOf(patterns);
    everyLine = new boolean[patterns.size()];
    List<byte[]> texts = new ArrayList<>();
    List<Integer> textOwners = new ArrayList<>();
    boolean any = false;
    for (int i = 0; i < patterns.size(); i++) {
      switch (patterns.get(i)) {
        case ConsolePattern.Literal literal -> {
          texts.add(literal.bytes());
          textOwners.add(i);
        }
        case ConsolePattern.Regex regex -> {
          // The compiled form, in which characters beyond ASCII are bytes already.
          List<String> factors = LiteralFactor.of(regex.compiled().pattern());
          for (String factor : factors) {
            texts.add(factor.getBytes(StandardCharsets.ISO_8859_1));
            textOwners.add(i);
          }
          everyLine[i] = factors.isEmpty();
          any |= everyLine[i];
        }
      }
    }
    anyEveryLine = any;
    automaton = new Automaton(texts);
    owners = textOwners.stream().mapToInt(Integer::intValue).toArray();
  }

  int owner(int text) {
    return owners[text];
  }

  int size() {
    return patterns.size();
  }

  Pattern regex(int pattern) {
    return ((ConsolePattern.Regex) patterns.get(pattern)).compiled();
  }
}
