package dev.bringup.console;

import static dev.bringup.console.ConsolePattern.literal;
import static dev.bringup.console.ConsolePattern.prompt;
import static dev.bringup.console.ConsolePattern.regex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.console.PatternScanner.Hit;
import dev.bringup.verdict.BringupException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PatternScannerTest {
  /** Feeds a text in pieces, looking for undecided matches between them or not. */
  private static @Nullable Hit scan(
      List<ConsolePattern> patterns, String text, int piece, boolean settling) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    var scanner = new PatternScanner(new PatternSet(patterns), 0, (byte) '\n');
    for (int at = 0; at < bytes.length; at += piece) {
      Hit hit = scanner.feed(bytes, at, Math.min(piece, bytes.length - at));
      if (hit == null && settling) {
        hit = scanner.settle();
      }
      if (hit != null) {
        return hit;
      }
    }
    return scanner.finish();
  }

  private static @Nullable Hit scan(String text, ConsolePattern... patterns) {
    return scan(List.of(patterns), text, Integer.MAX_VALUE, false);
  }

  private static String found(String text, ConsolePattern... patterns) {
    Hit hit = scan(text, patterns);
    return hit == null
        ? "nothing"
        : hit.pattern() + "@" + hit.start() + "-" + hit.end() + " " + hit.groups();
  }

  @Test
  void aLiteralMatchesWithItsLastByte() {
    assertThat(scan("Hit any key", literal("any"))).isEqualTo(new Hit(0, 4, 7, 7, List.of("any")));
  }

  @Test
  void aPromptCountsAtTheStartOfALineOnly() {
    assertThat(found("a => b\r\n=> ", prompt("p", "=> "))).isEqualTo("0@8-11 [=> ]");
    assertThat(found("=> ", prompt("p", "=> "))).isEqualTo("0@0-3 [=> ]");
    assertThat(found("10%\r=> ", prompt("p", "=> "))).isEqualTo("0@4-7 [=> ]");
    assertThat(found("a => ", prompt("p", "=> "))).isEqualTo("nothing");
  }

  @Test
  void aRegexSeesOneLineWithoutItsEnd() {
    assertThat(
            found("a\r\nXen version 4.17.4\r\r\nb", regex("^Xen version (\\d+)\\.(\\d+)\\.\\d+$")))
        .isEqualTo("0@3-21 [Xen version 4.17.4, 4, 17]");
    assertThat(found("one\ntwo", regex("one.two"))).isEqualTo("nothing");
    assertThat(found("x\n\ny", regex("^$"))).isEqualTo("0@2-2 []");
    assertThat(found("10%\r20%\n", regex("1.*2"))).isEqualTo("0@0-5 [10%\r2]");
  }

  @Test
  void aRegexIsCertainWhereNoFurtherByteCouldChangeIt() {
    Hit hit = scan("version 4.17 (c/s)\n", regex("version ([0-9.]+)"));
    assertThat(hit).isEqualTo(new Hit(0, 0, 12, 13, List.of("version 4.17", "4.17")));
    assertThat(scan("BUG: x\n", regex("BUG: .*")))
        .isEqualTo(new Hit(0, 0, 6, 7, List.of("BUG: x")));
  }

  @Test
  void theFirstToBecomeCertainWins() {
    assertThat(found("abc", literal("bc"), literal("abc"), literal("ab"))).startsWith("2@0-2");
    assertThat(found("abc", literal("bc"), literal("abc"))).startsWith("0@1-3");
    assertThat(found("foo 12 bar\n", literal("bar"), regex("foo \\d+"))).startsWith("1@0-6");
    assertThat(found("foo 12 bar\n", literal("foo 12 "), regex("foo \\d+"))).startsWith("1@0-6");
    assertThat(found("foo 12 bar\n", literal("foo 12"), regex("foo \\d+"))).startsWith("0@0-6");
    assertThat(found("foo x bar\n", literal("bar"), regex("foo .*"))).startsWith("0@6-9");
  }

  @Test
  void charactersBeyondAsciiMatchTheirBytes() {
    assertThat(found("grün\n", literal("ü"))).isEqualTo("0@2-4 [ü]");
    assertThat(found("grüün\n", regex("gr(ü+)n"))).isEqualTo("0@0-7 [grüün, üü]");
  }

  @Test
  void aScanThatStartsWithinALineKnowsIt() {
    byte[] bytes = "abc\nabc\n".getBytes(StandardCharsets.UTF_8);
    var set = new PatternSet(List.of(regex("^b"), prompt("p", "b")));
    var scanner = new PatternScanner(set, 1, (byte) 'a');
    assertThat(scanner.feed(bytes, 1, bytes.length - 1)).isNull();
  }

  @Test
  void aLineWithoutEndIsSeenInStretches() {
    String text = "x".repeat(100_000) + "needle 42 " + "y".repeat(200_000);
    assertThat(found(text, regex("needle \\d+"))).startsWith("0@100000-100009");
    assertThat(found(text, regex("^needle"))).isEqualTo("nothing");
    assertThat(found("z".repeat(40_000) + text, regex("[0-9]{2} y"))).startsWith("0@140007-140011");
    Hit greedy = scan("needle " + "y".repeat(200_000), regex("needle.*"));
    assertThat(greedy).isNotNull();
    assertThat(greedy.end()).isEqualTo(PatternScanner.WINDOW);
  }

  @Test
  void whatIsFoundDoesNotDependOnHowTheBytesAreCut() {
    List<ConsolePattern> all =
        List.of(
            literal("ab"),
            literal("b\na"),
            prompt("p", "a"),
            literal("cc"),
            regex("a+b"),
            regex("^b.*c$"),
            regex("(a|bc)\\d"),
            regex("c.*?a"),
            regex("b(?=c)"),
            regex("c(?!a)b?"),
            regex("\\bab\\b"),
            regex("[ab]{3,}$"),
            regex("^\\s*$"),
            regex("a\r"),
            regex("cab|bac"));
    for (int seed = 0; seed < 20_000; seed++) {
      var random = new Random(seed);
      List<ConsolePattern> some = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        some.add(all.get(random.nextInt(all.size())));
      }
      var text = new StringBuilder();
      for (int i = random.nextInt(24); i >= 0; i--) {
        text.append("aabbcc1 \r\n".charAt(random.nextInt(10)));
      }
      Hit whole = scan(some, text.toString(), Integer.MAX_VALUE, false);
      for (int piece = 1; piece <= 3; piece++) {
        for (boolean settling : List.of(true, false)) {
          Hit cut = scan(some, text.toString(), piece, settling);
          assertThat(cut)
              .as("seed %d: %s in %s, pieces of %d, settling %s", seed, some, text, piece, settling)
              .isEqualTo(whole);
        }
      }
    }
  }

  @Test
  void cutsDoNotMatterForLinesLongerThanTheWindow() {
    List<ConsolePattern> patterns = List.of(regex("q\\d+"), regex("w[^q]*z"), literal("end"));
    for (int seed = 0; seed < 20; seed++) {
      var random = new Random(seed);
      var text = new StringBuilder("v".repeat(random.nextInt(70_000)));
      text.append(random.nextBoolean() ? "q" : "w").append("7".repeat(random.nextInt(80_000)));
      text.append("z\nend");
      Hit whole = scan(patterns, text.toString(), Integer.MAX_VALUE, false);
      for (int piece : List.of(1021, 4096, 65536)) {
        assertThat(scan(patterns, text.toString(), piece, true))
            .as("seed %d, pieces of %d", seed, piece)
            .isEqualTo(whole);
      }
    }
  }

  @Test
  void literalsAreFoundWhereverTheyAreInALargeBlock() {
    String longText = "long " + "l".repeat(3000);
    for (int seed = 0; seed < 3000; seed++) {
      var random = new Random(seed);
      var text = new StringBuilder();
      for (int n = 9000 + random.nextInt(20_000); n > 0; n--) {
        text.append((char) ('a' + random.nextInt(3)));
      }
      List<String> words = new ArrayList<>(List.of("needle", "dle\nx", "eedl"));
      if (random.nextInt(4) == 0) {
        words.add(longText);
      }
      text.insert(random.nextInt(text.length()), words.get(random.nextInt(words.size())));
      int first = Integer.MAX_VALUE;
      for (String word : words) {
        int at = text.indexOf(word);
        first = at < 0 ? first : Math.min(first, at + word.length());
      }
      List<ConsolePattern> patterns = words.stream().map(ConsolePattern::literal).toList();
      Hit hit = scan(patterns, text.toString(), Integer.MAX_VALUE, false);
      assertThat(hit).as("seed %d", seed).isNotNull();
      assertThat(hit.end()).as("seed %d", seed).isEqualTo(first);
    }
  }

  @Test
  void aRegexThatNeedsTooMuchStackIsTheWritersFault() {
    assertThatThrownBy(() -> scan("a".repeat(60_000) + "\n", regex("(a|b)*c")))
        .isInstanceOf(BringupException.class)
        .hasMessageContaining("cannot be matched against a line of 60000 bytes");
  }
}
