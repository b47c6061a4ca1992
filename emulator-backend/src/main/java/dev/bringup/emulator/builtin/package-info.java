/** The engine {@code builtin}: boards that are machines inside this JVM, in virtual time. */
@NullMarked
package dev.bringup.emulator.builtin;

import org.jspecify.annotations.NullMarked;
