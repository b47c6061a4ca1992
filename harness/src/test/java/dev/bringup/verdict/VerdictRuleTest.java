package dev.bringup.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class VerdictRuleTest {
  private static final LabFault WIRE = fault(VerdictRule.WIRE_LOST);
  private static final LabFault RECORDING = fault(VerdictRule.RECORDING_INCOMPLETE);
  private final BringupException product = BringupException.product("no prompt in time");
  private final BringupException infrastructure =
      BringupException.infrastructure("the outlet is stuck", "look at it");

  private static LabFault fault(VerdictRule rule) {
    return new LabFault(rule, rule.text(), null);
  }

  private static VerdictRule rule(Throwable failure, LabFault... faults) {
    return VerdictRule.decide(failure, List.of(faults)).rule();
  }

  private static Optional<Verdict> passed(LabFault... faults) {
    return VerdictRule.decide(null, List.of(faults)).rule().verdict();
  }

  /** A failure that names its rule. */
  private static BringupException named(VerdictRule rule, FailureKind kind) {
    return new BringupException(kind, "seen on the console", null, null) {
      private static final long serialVersionUID = 1L;

      @Override
      public Optional<VerdictRule> rule() {
        return Optional.of(rule);
      }
    };
  }

  @Test
  void thePageListsTheRulesOfTheCodeInTheirOrderAndTheirVerdicts() throws Exception {
    Path page = Path.of(System.getProperty("bringup.root"), "docs", "verdicts.md");
    List<String> onThePage =
        Pattern.compile("(?m)^(\\d+)\\. \\*\\*([^*]+)\\*\\* \\(([^)]+)\\)")
            .matcher(Files.readString(page))
            .results()
            .map((MatchResult r) -> r.group(1) + " " + r.group(2) + ": " + r.group(3))
            .toList();
    var inOrder = List.of(VerdictRule.values());
    List<String> inTheCode =
        inOrder.stream()
            .map(rule ->
                "%d %s: %s".formatted(inOrder.indexOf(rule) + 1, rule.text(), verdict(rule)))
            .toList();
    assertThat(onThePage).isEqualTo(inTheCode);
  }

  private static String verdict(VerdictRule rule) {
    return rule.verdict()
        .map(Verdict::text)
        .orElse(rule == VerdictRule.SKIPPED ? "no verdict" : "as the pattern says");
  }

  @Test
  void theSchemaKnowsTheSameRules() throws Exception {
    Path schema = Path.of(System.getProperty("bringup.root"), "docs", "verdict.schema.json");
    String text = Files.readString(schema).replaceAll("\\s+", " ");
    String names =
        String.join(
            ", ",
            Arrays.stream(VerdictRule.values()).map(rule -> '"' + rule.text() + '"').toList());
    assertThat(text).contains("\"enum\": [" + names + "]");
  }

  @Test
  void aFailedAssertionIsTheBoardsAndSoIsAFailureThatWaitedInVain() {
    assertThat(rule(new AssertionError("x"))).isEqualTo(VerdictRule.ASSERTION_FAILED);
    assertThat(rule(product)).isEqualTo(VerdictRule.BOARD_FAILED);
    assertThat(VerdictRule.BOARD_FAILED.verdict()).contains(Verdict.PRODUCT_FAILURE);
  }

  @Test
  void aLabFaultMeanwhileOverridesWhateverWasSeenOfTheBoard() {
    var panic = named(VerdictRule.BAD_PATTERN, FailureKind.PRODUCT);
    var silence = named(VerdictRule.SILENT_SINCE_POWER_ON, FailureKind.UNKNOWN);
    for (LabFault fault :
        List.of(
            WIRE,
            RECORDING,
            fault(VerdictRule.POWER_NOT_CONFIRMED),
            fault(VerdictRule.TFTP_SERVER_FAILED))) {
      for (Throwable seen : List.of(product, new AssertionError("x"), panic, silence)) {
        VerdictRule.Decision decision = VerdictRule.decide(seen, List.of(fault));
        assertThat(decision.rule()).isEqualTo(fault.rule());
        assertThat(decision.rule().verdict()).contains(Verdict.INFRASTRUCTURE_ERROR);
        assertThat(decision.fault()).contains(fault);
      }
    }
  }

  @Test
  void whatFailsWhereFaultsWereInjectedIsTheirsUnlessItIsABugOrAMistake() {
    LabFault injected = fault(VerdictRule.INJECTED_FAULT);
    for (Throwable seen : List.of(product, new AssertionError("x"), infrastructure)) {
      VerdictRule.Decision decision = VerdictRule.decide(seen, List.of(WIRE, injected));
      assertThat(decision.rule()).isEqualTo(VerdictRule.INJECTED_FAULT);
      assertThat(decision.fault()).contains(injected);
    }
    assertThat(rule(new IllegalStateException("x"), injected)).isEqualTo(VerdictRule.TOOL_BUG);
    assertThat(rule(BringupException.configuration("x"), injected))
        .isEqualTo(VerdictRule.WRONG_INPUT);
    assertThat(rule(BringupException.cancelled("x"), injected)).isEqualTo(VerdictRule.INTERRUPTED);
    assertThat(passed(injected)).contains(Verdict.PASSED);
  }

  @Test
  void aFailureThatNamesItsInjectedFaultsNeedsNobodyToNameThemAgain() {
    var told = named(VerdictRule.INJECTED_FAULT, FailureKind.INFRASTRUCTURE);
    VerdictRule.Decision decision =
        VerdictRule.decide(told, List.of(fault(VerdictRule.INJECTED_FAULT)));
    assertThat(decision.rule()).isEqualTo(VerdictRule.INJECTED_FAULT);
    assertThat(decision.fault()).isEmpty();
    assertThat(rule(told)).as("in an earlier boot").isEqualTo(VerdictRule.INJECTED_FAULT);
  }

  @Test
  void onlyAnIncompleteRecordingTakesAPassBack() {
    assertThat(passed()).contains(Verdict.PASSED);
    assertThat(passed(WIRE)).contains(Verdict.PASSED);
    assertThat(passed(WIRE, RECORDING)).contains(Verdict.INFRASTRUCTURE_ERROR);
  }

  @Test
  void theLabsOwnFailureKeepsItsOwnWords() {
    VerdictRule.Decision decision = VerdictRule.decide(infrastructure, List.of(RECORDING, WIRE));
    assertThat(decision.rule()).isEqualTo(VerdictRule.LAB_FAILED);
    assertThat(decision.fault()).isEmpty();
    assertThat(rule(BringupException.protocol("x"))).isEqualTo(VerdictRule.LAB_FAILED);
  }

  @Test
  void aBadPatternIsWhatItsBoardFileCallsIt() {
    for (FailureKind kind :
        List.of(FailureKind.PRODUCT, FailureKind.INFRASTRUCTURE, FailureKind.UNKNOWN)) {
      assertThat(rule(named(VerdictRule.BAD_PATTERN, kind))).isEqualTo(VerdictRule.BAD_PATTERN);
    }
    assertThat(VerdictRule.BAD_PATTERN.verdict()).isEmpty();
  }

  @Test
  void silenceSincePowerOnAccusesNobody() {
    assertThat(rule(named(VerdictRule.SILENT_SINCE_POWER_ON, FailureKind.UNKNOWN)).verdict())
        .contains(Verdict.UNKNOWN);
    assertThat(rule(new BringupException(FailureKind.UNKNOWN, "x", null, null)).verdict())
        .contains(Verdict.UNKNOWN);
  }

  @Test
  void aBugOfOursIsUnknownWhateverTheLabDid() {
    assertThat(rule(new IllegalStateException("x"), WIRE, RECORDING))
        .isEqualTo(VerdictRule.TOOL_BUG);
    assertThat(rule(new StackOverflowError())).isEqualTo(VerdictRule.TOOL_BUG);
    assertThat(rule(new BringupException(FailureKind.BUG, "x", null, null), WIRE))
        .isEqualTo(VerdictRule.TOOL_BUG);
    assertThat(VerdictRule.TOOL_BUG.verdict()).contains(Verdict.UNKNOWN);
  }

  @Test
  void skippedIsNoVerdictAndNeitherMistakesNorInterruptionsAreTheBoards() {
    assertThat(rule(new TestAbortedException("no Snapshots"), WIRE)).isEqualTo(VerdictRule.SKIPPED);
    assertThat(VerdictRule.SKIPPED.verdict()).isEmpty();
    assertThat(rule(BringupException.configuration("x"), RECORDING))
        .isEqualTo(VerdictRule.WRONG_INPUT);
    assertThat(rule(BringupException.cancelled("x"), RECORDING)).isEqualTo(VerdictRule.INTERRUPTED);
  }

  @Test
  void eachRuleGivesTheVerdictOfTheKindThatItStandsFor() {
    for (FailureKind kind : FailureKind.values()) {
      assertThat(VerdictRule.of(kind).verdict()).as("%s", kind).contains(kind.verdict());
      assertThat(rule(new BringupException(kind, "x", null, null)))
          .as("%s", kind)
          .isEqualTo(VerdictRule.of(kind));
    }
  }
}
