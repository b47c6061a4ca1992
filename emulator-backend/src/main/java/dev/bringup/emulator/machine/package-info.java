/** The machines that the emulator can be: which devices there are, where, and in whose time. */
@NullMarked
package dev.bringup.emulator.machine;

import org.jspecify.annotations.NullMarked;
