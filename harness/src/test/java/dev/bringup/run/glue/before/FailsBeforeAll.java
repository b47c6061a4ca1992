package dev.bringup.run.glue.before;

import io.cucumber.java.BeforeAll;

/** A hook of the run that fails. */
public final class FailsBeforeAll {
  @BeforeAll
  public static void fails() {
    throw new IllegalStateException("no such bench");
  }
}
