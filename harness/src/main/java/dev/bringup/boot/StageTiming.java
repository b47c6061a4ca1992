package dev.bringup.boot;

import dev.bringup.board.BootStage;
import java.time.Duration;

/**
 * How long a board took to one stage.
 *
 * @param boot number of the boot since the session was opened, from 1
 * @param sincePowerOn board time from this boot's power-on to when the stage before was reached
 * @param duration board time from there to the stage's mark, or to the end of the wait
 * @param limit the time that it was given
 * @param reached whether the mark was seen
 */
public record StageTiming(
    int boot,
    BootStage stage,
    Duration sincePowerOn,
    Duration duration,
    Duration limit,
    boolean reached) {}
