/** Emulated devices, each after its data sheet, and what they need of the machine around them. */
@NullMarked
package dev.bringup.emulator.device;

import org.jspecify.annotations.NullMarked;
