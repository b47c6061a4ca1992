package dev.bringup.cli;

import dev.bringup.artifact.FetchProgress;
import dev.bringup.report.BoardProgress;

/** Fetching in the midst of a run: a line for each new activity that takes time. */
final class Announced implements FetchProgress {
  private final BoardProgress progress;
  private String last = "";

  Announced(BoardProgress progress) {
    this.progress = progress;
  }

  @Override
  public void update(String doing, long done, long total) {
    if (!doing.equals(last) && !doing.startsWith("checking")) {
      last = doing;
      progress.print(System.err, doing + "\n");
    }
  }
}
