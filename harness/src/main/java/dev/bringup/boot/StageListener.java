package dev.bringup.boot;

import dev.bringup.board.BootStage;

/** Hears of a board's progress, on the thread that boots it. */
@FunctionalInterface
public interface StageListener {
  /** The board has reached {@code stage}. */
  void reached(BootStage stage);
}
