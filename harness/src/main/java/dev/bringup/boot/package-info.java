/** Takes a board from stage to stage, measures how long that takes and says why it failed. */
@NullMarked
package dev.bringup.boot;

import org.jspecify.annotations.NullMarked;
