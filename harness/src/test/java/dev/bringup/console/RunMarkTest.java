package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.console.RunMark.Failed.Deed;
import dev.bringup.time.FakeClock;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a run notes in a recording is read back as it was meant. */
class RunMarkTest {
  private static ConsoleEvent event(String text) {
    return new ConsoleEvent.Mark(0, 0, text);
  }

  @Test
  void eachMarkIsReadBack() {
    for (RunMark mark :
        List.of(
            new RunMark.ScenarioBegins("a \"b\" begins\nand ends"),
            new RunMark.ScenarioEnds(),
            new RunMark.AtStage("bootloader", "=> "),
            new RunMark.AtStage("dom0", ""),
            new RunMark.Network("10.0.2.2", "10.0.2.15"),
            new RunMark.FaultArmed("every 5th byte: lost", -3),
            new RunMark.FaultsDisarmed(),
            new RunMark.PowerReads("unknown", 12),
            new RunMark.AboutTyping("typed again"),
            new RunMark.AboutTyping("input to dom0"),
            new RunMark.Failed(Deed.TYPING, true, FailureKind.PROTOCOL, "a (b): c", "d (e)"),
            new RunMark.Failed(Deed.POWER_READING, false, FailureKind.UNKNOWN, "why", null))) {
      assertThat(RunMark.of(event(mark.text()))).contains(mark);
    }
  }

  @Test
  void otherMarksAreNobodys() {
    for (String text :
        List.of(
            "power on",
            "typing failed, somehow: x",
            "typing failed",
            "armed with seed 9999999999999999999: x",
            "the power reads as on",
            "fault: 1 byte lost",
            "the board is at ")) {
      assertThat(RunMark.of(event(text))).as(text).isEmpty();
    }
  }

  @Test
  void aFailureIsToldOnOneLineAndIsTheSameAgain() {
    var failure = BringupException.infrastructure("no port\n  at all", "look\nthere");
    RunMark.Failed told = RunMark.Failed.of(Deed.POWER_ON, false, failure);
    assertThat(told.text())
        .isEqualTo("power on failed, infrastructure: no port; at all (hint: look; there)");
    assertThat(told.exception().kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
    assertThat(told.exception().hint()).contains("look; there");
  }

  @Test
  void aPromptIsNotedIfItStandsAloneOnTheLastLine() {
    try (var recording = Recording.inMemory("b", new FakeClock())) {
      assertThat(RunMark.AtStage.of("s", recording).line()).isEmpty();
      recording.append("x => ".getBytes(StandardCharsets.US_ASCII));
      assertThat(RunMark.AtStage.of("s", recording).line()).as("no line begins").isEmpty();
      recording.append("\r\n=> ".getBytes(StandardCharsets.US_ASCII));
      assertThat(RunMark.AtStage.of("s", recording).line()).isEqualTo("=> ");
      recording.append("\u001b[6n".getBytes(StandardCharsets.US_ASCII));
      assertThat(RunMark.AtStage.of("s", recording).line()).as("not printable").isEmpty();
    }
  }
}
