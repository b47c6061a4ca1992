/** The A64 instruction set: one table of encodings, its decoder and its disassembler. */
@NullMarked
package dev.bringup.emulator.aarch64.isa;

import org.jspecify.annotations.NullMarked;
