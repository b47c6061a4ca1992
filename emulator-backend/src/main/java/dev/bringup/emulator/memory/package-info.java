/** The physical address space of an emulated machine: RAM in the host's memory, and devices. */
@NullMarked
package dev.bringup.emulator.memory;

import org.jspecify.annotations.NullMarked;
