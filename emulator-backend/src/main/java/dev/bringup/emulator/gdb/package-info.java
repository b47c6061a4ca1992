/**
 * Lets GDB look into a machine: the stub's side of the GDB remote serial protocol ("Debugging with
 * GDB", appendix E), for whatever implements {@link dev.bringup.emulator.gdb.DebugTarget}.
 */
@NullMarked
package dev.bringup.emulator.gdb;

import org.jspecify.annotations.NullMarked;
