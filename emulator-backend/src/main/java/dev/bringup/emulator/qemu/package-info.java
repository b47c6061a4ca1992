/**
 * Boards emulated by {@code qemu-system-aarch64}; nothing outside of this package knows of QEMU.
 */
@NullMarked
package dev.bringup.emulator.qemu;

import org.jspecify.annotations.NullMarked;
