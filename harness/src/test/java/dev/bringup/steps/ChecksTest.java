package dev.bringup.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bringup.console.CommandResult;
import dev.bringup.console.CommandResult.Proof;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChecksTest {
  private static CommandResult result(Proof proof) {
    return new CommandResult("uname", 0, "Linxx\n", proof, false, 0, 1, Duration.ZERO);
  }

  @Test
  void noStepJudgesOutputThatTheWireHasDamaged() {
    assertThat(Checks.output(result(Proof.PROVEN))).isEqualTo("Linxx\n");
    assertThat(Checks.output(result(Proof.NONE))).isEqualTo("Linxx\n");
    var failure =
        catchThrowableOfType(BringupException.class, () -> Checks.output(result(Proof.DAMAGED)));
    assertThat(failure.kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
    assertThat(failure).hasMessageContaining("damaged on the wire").hasMessageContaining("Linxx");
  }
}
