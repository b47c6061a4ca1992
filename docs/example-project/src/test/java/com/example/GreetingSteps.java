package com.example;

import dev.bringup.console.CommandResult;
import dev.bringup.steps.Bench;
import io.cucumber.java.en.Then;
import java.time.Duration;

/** Steps of this project, beside those of Bringup. */
public final class GreetingSteps {
  private final Bench bench;

  public GreetingSteps(Bench bench) {
    this.bench = bench;
  }

  /** Asks the bootloader for its banner. */
  @Then("the bootloader greets with {string}")
  public void theBootloaderGreetsWith(String greeting) {
    CommandResult banner = bench.session().runInBootloader("version", Duration.ofSeconds(10));
    if (!banner.output().contains(greeting)) {
      throw new AssertionError("the bootloader did not say \"" + greeting + "\"");
    }
  }
}
