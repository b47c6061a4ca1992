/** The board's time: the only clock that waits and deadlines may use. */
@NullMarked
package dev.bringup.time;

import org.jspecify.annotations.NullMarked;
