/**
 * An Armv8.0-A CPU: AArch64 at EL0, EL1 and EL2, with the identity of a Cortex-A72. Section numbers
 * in comments are those of the Arm Architecture Reference Manual, DDI 0487.
 */
@NullMarked
package dev.bringup.emulator.aarch64;

import org.jspecify.annotations.NullMarked;
