/** Emulated boards: what all engines share. */
@NullMarked
package dev.bringup.emulator;

import org.jspecify.annotations.NullMarked;
