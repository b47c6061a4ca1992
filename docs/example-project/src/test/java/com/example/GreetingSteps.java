package com.example;

import dev.bringup.boot.BootSession;
import dev.bringup.steps.Bench;
import io.cucumber.java.en.Then;

/** Steps of this project, beside those of Bringup. */
public final class GreetingSteps {
  private final Bench bench;

  public GreetingSteps(Bench bench) {
    this.bench = bench;
  }

  /** Judges all that the console has said since the board was switched on. */
  @Then("the bootloader greets with {string}")
  public void theBootloaderGreetsWith(String greeting) {
    BootSession session = bench.session();
    String said = session.recording().text(session.bootOffset(), session.recording().end());
    if (!said.contains(greeting)) {
      throw new AssertionError("the bootloader did not say \"" + greeting + "\"");
    }
  }
}
