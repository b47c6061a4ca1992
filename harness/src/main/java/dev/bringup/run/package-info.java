/** Runs features on boards and leaves the results in a run folder. */
@NullMarked
package dev.bringup.run;

import org.jspecify.annotations.NullMarked;
