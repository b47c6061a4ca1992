package dev.bringup.run.glue.twice;

import io.cucumber.java.en.When;

/** Two steps of the same words. */
public final class SameSteps {
  @When("it is there twice")
  public void one() {}

  @When("it is there twice")
  public void two() {}
}
