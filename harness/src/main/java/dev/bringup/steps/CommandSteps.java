package dev.bringup.steps;

import static dev.bringup.steps.Checks.check;

import io.cucumber.java.en.Then;

/** Judging the scenario's last command, wherever it ran. */
public final class CommandSteps {
  private final Bench bench;

  public CommandSteps(Bench bench) {
    this.bench = bench;
  }

  @Then("the command succeeds")
  public void theCommandSucceeds() {
    Checks.succeeded(bench.lastResult());
  }

  @Then("the command fails")
  public void theCommandFails() {
    check(
        bench.lastResult().exitCode() != 0,
        "\"%s\" succeeded and said: %s",
        bench.lastResult().command(),
        Checks.brief(bench.lastResult().output()));
  }

  @Then("the command fails with exit code {int}")
  public void theCommandFails(int exitCode) {
    check(
        bench.lastResult().exitCode() == exitCode,
        "\"%s\" ended with exit code %d",
        bench.lastResult().command(),
        bench.lastResult().exitCode());
  }

  /** The whole output, but for white space around it. */
  @Then("the output is {string}")
  public void theOutputIs(String text) {
    check(
        Checks.output(bench.lastResult()).strip().equals(text.strip()),
        "the output is: %s",
        Checks.brief(bench.lastResult().output()));
  }

  @Then("the output contains {string}")
  public void theOutputContains(String text) {
    check(
        Checks.output(bench.lastResult()).contains(text),
        "the output does not contain \"%s\": %s",
        text,
        Checks.brief(bench.lastResult().output()));
  }
}
