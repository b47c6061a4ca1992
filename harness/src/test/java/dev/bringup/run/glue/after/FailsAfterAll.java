package dev.bringup.run.glue.after;

import io.cucumber.java.AfterAll;

/** A hook of the run that fails. */
public final class FailsAfterAll {
  @AfterAll
  public static void fails() {
    throw new IllegalStateException("no such bench");
  }
}
