/** What a board says and hears: recordings, cursors, expectations, typing at prompts. */
@NullMarked
package dev.bringup.console;

import org.jspecify.annotations.NullMarked;
