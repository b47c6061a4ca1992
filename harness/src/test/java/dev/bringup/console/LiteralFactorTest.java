package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;

class LiteralFactorTest {
  @Test
  void findsTheLongestTextThatMustBeThere() {
    assertThat(LiteralFactor.of("^Xen version (\\d+)")).containsExactly("Xen version ");
    assertThat(LiteralFactor.of("Unable to .* at 0x[0-9a-f]+")).containsExactly("Unable to ");
    assertThat(LiteralFactor.of("(foo|barbaz) x")).containsExactly("foo", "barbaz");
    assertThat(LiteralFactor.of("panic|oops")).containsExactly("panic", "oops");
    assertThat(LiteralFactor.of("ab*cde")).containsExactly("cde");
    assertThat(LiteralFactor.of("xy+z")).containsExactly("xy");
    assertThat(LiteralFactor.of("\\[ *\\d+\\.\\d{6}\\] usb")).containsExactly("] usb");
    assertThat(LiteralFactor.of("(?<name>login): ")).containsExactly("login");
    assertThat(LiteralFactor.of("(?!not)here")).containsExactly("here");
    assertThat(LiteralFactor.of("(?<!not)here")).containsExactly("here");
  }

  @Test
  void findsNoneWhereItIsNotSure() {
    for (String syntax :
        List.of(
            "a|\\d+",
            "(abc)?",
            "(abc)*",
            "(abc){0,3}",
            "(?i)abc",
            "(?x)a bc",
            "\\Qab\\E",
            "\\x41bc",
            "[abc]+",
            ".*",
            "a",
            "(?=abc)")) {
      assertThat(LiteralFactor.of(syntax)).as(syntax).isEmpty();
    }
  }

  @Test
  void everyMatchContainsAFactor() {
    String[] parts = {
      "ab", "c", "(", ")", "|", "*", "+", "?", "{2}", "{0,1}", "[ab]", "[^a]", ".", "\\d", "\\.",
      "^", "$", "(?:", "(?=", "(?!", "(?<=", "(?<n>", "bca", "]", "}", "(?i)", "\\Q", "{", "\\b"
    };
    int compared = 0;
    for (int seed = 0; seed < 100_000; seed++) {
      var random = new Random(seed);
      var syntax = new StringBuilder();
      for (int i = random.nextInt(7); i >= 0; i--) {
        syntax.append(parts[random.nextInt(parts.length)]);
      }
      List<String> factors = LiteralFactor.of(syntax.toString());
      Pattern pattern;
      try {
        pattern = Pattern.compile(syntax.toString());
      } catch (PatternSyntaxException e) {
        continue;
      }
      if (factors.isEmpty()) {
        continue;
      }
      for (int i = 0; i < 20; i++) {
        var text = new StringBuilder();
        for (int n = random.nextInt(10); n >= 0; n--) {
          text.append("abcabc1.]".charAt(random.nextInt(9)));
        }
        if (pattern.matcher(text).find()) {
          compared++;
          assertThat(factors)
              .as("seed %d: %s found in %s", seed, syntax, text)
              .anyMatch(factor -> text.indexOf(factor) >= 0);
        }
      }
    }
    assertThat(compared).isGreaterThan(1000);
  }
}
