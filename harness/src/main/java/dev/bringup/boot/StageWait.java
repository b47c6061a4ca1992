package dev.bringup.boot;

import dev.bringup.board.BootStage;
import java.time.Duration;

/**
 * One wait for a stage.
 *
 * @param from the recording's offset from which on its marks count
 * @param begun when the wait began, in board time
 * @param deadline when it ends at the latest, in board time
 */
record StageWait(BootStage target, long from, long begun, long deadline) {

  /** The same wait, for what comes behind {@code offset}. */
  StageWait behind(long offset) {
    return new StageWait(target, offset, begun, deadline);
  }

  StageTiming timing(int boot, long powerOnNanos, long end, boolean reached) {
    return new StageTiming(
        boot,
        target,
        Duration.ofNanos(begun - powerOnNanos),
        Duration.ofNanos(Math.max(0, end - begun)),
        Duration.ofNanos(deadline - begun),
        reached);
  }

  /** The limit in seconds, for messages. */
  String seconds() {
    return String.valueOf(Math.round((deadline - begun) / 1e8) / 10.0);
  }
}
