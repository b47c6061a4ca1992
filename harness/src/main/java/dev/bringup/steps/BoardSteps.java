package dev.bringup.steps;

import static dev.bringup.steps.Checks.check;

import dev.bringup.board.BoardFile;
import dev.bringup.board.BootStage;
import dev.bringup.boot.BootFailure;
import dev.bringup.units.ByteSize;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.Verdict;
import io.cucumber.java.en.Given;
import io.cucumber.java.en.Then;
import io.cucumber.java.en.When;
import java.time.Duration;
import java.util.Optional;
import org.opentest4j.TestAbortedException;

/** Choosing a board and taking it from boot stage to boot stage. */
public final class BoardSteps {
  private final Bench bench;

  public BoardSteps(Bench bench) {
    this.bench = bench;
  }

  /** Skips the scenario on boards without this label. */
  @Given("a board that can run {string}")
  public void aBoardThatCanRun(String label) {
    BoardFile board = bench.board();
    if (!board.labels().getOrDefault(label, "false").equals("true")) {
      throw new TestAbortedException(
          "board %s cannot run \"%s\"; its labels are %s"
              .formatted(board.name(), label, board.labels()));
    }
  }

  /** Skips the scenario on boards without this label or with less memory. */
  @Given("a board that can run {string} with {size} of memory")
  public void aBoardThatCanRun(String label, ByteSize memory) {
    aBoardThatCanRun(label);
    ByteSize has = bench.board().memory();
    if (has.bytes() < memory.bytes()) {
      throw new TestAbortedException(
          "board %s has %s of memory, less than %s".formatted(bench.board().name(), has, memory));
    }
  }

  /** Leaves a board that is at this stage as it is, and boots any other to it. */
  @Given("the board is at {stage}")
  public void theBoardIsAt(BootStage stage) {
    bench.session().ensureAt(stage, bench.configuration());
  }

  /** Boots the board; one that is at or past the stage is restarted. */
  @When("the board boots to {stage}")
  public void theBoardBootsTo(BootStage stage) {
    bench.session().bootTo(stage, bench.configuration(), Optional.empty());
  }

  /** Boots the board in at most this time; one that is at or past the stage is restarted. */
  @When("the board boots to {stage} within {duration}")
  public void theBoardBootsTo(BootStage stage, Duration limit) {
    bench.session().bootTo(stage, bench.configuration(), Optional.of(limit));
  }

  /** Boots a board that is expected to fail on the way; later steps judge how. */
  @When("the board tries to boot to {stage}")
  public void theBoardTriesToBootTo(BootStage stage) {
    tryToBootTo(stage, Optional.empty());
  }

  /** As long as this is allowed to take. */
  @When("the board tries to boot to {stage} within {duration}")
  public void theBoardTriesToBootTo(BootStage stage, Duration limit) {
    tryToBootTo(stage, Optional.of(limit));
  }

  private void tryToBootTo(BootStage stage, Optional<Duration> limit) {
    bench.failed(null); // an earlier try is not this one
    try {
      bench.session().bootTo(stage, bench.configuration(), limit);
    } catch (BootFailure failure) {
      bench.failed(failure);
    }
  }

  @When("the board is switched off")
  public void theBoardIsSwitchedOff() {
    bench.session().off();
  }

  /** Cuts the power; the next step that needs the board starts it. */
  @When("the board is power-cycled")
  public void theBoardIsPowerCycled() {
    bench.session().bootTo(BootStage.FIRMWARE, bench.configuration(), Optional.empty());
  }

  /** Judges an expected boot failure: who is to blame, and the name of what showed it. */
  @Then("the boot fails with a(n) {verdict} because of {string}")
  public void theBootFails(Verdict verdict, String cause) {
    BootFailure failure = bench.bootFailure();
    check(
        failure.kind().verdict() == verdict && failure.evidence().cause().equalsIgnoreCase(cause),
        "the boot failed with %s because of \"%s\": %s",
        failure.kind().verdict().text(),
        failure.evidence().cause(),
        failure.getMessage());
  }

  /** Judges what the console said about an expected boot failure. */
  @Then("the failure says {string}")
  public void theFailureSays(String text) {
    BootFailure failure = bench.bootFailure();
    check(
        failure.evidence().text().contains(text),
        "the evidence does not say \"%s\": %s",
        text,
        Checks.brief(failure.evidence().text()));
  }

  /** An expected boot failure was noticed in time, counted from the last byte that shows it. */
  @Then("the failure was noticed within {duration} of its evidence")
  public void theFailureWasNoticed(Duration limit) {
    Duration took = bench.bootFailure().evidence().noticedAfter();
    check(
        took.compareTo(limit) <= 0,
        "the failure was noticed %d ms after its evidence",
        took.toMillis());
  }

  /** The TFTP server refused this file during an expected boot failure. */
  @Then("the failure names the file {string}")
  public void theFailureNames(String file) {
    BringupException failure = bench.bootFailure();
    check(
        String.valueOf(failure.getMessage()).contains(file),
        "the failure does not name \"%s\": %s",
        file,
        failure.getMessage());
  }
}
