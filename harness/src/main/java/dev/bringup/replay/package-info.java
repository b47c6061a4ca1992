/** Boards that are recordings: steps run against what a board once said. */
@NullMarked
package dev.bringup.replay;

import org.jspecify.annotations.NullMarked;
