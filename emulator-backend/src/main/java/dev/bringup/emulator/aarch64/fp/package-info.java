/**
 * Floating point and Advanced SIMD: registers, arithmetic to the bit, and their loads and stores.
 */
@NullMarked
package dev.bringup.emulator.aarch64.fp;

import org.jspecify.annotations.NullMarked;
