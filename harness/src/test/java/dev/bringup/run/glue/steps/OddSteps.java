package dev.bringup.run.glue.steps;

import io.cucumber.java.After;
import io.cucumber.java.en.When;
import org.opentest4j.TestAbortedException;

/** Steps that go wrong in odd ways. */
public final class OddSteps {
  private boolean skipped;

  @When("it passes")
  public void passes() {}

  @When("memory runs out")
  public void memoryRunsOut() {
    raise(new OutOfMemoryError("heap"));
  }

  @When("it throws two lines")
  public void throwsTwoLines() {
    raise(new IllegalStateException("one\ntwo"));
  }

  @When("it is skipped, and its hook fails")
  public void isSkipped() {
    skipped = true;
    throw new TestAbortedException("no such thing");
  }

  @After
  public void failsIfSkipped() {
    if (skipped) {
      throw new AssertionError("the hook failed");
    }
  }

  private static <T extends Throwable> void raise(T thrown) throws T {
    throw thrown;
  }
}
