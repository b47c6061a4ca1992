package dev.bringup.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
  private static final Set<String> VOID = Set.of("meta", "link", "input");

  @Test
  void theFirstThingSeenIsTheVerdictAndWhatFailedAndWhy() {
    String page = page(SampleRun.run());
    int headline = page.indexOf("<h1>1 product failure, 1 infrastructure error, 1 unknown</h1>");
    int reason = page.indexOf("Failed to allocate requested dom0 memory");
    assertThat(headline).isPositive();
    assertThat(page.indexOf("<strong>12 min 42 s</strong>")).isBetween(headline, reason);
    assertThat(reason).isLessThan(page.indexOf("How long each boot stage took"));
    assertThat(Pattern.compile("<li class=\"b-(product|infra|unknown)\">").matcher(page).results())
        .extracting(m -> m.group(1))
        .containsExactly("product", "infra", "unknown");
  }

  @Test
  void everyScenarioCanBeFilteredByItsResult() {
    String page = page(SampleRun.run());
    assertThat(count(page, "<details[^>]* class=\"scn ")).isEqualTo(60);
    assertThat(count(page, "data-result=\"passed\"")).isEqualTo(54);
    assertThat(count(page, "data-result=\"skipped\"")).isEqualTo(3);
    assertThat(Pattern.compile("data-show=\"(\\w+)\"").matcher(page).results())
        .extracting(m -> m.group(1))
        .containsExactly("all", "product", "infra", "unknown", "passed", "skipped");
  }

  @Test
  void isWellFormedAndItsLinksLeadSomewhere() {
    for (RunReport run :
        List.of(
            SampleRun.run(),
            Reports.run(),
            Reports.run(Reports.SKIPPED, Reports.SKIPPED),
            Reports.everywhere(Reports.HOSTILE))) {
      String page = page(run);
      assertBalanced(page);
      Set<String> ids = new HashSet<>();
      for (Matcher m = Pattern.compile(" id=\"([^\"]+)\"").matcher(page); m.find(); ) {
        assertThat(ids.add(m.group(1))).as("id %s is used once", m.group(1)).isTrue();
      }
      for (Matcher m = Pattern.compile("href=\"#([^\"]+)\"").matcher(page); m.find(); ) {
        assertThat(ids).contains(m.group(1));
      }
    }
  }

  @Test
  void needsNothingFromAnywhereElse() {
    String page = HtmlReport.write(SampleRun.run(), _ -> true);
    assertThat(page).doesNotContainPattern("https?://|//[a-z]+\\.|@import|src=|url\\((?!#)");
    assertThat(Pattern.compile("href=\"([^\"]*)\"").matcher(page).results())
        .extracting(m -> m.group(1))
        .isNotEmpty()
        .allMatch(link -> link.startsWith("#") || link.startsWith("./") || link.equals("data:,"));
  }

  @Test
  void linksOnlyToFilesThatExist() {
    RunReport run = Reports.run(Reports.PRODUCT);
    String page = HtmlReport.write(run, "folder/console.log"::equals);
    assertThat(page)
        .contains("<a href=\"./folder/console.log\">console.log</a>")
        .doesNotContain("tftp.jsonl");
  }

  @Test
  void theContentSecurityPolicyNamesExactlyTheOneStyleAndTheOneScript() throws Exception {
    String page = page(Reports.everywhere(Reports.HOSTILE));
    for (String tag : List.of("style", "script")) {
      Matcher m = Pattern.compile("<" + tag + ">(.*?)</" + tag + ">", Pattern.DOTALL).matcher(page);
      assertThat(m.find()).isTrue();
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(m.group(1).getBytes(StandardCharsets.UTF_8));
      String hash = Base64.getEncoder().encodeToString(digest);
      assertThat(page).contains(tag + "-src &#39;sha256-" + hash + "&#39;");
      assertThat(count(page, "<" + tag)).isEqualTo(1);
    }
    // attributes that the policy would not let pass
    String unquoted = page.replaceAll("\"[^\"<>]*\"", "\"\"");
    assertThat(unquoted).doesNotContainPattern("<[^>]* (style|on[a-z]+)=");
  }

  @Test
  void whatABoardPrintsIsTextAndNothingElse() {
    String page = page(Reports.everywhere(Reports.HOSTILE));
    assertThat(page).doesNotContain("alert(1)</script>").doesNotContain("<img");
    assertThat(page).contains("&lt;/script&gt;&lt;script&gt;alert(1)");
    page.codePoints()
        .forEach(c -> assertThat(c == '\n' || c == '\t' || (c >= ' ' && c != 0x7f)).isTrue());
    assertThat(page).contains("␀", "⟨U+202E⟩").doesNotContain("\u001b", "\u202e");
  }

  @Test
  void randomTextNeverBreaksThePage() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String alphabet = "<>&\"'/=-! \n\0abcscript";
    for (int round = 0; round < 100; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 40; i++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        assertBalanced(page(Reports.everywhere(text.toString())));
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ", round " + round + ", text " + text, e);
      }
    }
  }

  @Test
  void anEmptyRunSaysSo() {
    assertThat(page(Reports.run())).contains("<h1>Nothing ran</h1>", "0 scenarios");
    assertThat(page(Reports.run(Reports.SKIPPED)))
        .contains("<h1>Nothing ran</h1>", "no capability Snapshots");
  }

  @Test
  void theConsoleShowsTheFailureLineAndWhatIsLeftOut() {
    ConsoleExcerpt console = Reports.console(10_000, 5_000, "z".repeat(3_000));
    String page =
        page(
            Reports.run(
                List.of(Reports.scenario("huge", Reports.PRODUCT, Reports.evidence(console)))));
    assertThat(page.length()).isLessThan(400_000);
    assertThat(count(page, "<tr class=\"hit\">")).isEqualTo(1);
    assertThat(page)
        .contains("<tr class=\"hit\"><td>50.000</td><td>500000</td>")
        .contains("… 4940 lines before, in console.log", "… 4799 lines after, in console.log");
  }

  @Test
  void fiveHundredFailedScenariosStayCollapsedAndSmallEnoughToOpen() {
    List<ScenarioReport> scenarios = new ArrayList<>();
    ScenarioReport failed = SampleRun.run().scenarios().get(22);
    for (int i = 0; i < 500; i++) {
      scenarios.add(failed);
    }
    String page = page(Reports.run(scenarios));
    assertThat(page.length()).isLessThan(12_000_000);
    assertThat(page).doesNotContain("<details open");
    assertThat(page).contains("All 500 boots in order");
  }

  @Test
  void aStageThatWasNotReachedIsDrawnAndSaidAsSuch() {
    StageSpan firmware =
        new StageSpan(
            1, "firmware", Duration.ZERO, Duration.ofMillis(600), Duration.ofSeconds(5), true);
    StageSpan bootloader =
        new StageSpan(
            1,
            "bootloader",
            Duration.ofMillis(600),
            Duration.ofMinutes(2),
            Duration.ofMinutes(2),
            false);
    Evidence evidence =
        new Evidence(
            "firmware",
            "on",
            ConsoleExcerpt.NONE,
            List.of(firmware, bootloader),
            List.of(),
            List.of());
    String page = page(Reports.run(List.of(Reports.scenario("s", Reports.PRODUCT, evidence))));
    assertThat(page)
        .contains("s: firmware 0.6 s, limit 5.0 s; bootloader 2 min 00 s, not reached, limit")
        .contains("<td class=\"n\">0 of 1</td>")
        .contains("class=\"used over\"")
        // the wait in vain runs off the chart instead of squeezing what was reached
        .contains("› 2 min 01 s");
  }

  private static String page(RunReport run) {
    return HtmlReport.write(run, _ -> false);
  }

  private static long count(String page, String pattern) {
    return Pattern.compile(pattern).matcher(page).results().count();
  }

  /** Every tag is closed in order, and every attribute value is quoted. */
  private static void assertBalanced(String page) {
    String markup = page.replaceFirst("(?s)<style>.*?</style>", "<style></style>");
    markup = markup.replaceFirst("(?s)<script>.*?</script>", "<script></script>");
    Deque<String> open = new ArrayDeque<>();
    Pattern tag =
        Pattern.compile("<(/?)([a-zA-Z0-9!]+)((?: [a-zA-Z0-9-]+(?:=\"[^\"<>]*\")?)*)>|<|>");
    for (Matcher m = tag.matcher(markup); m.find(); ) {
      String name = m.group(2);
      assertThat(name).as("stray bracket before %s", rest(markup, m.start())).isNotNull();
      if (name.equals("!DOCTYPE") || VOID.contains(name)) {
        continue;
      }
      if (m.group(1).isEmpty()) {
        open.push(name);
      } else {
        assertThat(open.poll()).as("closed before %s", rest(markup, m.start())).isEqualTo(name);
      }
    }
    assertThat(open).isEmpty();
  }

  private static String rest(String markup, int at) {
    return markup.substring(at, Math.min(markup.length(), at + 200));
  }
}
