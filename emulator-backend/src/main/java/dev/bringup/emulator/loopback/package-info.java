/**
 * Emulated boards whose wires leave this process and come back as those of a real board: the engine
 * {@code loopback}, which proves the path to real boards without one.
 */
@NullMarked
package dev.bringup.emulator.loopback;

import org.jspecify.annotations.NullMarked;
